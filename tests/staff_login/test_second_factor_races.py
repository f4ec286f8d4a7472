"""Wrong codes of the second factor at the same moment: five are looked at and no more; and the control without the lock."""

import threading
from contextlib import nullcontext
from datetime import datetime

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.staff_login import second_factor
from portal.throttling import limits
from tests.accounts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 9


def wrong_codes_at_once(officer: User) -> list[bool]:
    """Whether each was looked at."""
    now = timezone.now()
    answers = at_once(*[lambda: second_factor.verify(officer, "000000", network="192.0.2.1", now=now)] * AT_ONCE)
    return [answer is False for answer in answers]


def test_of_nine_codes_at_once_five_are_looked_at(transactional_db: None, officer: User) -> None:
    assert sum(wrong_codes_at_once(officer)) == 5
    subject = f"user:{officer.pk} 192.0.2.1"
    assert limits.hits(limits.SECOND_FACTOR, subject).count() == 5


def test_control_without_the_lock_all_nine_are_looked_at(
    transactional_db: None, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, full_until = threading.Barrier(AT_ONCE), second_factor._full_until

    def count_together(user: User, network: str, *, now: datetime) -> datetime | None:
        until = full_until(user, network, now=now)
        counted.wait(10)
        return until

    monkeypatch.setattr(second_factor, "_serialise", lambda user: nullcontext())
    monkeypatch.setattr(second_factor, "_full_until", count_together)
    assert sum(wrong_codes_at_once(officer)) == AT_ONCE
