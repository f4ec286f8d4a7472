"""`python -m tests.locks`: what is installed is what the lock files say, to the number, and every file of it has a hash."""

import re
import sys
from importlib.metadata import distributions
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

LOCKS = [Path("requirements/base.txt"), Path("requirements/dev.txt")]
# What makes a virtual environment brings these.
OUTSIDE = {"pip", "setuptools"}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)\s*(;(?P<marker>[^\\]+))?")


def pins(text: str) -> dict[str, tuple[str, bool]]:
    """Name -> version and whether it has a hash, of what is wanted on this machine."""
    found = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        pin = PIN.match(entry)
        if pin is None:
            raise ValueError(f"no pin: {entry.splitlines()[0]}")
        if pin["marker"] is None or Marker(pin["marker"].strip()).evaluate():
            found[canonicalize_name(pin["name"])] = (pin["version"], "--hash=sha256:" in entry)
    return found


def problems(locks: list[str], installed: dict[str, str]) -> list[str]:
    """What differs between the locks and an environment; the last lock holds all that is installed."""
    base, every = pins(locks[0]), pins(locks[-1])
    wrong = [f"{name} has no hash" for lock in (base, every) for name, (_version, hashed) in lock.items() if not hashed]
    differ = [name for name in base.keys() & every.keys() if base[name][0] != every[name][0]]
    wrong += [f"{name} is {base[name][0]} in one lock and {every[name][0]} in the other" for name in differ]
    wrong += [f"{name} is missing from the second lock" for name in base.keys() - every.keys()]
    wrong += [
        f"{name} {version} is not installed" for name, (version, _hashed) in every.items() if installed.get(name) != version
    ]
    wrong += [f"{name} is installed and in no lock" for name in installed.keys() - every.keys() - OUTSIDE]
    return sorted(wrong)


def main() -> None:
    installed = {canonicalize_name(found.name): found.version for found in distributions()}
    wrong = problems([lock.read_text(encoding="utf-8") for lock in LOCKS], installed)
    sys.stdout.write("".join(f"{problem}\n" for problem in wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
