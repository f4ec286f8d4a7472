"""Two or more people at the same moment, again and again: threads that stay, each with its connection to the database."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from portal.cases.models import Case
from portal.cases.operations import NotAllowed, StaleCase, performing

# SQLite writes one after another whatever we do; there a few rounds show that the road is the same.
ROUNDS = 200 if connection.vendor == "postgresql" else 10
Call = Callable[[], Case | None]
Outcome = Case | Exception | None
# Starts these calls at once and answers what each gave or raised, in their order.
Race = Callable[[Sequence[Call]], list[Outcome]]


@contextmanager
def racers(count: int) -> Iterator[Race]:
    """So many threads for any number of races of that many calls."""
    barrier = Barrier(count, timeout=20)

    def run(call: Call) -> Outcome:
        barrier.wait()
        try:
            return call()
        except (NotAllowed, StaleCase) as refused:
            return refused

    def leave(_: int) -> None:
        barrier.wait()  # so that each thread gets here, and none twice
        connection.close()

    with ThreadPoolExecutor(count) as pool:
        try:
            yield lambda calls: list(pool.map(run, calls))
        finally:
            list(pool.map(leave, range(count)))


def together(*calls: Call) -> list[Outcome]:
    """One race."""
    with racers(len(calls)) as race:
        return race(calls)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operations without lock and version."""

    def write(case: Case, **changes: Any) -> None:
        Case.objects.filter(pk=case.pk).update(**changes, version=F("version") + 1)
        case.refresh_from_db()

    monkeypatch.setattr(performing, "lock", lambda case: case)
    monkeypatch.setattr(performing, "write", write)
