"""What is asked on each database, and what on one of them (the mark `once`)."""

from collections.abc import Iterable
from typing import Any

import pytest


def roles(every: Iterable[str], *, on_each_database: Iterable[str]) -> list[Any]:
    """Parameters of a test that asks for every role: who is let in where is no matter of the database, what it makes of a
    question is; so these roles are enough to ask it."""
    return [pytest.param(role, marks=[] if role in on_each_database else [pytest.mark.once]) for role in sorted(every)]
