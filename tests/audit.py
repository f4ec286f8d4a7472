"""`python -m tests.audit`: known vulnerabilities of the locked packages, by pip-audit; exit 75 where nobody can tell."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

NOBODY_ANSWERS = 75  # EX_TEMPFAIL


def verdict(said: str) -> tuple[int, str]:
    """Of pip-audit's report: 1 and the findings; 75 where a package was not found in the database, or nothing was; else 0."""
    try:
        packages: list[dict[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError):  # no report: it could not ask
        return NOBODY_ANSWERS, ""
    found = [f"{one['name']} {one['version']}: {vuln['id']}" for one in packages for vuln in one.get("vulns", [])]
    if found:
        return 1, "\n".join(found)
    asked = [one for one in packages if "vulns" in one]
    if len(asked) < len(packages) or not asked:
        return NOBODY_ANSWERS, f"{len(asked)} of {len(packages)} packages are known there"
    return 0, f"{len(asked)} packages"


def ask(service: str) -> tuple[int, str]:
    command = [Path(sys.executable).parent / "pip-audit", "--disable-pip", "--no-deps", "--progress-spinner", "off"]
    question = ["--vulnerability-service", service, "--timeout", "10", "--format", "json", "-r", "requirements/dev.txt"]
    try:
        done = subprocess.run([*command, *question], capture_output=True, text=True, check=False, timeout=180)
    except subprocess.TimeoutExpired:
        return NOBODY_ANSWERS, ""
    return verdict(done.stdout)


def main() -> None:
    """One database after the other, until one answers for all."""
    status, said = NOBODY_ANSWERS, ""
    for service in ("pypi", "osv"):
        status, said = ask(service)
        if status != NOBODY_ANSWERS:
            break
    sys.stdout.write(f"{said}\n" if said else "")
    sys.exit(status)


if __name__ == "__main__":
    main()
