"""The day on which 王小明 applies."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from tests import people

NOON = dt.datetime.combine(people.TODAY, dt.time(4), dt.UTC)


@pytest.fixture
def today() -> Iterator[None]:
    """2026-11-23, at noon in Taipei."""
    with time_machine.travel(NOON, tick=False):
        yield
