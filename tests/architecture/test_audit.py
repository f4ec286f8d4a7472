"""What `bin/check` makes of pip-audit's report: silence is not a good sign."""

import json
from typing import Any

import pytest

from tests.audit import NOBODY_ANSWERS, verdict

CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "CVE-2026-0001", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found and could not be audited: c (3)"}


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([CLEAN], 0, "1 packages"),
        ([CLEAN, BAD, SKIPPED], 1, "b 2: CVE-2026-0001"),
        ([CLEAN, SKIPPED], NOBODY_ANSWERS, "1 of 2 packages are known there"),
        ([SKIPPED], NOBODY_ANSWERS, "0 of 1 packages are known there"),
        ([], NOBODY_ANSWERS, "0 of 0 packages are known there"),
    ],
)
def test_a_report_is_good_only_when_every_package_was_looked_up(packages: list[Any], status: int, said: str) -> None:
    assert verdict(json.dumps({"dependencies": packages, "fixes": []})) == (status, said)


@pytest.mark.parametrize("said", ["", "ERROR:pip_audit:no route to host"])
def test_no_report_is_no_answer(said: str) -> None:
    assert verdict(said) == (NOBODY_ANSWERS, "")
