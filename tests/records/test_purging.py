"""Questions to the records go after half a year, and nobody fills the log with them."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.china_student.identity import SINGLE
from portal.records import lookup, purging
from portal.records.models import LookupLog
from portal.records.protocol import Reason, Refusal
from portal.records.tasks import purge
from tests.factories.cases import NOW


def logged(at: dt.datetime, count: int = 1, outcome: str = "matched") -> None:
    LookupLog.objects.bulk_create(
        LookupLog(asked_at=at, question="permit", asker="7", key_hash="x", outcome=outcome) for _ in range(count)
    )


@pytest.mark.django_db
def test_a_question_goes_after_half_a_year() -> None:
    now = timezone.now()
    logged(now - purging.LOOKUP_LIFE)
    logged(now - purging.LOOKUP_LIFE + dt.timedelta(seconds=60))
    assert purge() == 1
    assert LookupLog.objects.count() == 1
    assert purge() == 0


def ask(asker: str, now: dt.datetime) -> Reason | None:
    answer = lookup.match_permit("115000000015", SINGLE, category="china-student", ui_no="A890000002", asker=asker, now=now)
    return answer.reason if isinstance(answer, Refusal) else None


@pytest.mark.django_db
def test_of_one_asker_so_many_questions_an_hour_are_answered_and_written_down() -> None:
    logged(NOW, lookup.QUESTIONS_LOGGED - 1)
    assert ask("7", NOW) is Reason.UNKNOWN_NUMBER
    assert ask("7", NOW) is Reason.TOO_MANY
    assert LookupLog.objects.count() == lookup.QUESTIONS_LOGGED
    assert ask("8", NOW) is Reason.UNKNOWN_NUMBER
    assert ask("7", NOW + lookup.LOG_WINDOW) is Reason.UNKNOWN_NUMBER
