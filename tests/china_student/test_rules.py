"""就讀辦法 and 許可辦法 as pure functions: both sides of every edge, on the office calendar of 2025 to 2027."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.china_student import rules
from portal.china_student.identity import MULTIPLE, SINGLE
from portal.office_calendar.periods import period_end
from portal.records.protocol import ApplicantRecord, Match, PermitRecord, Reason, Refusal
from tests.office_calendar.files import shipped

D = dt.date
WANG = ApplicantRecord(
    category="china-student",
    ui_no="A890000002",
    chinese_name="王小明",
    english_name="WANG, XIAOMING",
    gender="0",
    birth_date=D(2004, 5, 6),
    birth_place="31",
    papers={
        "person_id": "310104200405060010",
        "travel_document_no": "L10000001",
        "travel_document_expiry": "2031-01-01",
    },
    school_code="0003",
    school_name="國立臺灣大學",
    department="資訊工程學系",
    degree="B",
    student_no="B115000001",
    enrolled_on=D(2026, 9, 1),
)
ENTERED = D(2026, 11, 2)
A_DAY = dt.timedelta(days=1)
CALENDAR = shipped()


def permit(entered_on: dt.date | None = ENTERED, *, revoked: bool = False, superseded: bool = False) -> PermitRecord:
    """WANG's single-entry permit."""
    return PermitRecord(
        permit_no="115000000015",
        ui_no=WANG.ui_no,
        permit_type=SINGLE,
        issued_on=D(2026, 10, 20),
        valid_until=D(2027, 1, 20),
        entered_on=entered_on,
        stay_until=period_end(entered_on or ENTERED, 2),
        revoked=revoked,
        superseded=superseded,
    )


def multiple(until: dt.date, **changes: Any) -> PermitRecord:
    """WANG's multiple-entry permit, which ends on that day."""
    known = {"permit_type": MULTIPLE, "valid_until": until, "stay_until": until, "permit_no": "115100000025", "entered_on": None}
    return replace(permit(), **{**known, **changes})


def detail(refusal: Refusal | None) -> str:
    assert refusal
    assert refusal.reason is Reason.NOT_ELIGIBLE
    return str(refusal.detail)


# The stay: its last day is in, the next is out


@pytest.mark.parametrize(
    ("entered_on", "last_day"),
    [
        (D(2026, 11, 3), D(2027, 1, 4)),  # the period ends on Sunday 2027-01-03: Monday
        (D(2026, 11, 2), D(2027, 1, 4)),  # Saturday 2027-01-02: Monday
        (D(2026, 11, 4), D(2027, 1, 4)),  # Monday itself
        (D(2026, 11, 5), D(2027, 1, 5)),  # Tuesday
        (D(2025, 12, 31), D(2026, 3, 2)),  # two months from 1 January end on Saturday 28 February: Monday
        (D(2026, 12, 30), D(2027, 3, 2)),  # no 31 February: the month's last day, a Sunday, and Monday is a holiday
        (D(2027, 12, 30), D(2028, 2, 29)),  # a leap year
        (D(2027, 12, 28), D(2028, 2, 28)),  # and its day before the last
        (D(2026, 6, 30), D(2026, 8, 31)),  # 31 August is the day before 1 September
        (D(2025, 12, 13), D(2026, 2, 13)),  # the last working day before Lunar New Year
        (D(2025, 12, 14), D(2026, 2, 23)),  # the first day of Lunar New Year's holidays: nine days later
        (D(2025, 12, 17), D(2026, 2, 23)),  # New Year's Day itself
        (D(2026, 2, 3), D(2026, 4, 7)),  # 清明 on a Friday, and the Monday after it
        (D(2026, 7, 25), D(2026, 9, 29)),  # 中秋 on a Friday, and the Monday of 9/28
        (D(2024, 12, 8), D(2025, 2, 8)),  # a Saturday on which offices work (補行上班)
        (D(2024, 12, 9), D(2025, 2, 10)),  # the Sunday after it
    ],
)
def test_the_last_day_of_the_stay_is_in_and_the_next_is_out(entered_on: dt.date, last_day: dt.date) -> None:
    held = permit(entered_on)
    assert rules.within_stay(Match(WANG, held), last_day, CALENDAR) is None
    assert rules.within_stay(Match(WANG, held), last_day + A_DAY, CALENDAR) is not None


def test_too_late_says_when_the_stay_ended() -> None:
    said = detail(rules.within_stay(Match(WANG, permit()), D(2027, 1, 5), CALENDAR))
    assert said == "須於停留期間屆滿前申請，停留期間已於 2027/01/02 屆滿"


# The entry


@pytest.mark.parametrize(("today", "allowed"), [(D(2026, 11, 1), False), (D(2026, 11, 2), True), (D(2026, 11, 3), True)])
def test_from_the_day_of_entry(today: dt.date, allowed: bool) -> None:
    assert (rules.must_have_entered(Match(WANG, permit()), today, CALENDAR) is None) is allowed


def test_without_entry_there_is_nothing_to_exchange() -> None:
    said = detail(rules.must_have_entered(Match(WANG, permit(None)), D(2026, 11, 23), CALENDAR))
    assert said == "查無持此證入境的紀錄，請於入境後再申請"


# The window of an extension


