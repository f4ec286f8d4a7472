"""A paper is drawn by one process at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.downloads.alone import alone

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_second_waits_for_the_first_and_learns_that_it_was_not_the_first() -> None:
    entered = threading.Event()

    def second() -> bool:
        entered.set()
        with alone("x") as is_first:
            return is_first

    with ThreadPoolExecutor(1) as thread:
        with alone("x"):
            waiting = thread.submit(second)
            assert entered.wait(10)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=10) is False


def test_other_things_are_not_waited_for_and_what_was_let_go_is_free() -> None:
    with alone("x") as x, alone("y") as y:
        assert (x, y) == (True, True)
    with alone("x") as again:
        assert again is True


def test_it_is_let_go_by_whoever_fails() -> None:
    with pytest.raises(ZeroDivisionError), alone("x"):
        _ = 1 / 0
    with alone("x") as again:
        assert again is True


def test_patience_ends_and_the_other_keeps_its_hold() -> None:
    with alone("x"):
        with alone("x", patience=0) as is_first:
            assert is_first is False
        with alone("x", patience=0) as is_first:
            assert is_first is False
