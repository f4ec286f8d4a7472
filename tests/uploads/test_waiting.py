"""Turns: so many at once, one a person, few who wait, and the others are said at once."""

import runpy
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from portal.settings import base
from portal.uploads import waiting
from portal.uploads.file_problems import FileProblem, FileRefused

PATIENCE = waiting.PATIENCE


@pytest.fixture
def held() -> Iterator[ExitStack]:
    """Turns that are held until the end of the test."""
    with ExitStack() as stack:
        yield stack


def refused(sender: int | None) -> tuple[FileProblem, float]:
    """Why the sender gets no turn, and after how long."""
    began = time.monotonic()
    with pytest.raises(FileRefused) as problem, waiting.turn(sender):
        pass
    return problem.value.reason, time.monotonic() - began


def test_as_many_people_as_turns_decode_at_once(held: ExitStack) -> None:
    for sender in range(1, waiting.RUNNING + 1):
        held.enter_context(waiting.turn(sender))
    reason, seconds = refused(99)
    assert (reason, seconds >= waiting.PATIENCE) == (FileProblem.BUSY, True)


def test_one_person_has_one_turn_and_leaves_the_other_to_others(held: ExitStack) -> None:
    held.enter_context(waiting.turn(1))
    assert refused(1)[0] is FileProblem.BUSY
    held.enter_context(waiting.turn(2))


def test_a_turn_that_ends_is_free_again() -> None:
    for _ in range(3):
        with waiting.turn(1), waiting.turn(2):
            pass
    with pytest.raises(ZeroDivisionError), waiting.turn(1):
        raise ZeroDivisionError
    with waiting.turn(1):
        pass


def _sixteen(senders: Iterator[int]) -> list[tuple[FileProblem, float]]:
    """Sixteen threads that want a turn while all are taken: what becomes of each, and after how long."""
    found: list[tuple[FileProblem, float]] = []

    def ask(sender: int) -> None:
        found.append(refused(sender))

    threads = [threading.Thread(target=ask, args=[next(senders)]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.5)


def test_the_web_server_has_threads_that_no_upload_takes() -> None:
    """And who waits as long as one may still has time for an ordinary file, within the five seconds of an answer."""
    server = runpy.run_path("deploy/gunicorn.conf.py")
    assert server["threads"] - waiting.PLACES >= 4
    assert 1 < base.UPLOAD_ANSWER_SECONDS - PATIENCE < base.UPLOAD_ANSWER_SECONDS < 5


def test_what_is_left_of_the_time_is_for_the_work(settings: Settings, held: ExitStack) -> None:
    first = held.enter_context(ExitStack())
    assert 29 < first.enter_context(waiting.turn(1)) <= settings.UPLOAD_ANSWER_SECONDS == 30
    held.enter_context(waiting.turn(2))
    threading.Timer(0.3, first.close).start()
    assert held.enter_context(waiting.turn(3)) <= 29.7


@pytest.mark.parametrize(("people", "waited"), [(1, waiting.PLACES_OF_ONE), (16, waiting.PLACES - waiting.RUNNING)])
def test_few_wait_and_the_rest_are_notified_at_once(held: ExitStack, people: int, waited: int) -> None:
    for sender in (101, 102):
        held.enter_context(waiting.turn(sender))
    found = _sixteen(iter([1 + number % people for number in range(16)]))
    assert {reason for reason, _ in found} == {FileProblem.BUSY}
    assert sum(seconds >= waiting.PATIENCE for _, seconds in found) == waited


def test_whoever_waits_gets_the_turn_that_becomes_free(held: ExitStack) -> None:
    first = held.enter_context(ExitStack())
    first.enter_context(waiting.turn(1))
    held.enter_context(waiting.turn(2))
    threading.Timer(0.2, first.close).start()
    with waiting.turn(3):
        pass