@pytest.mark.parametrize(
    ("until", "opens_on"),
    [
        (D(2021, 9, 10), D(2021, 6, 10)),  # the manual's years
        (D(2026, 5, 31), D(2026, 2, 28)),  # no 31 February
        (D(2026, 5, 30), D(2026, 2, 28)),
        (D(2026, 5, 28), D(2026, 2, 28)),
        (D(2028, 5, 31), D(2028, 2, 29)),  # a leap year
        (D(2028, 5, 29), D(2028, 2, 29)),
        (D(2028, 2, 29), D(2027, 11, 29)),
        (D(2026, 12, 31), D(2026, 9, 30)),  # no 31 September
        (D(2026, 8, 31), D(2026, 5, 31)),
        (D(2026, 1, 15), D(2025, 10, 15)),  # over the turn of the year
        (D(2026, 5, 17), D(2026, 2, 17)),  # Lunar New Year's Day: a beginning does not move
        (D(2025, 5, 8), D(2025, 2, 8)),  # a make-up workday
    ],
)
def test_an_extension_opens_three_months_before_the_stay_ends(until: dt.date, opens_on: dt.date) -> None:
    held = Match(WANG, multiple(until))
    assert rules.in_the_last_three_months(held, opens_on, CALENDAR) is None
    refused = rules.in_the_last_three_months(held, opens_on - A_DAY, CALENDAR)
    assert refused == Refusal(Reason.TOO_EARLY, opens_on=opens_on, words="須於停留期間屆滿前3個月內始得申請")
    assert refused.message == "須於停留期間屆滿前3個月內始得申請"


# Other permits


@pytest.mark.parametrize(
    ("other", "allowed"),
    [
        (multiple(D(2026, 11, 23)), False),  # valid through its last day
        (multiple(D(2026, 11, 22)), True),
        (multiple(D(2028, 1, 1)), False),
        (multiple(D(2028, 1, 1), revoked=True), True),
        (multiple(D(2028, 1, 1), superseded=True), True),
        (multiple(D(2028, 1, 1), permit_type=SINGLE), True),
    ],
)
def test_who_holds_a_valid_multiple_permit_gets_no_second_one(other: PermitRecord, allowed: bool) -> None:
    found = rules.no_valid_multiple_permit(Match(WANG, permit(), (permit(), other)), D(2026, 11, 23), CALENDAR)
    assert (found is None) is allowed
    if found:
        assert detail(found) == "您已持有有效的多次入出境許可證（許可證號碼 115100000025）"


def test_a_permit_is_exchanged_once() -> None:
    assert rules.not_exchanged(Match(WANG, permit()), D(2026, 11, 23), CALENDAR) is None
    said = detail(rules.not_exchanged(Match(WANG, permit(superseded=True)), D(2026, 11, 23), CALENDAR))
    assert said == "此許可證已換發新證，請以新證申請"


def test_a_revoked_permit_opens_nothing() -> None:
    assert rules.not_revoked(Match(WANG, permit()), D(2026, 11, 23), CALENDAR) is None
    assert detail(rules.not_revoked(Match(WANG, permit(revoked=True)), D(2026, 11, 23), CALENDAR)) == "此許可證已經廢止"


@pytest.mark.parametrize("until", [D(2026, 11, 23), D(2026, 2, 28), D(2028, 2, 29), D(2026, 2, 14), D(2025, 2, 8)])
def test_a_permit_is_valid_through_its_last_day_and_no_holiday_makes_it_longer(until: dt.date) -> None:
    held = Match(WANG, multiple(until))
    assert rules.still_valid(held, until, CALENDAR) is None
    said = detail(rules.still_valid(held, until + A_DAY, CALENDAR))
    assert said == f"此許可證的有效期限已於 {until:%Y/%m/%d} 屆滿"


# The travel document


def holder(expiry: dt.date) -> ApplicantRecord:
    return replace(WANG, papers={**WANG.papers, "travel_document_expiry": str(expiry)})


@pytest.mark.parametrize(("expiry", "allowed"), [(D(2026, 11, 22), False), (D(2026, 11, 23), True), (D(2026, 11, 24), True)])
def test_the_travel_document_holds_through_its_last_day(expiry: dt.date, allowed: bool) -> None:
    found = rules.travel_document_valid(Match(holder(expiry), permit()), D(2026, 11, 23), CALENDAR)
    assert (found is None) is allowed


def test_an_expired_travel_document_says_when() -> None:
    said = detail(rules.travel_document_valid(Match(holder(D(2026, 1, 9)), permit()), D(2026, 11, 23), CALENDAR))
    assert said == "大陸居民往來台灣通行證已於 2026/01/09 逾期，請先換發通行證"


@pytest.mark.parametrize(
    ("expiry", "last_quiet_day"),
    [
        (D(2026, 12, 23), D(2026, 11, 23)),
        (D(2027, 3, 31), D(2027, 2, 28)),  # no 31 February
        (D(2027, 3, 28), D(2027, 2, 28)),
        (D(2028, 3, 31), D(2028, 2, 29)),  # a leap year
        (D(2028, 3, 29), D(2028, 2, 29)),
        (D(2026, 3, 17), D(2026, 2, 17)),  # Lunar New Year's Day
        (D(2027, 1, 31), D(2026, 12, 31)),
    ],
)
def test_less_than_a_month_of_the_travel_document_is_warned_of(expiry: dt.date, last_quiet_day: dt.date) -> None:
    answers = {"travel_document_expiry": str(expiry)}
    assert rules.travel_document_warning(answers, last_quiet_day) == ()
    for day in (last_quiet_day + A_DAY, expiry):
        (said,) = rules.travel_document_warning(answers, day)
        assert said == f"大陸居民往來台灣通行證效期至 {expiry:%Y/%m/%d}，未滿 1 個月，請儘速換發。"


@pytest.mark.parametrize("answers", [{}, {"travel_document_expiry": ""}])
def test_where_nothing_was_answered_nothing_is_warned_of(answers: dict[str, str]) -> None:
    assert rules.travel_document_warning(answers, D(2026, 11, 23)) == ()
