"""Each failure that payments are built against has a number, and at least one test that bears it."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
WHERE: Final = ("payments", "contract", "sandbank")
NAMED: Final = re.compile(r"^def (test_([0-9]+(?:_[0-9]+)*)_\w+)\(", re.MULTILINE)
# 10 was never given to any.
FAILURES: Final = {number for number in range(1, 92) if number != 10}


def named() -> dict[int, list[str]]:
    """The tests of each number."""
    found: dict[int, list[str]] = defaultdict(list)
    for file in (file for folder in WHERE for file in sorted((TESTS / folder).glob("test_*.py"))):
        for name, numbers in NAMED.findall(file.read_text()):
            for number in numbers.split("_"):
                found[int(number)].append(f"{file.name}::{name}")
    return found


def test_every_failure_has_a_test_of_its_number() -> None:
    found = named()
    assert sorted(FAILURES - found.keys()) == []
    assert sorted(found.keys() - FAILURES) == []
