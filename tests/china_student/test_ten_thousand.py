"""Ten thousand people of the agency's records ask for each of the three applications: how many hear what, and why."""

import datetime as dt
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.eligibility import check_permit
from portal.cases.kinds import CaseKind
from portal.china_student.kinds.extension import longest_stay
from portal.office_calendar.periods import period_end
from portal.records.operations import import_records
from portal.records.protocol import Match, Reason, Refusal
from tests import people
from tests.records.agency import Row, write
from tests.records.population import match_of, rows

from .applying import noon
from .test_rules import CALENDAR

TODAY, COUNT = people.TODAY, 10_000
EXCHANGE, EXTENSION, CHANGE = kinds.of_category(people.CATEGORY)
YES, UNKNOWN = "may apply", "查無此證號資料"
EARLY, LATE = "須於停留期間屆滿前3個月內始得申請", "須於停留期間屆滿前申請"


@cache
def population() -> list[tuple[Row, Row]]:
    return list(rows(COUNT, today=TODAY))


def answer(kind: CaseKind, match: Match) -> str:
    """What the permit check says to a number that is the person's own: the type first, then the kind's rules."""
    return said(
        kind.refusal(match, TODAY, CALENDAR) if match.permit.permit_type == kind.accepts else Refusal(Reason.UNKNOWN_NUMBER)
    )


def said(refusal: Refusal | Match | None) -> str:
    if not isinstance(refusal, Refusal):
        return YES
    return str(refusal.message) if refusal.reason is not Reason.NOT_ELIGIBLE else str(refusal.detail).partition("，")[0]


def answers(kind: CaseKind) -> Counter[str]:
    return Counter(answer(kind, match_of(*row)) for row in population())


def days(permit: Row, column: str) -> int:
    """How many days from today."""
    return (dt.date.fromisoformat(permit[column]) - TODAY).days


def test_every_fourth_holds_a_single_entry_permit() -> None:
    assert Counter(permit["permit_type"] for _who, permit in population()) == {"single": 2_500, "multiple": 7_500}


def test_who_may_exchange_a_permit() -> None:
    """The 7,500 others have no single-entry permit. Of 70 equally frequent days of entry, from 5 to 74 days ago, 59 do.

    Whoever came on 23 September, 61 days ago, has the stay end today, a Monday; who came on the 22nd or the 21st had it end
    on the weekend, and has today as well. Eleven days, from 64 to 74 days ago, are too late: of 2,500 some 393.
    """
    entered = Counter(-days(permit, "entered_on") for _who, permit in population() if permit["entered_on"])
    assert answers(EXCHANGE) == {
        UNKNOWN: 7_500,
        YES: sum(entered[ago] for ago in range(5, 64)),
        LATE: sum(entered[ago] for ago in range(64, 75)),
    }
    assert answers(EXCHANGE) == {UNKNOWN: 7_500, YES: 2_124, LATE: 376}


def test_who_may_have_a_stay_extended() -> None:
    """The 2,500 who came lately have no multiple-entry permit.

    Of eight equally frequent distances to its end three are within three months (10, 45 and 80 days), four beyond (100 to 600),
    and one is past (five days ago, a Wednesday).
    """
    left = Counter(days(permit, "stay_until") for _who, permit in population() if permit["permit_type"] == "multiple")
    assert answers(EXTENSION) == {
        UNKNOWN: 2_500,
        YES: left[10] + left[45] + left[80],
        EARLY: left[100] + left[200] + left[400] + left[600],
        LATE: left[-5],
    }
    assert answers(EXTENSION) == {UNKNOWN: 2_500, YES: 2_810, EARLY: 3_728, LATE: 962}


def test_whose_data_may_be_changed() -> None:
    """Whoever holds a multiple-entry permit that is valid: all but the eighth whose permit ended five days ago."""
    left = Counter(days(permit, "valid_until") for _who, permit in population() if permit["permit_type"] == "multiple")
    over = "此許可證的有效期限已於 2026/11/18 屆滿"
    assert answers(CHANGE) == {UNKNOWN: 2_500, YES: 7_500 - left[-5], over: left[-5]}
    assert answers(CHANGE) == {UNKNOWN: 2_500, YES: 6_538, over: 962}


def test_how_long_the_extensions_are() -> None:
    """They began 12 to 69 months ago, and 41 of 100 get six months.

    Half study for a bachelor's degree, for 48 months: 22 of the 58 months are beyond. A third is in a master's programme, of 36
    months: 34 of 58. A sixth is in a doctor's, of 60: 10 of 58.
    """
    found: Counter[str] = Counter()
    for match in (match_of(*row) for row in population()):
        if answer(EXTENSION, match) == YES:
            who, until = match.applicant, match.permit.stay_until
            end = longest_stay(match.permit, {"degree": who.degree, "enrolled_on": str(who.enrolled_on)}, TODAY)
            found[{period_end(until, 6): "six months", period_end(until, 24): "two years"}[end]] += 1
    assert found == {"six months": 1_162, "two years": 1_648}


@pytest.mark.django_db
def test_the_permit_check_over_the_records_says_the_same(tmp_path: Path) -> None:
    """The first two hundred, through the agency's files, the tables, the log-in's account and the check."""
    some = population()[:200]
    people.applicant()  # the school is there
    who, permits = (
        write(tmp_path / "applicants.csv", *(who for who, _ in some)),
        write(tmp_path / "permits.csv", *(p for _, p in some)),
    )
    import_records(applicants=who, permits=permits)
    accounts = [
        User(username=f"student{number}", category=people.CATEGORY, ui_no=who["ui_no"])
        for number, (who, _permit) in enumerate(some)
    ]
    for account, (applicant, permit) in zip(User.objects.bulk_create(accounts), some, strict=True):
        for kind in (EXCHANGE, EXTENSION, CHANGE):
            found = check_permit(kind, account, permit["permit_no"], now=noon(TODAY))
            assert said(found) == answer(kind, match_of(applicant, permit))
