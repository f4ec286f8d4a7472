"""`bin/demo` and `bin/dev` take a port, and lead to the address that a browser shows there (.ci/embedded)."""

import os
import subprocess
from pathlib import Path

import pytest

from portal.core.site.origins import is_origin


@pytest.mark.parametrize("command", ["demo", "dev"])
@pytest.mark.parametrize("port", ["0", "65536", "99999", "080", "-1", "http"])
def test_what_is_no_port_is_refused_before_anything_starts(command: str, port: str) -> None:
    done = subprocess.run([f"bin/{command}", "--port", port], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{command}: --port needs a number from 1 to 65535, not {port}\n"


@pytest.mark.parametrize(
    ("port", "address"),
    [("8000", "http://localhost:8000"), ("8080", "http://localhost:8080"), ("80", "http://localhost")],
)
def test_the_address_is_the_browsers(port: str, address: str, tmp_path: Path) -> None:
    script = f'. .ci/embedded; port={port}; use_embedded_parts portal.settings.demo; printf %s "$BASE_URL"'
    env = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path)}
    said = subprocess.run(["bash", "-c", f"command=demo; {script}"], env=env, capture_output=True, text=True, check=True).stdout
    assert said == address
    assert is_origin(said)
