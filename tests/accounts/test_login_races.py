"""Wrong passwords at the same moment: five are looked at and no more; and the control test that shows what the guard is for."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from portal.accounts import login_guard
from portal.accounts.models import LogInAttempt, User
from tests import hashers
from tests.captcha.solving import by_proof, solved

from .steps import LOGIN, text
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 9


def guess(username: str = "xiaoming", **typed: str) -> Callable[[], Any]:
    """A browser in which the form is filled and only the button is still to be pressed."""
    client = Client()
    answer = solved(text(client.get(LOGIN)))
    return lambda: client.post(LOGIN, {"username": username, "password": "wrong password 1", **answer, **typed})


@pytest.mark.parametrize("username", ["xiaoming", "nobody"])
def test_of_nine_guesses_at_once_five_are_looked_at(
    transactional_db: None, owner: User, settings: Settings, username: str
) -> None:
    settings.PASSWORD_HASHERS = ["tests.hashers.CountingHasher"]
    guesses = [guess(username) for _guess in range(AT_ONCE)]
    hashers.CountingHasher.calls = 0
    answers = at_once(*guesses)
    assert Counter(answer.status_code for answer in answers) == {200: 5, 429: 4}
    assert hashers.CountingHasher.calls == 5
    assert Counter(LogInAttempt.objects.values_list("outcome", flat=True)) == {"tried": 5, "wrong": 5, "locked": 4}


def test_without_one_after_another_all_nine_are_looked_at(
    transactional_db: None, owner: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control test: all count, none has failed yet, all go on to the hash."""
    settings.PASSWORD_HASHERS = ["tests.hashers.CountingHasher"]
    counted, locked_until = threading.Barrier(AT_ONCE), login_guard._locked_until

    def count_together(line: LogInAttempt) -> datetime | None:
        until = locked_until(line)
        counted.wait(10)
        return until

    monkeypatch.setattr(login_guard, "_serialise", lambda line: nullcontext())
    monkeypatch.setattr(login_guard, "_locked_until", count_together)
    guesses = [guess() for _guess in range(AT_ONCE)]
    hashers.CountingHasher.calls = 0
    answers = at_once(*guesses)
    assert {answer.status_code for answer in answers} == {200}
    assert hashers.CountingHasher.calls == AT_ONCE


def test_one_proof_at_once_answers_once(transactional_db: None, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.captcha.proof_of_work.BITS_ALONE", (2, 3, 4, 5))
    client = Client()
    proof = by_proof(text(client.get(LOGIN)))
    typed = {"username": "xiaoming", "password": "wrong password 1", **proof}
    at_once(*[lambda: Client().post(LOGIN, typed)] * 4)
    # What a response's `context` holds comes from whichever thread draws at that moment; the journal does not.
    assert LogInAttempt.objects.filter(outcome=LogInAttempt.Outcome.TRIED).count() == 1
