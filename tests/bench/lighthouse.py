"""`bin/bench lighthouse`: Lighthouse (mobile) on the public pages in every language; anything below 100 is notified and fails.

The portal runs on embedded parts. Node.js 18 or newer and npm must be there; Lighthouse itself is pinned in lighthouse_js/.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.servers import Portal

PAGES = ("", "student/entry/", "student/entry/china-student/", "china-student/individual/login/")
LANGUAGES = ("/", "/en/", "/zh-hans/")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def install(folder: Path) -> Path:
    """Lighthouse in `folder`, as the lock file says."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).parent / "lighthouse_js" / name, folder)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True)
    return folder / "node_modules" / ".bin" / "lighthouse"


def ask(lighthouse: Path, address: str) -> dict[str, Any]:
    """Lighthouse's whole report of one page."""
    command = [str(lighthouse), address, "--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags={FLAGS}"]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": chromium})
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def faults(report: dict[str, Any]) -> list[str]:
    """Every audit that costs a point."""
    return [
        f"{name}: {audit['id']} {report['audits'][audit['id']]['score']}"
        for name, category in report["categories"].items()
        for audit in category["auditRefs"]
        if audit["weight"] and (report["audits"][audit["id"]]["score"] or 0) < 1 and category["score"] < 1
        if report["audits"][audit["id"]]["score"] is not None
    ]


def run() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch:
        lighthouse = install(Path(scratch))
        with Portal("embedded", Path(scratch), QUERY_COUNT="0") as portal:
            print("\nlighthouse, mobile: performance / accessibility / best practices / search engines\n")
            for path in (language + page for page in PAGES for language in LANGUAGES):
                report = ask(lighthouse, portal.base_url + path)
                scores = [round(category["score"] * 100) for category in report["categories"].values()]
                found = faults(report)
                wrong += scores != [100] * 4
                print(f"{path:45} {' / '.join(map(str, scores))}", *found, sep="\n    ")
    return 1 if wrong else 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    sys.exit(run())
