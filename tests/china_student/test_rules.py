"""就讀辦法 §10 as pure functions: every edge of every date."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.china_student import rules
from portal.china_student.identity import SINGLE
from portal.office_calendar.periods import OfficeCalendar, period_end
from portal.records.protocol import ApplicantRecord, PermitRecord, Reason, Refusal

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
# 補假 for 和平紀念日, which is a Sunday in that year.
CALENDAR = OfficeCalendar(holidays=frozenset({D(2027, 3, 1)}), years=frozenset({2026, 2027}))


def permit(entered_on: dt.date | None = ENTERED, *, revoked: bool = False) -> PermitRecord:
    return PermitRecord(
        permit_no="115000000015",
        ui_no=WANG.ui_no,
        permit_type=SINGLE,
        issued_on=D(2026, 10, 20),
        valid_until=D(2027, 1, 20),
        entered_on=entered_on,
        stay_until=period_end(entered_on or ENTERED, 2),
        revoked=revoked,
    )


def detail(refusal: Refusal | None) -> str:
    assert refusal
    assert refusal.reason is Reason.NOT_ELIGIBLE
    return str(refusal.detail)


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
    ],
)
def test_the_last_day_of_the_stay_is_in_and_the_next_is_out(entered_on: dt.date, last_day: dt.date) -> None:
    held = permit(entered_on)
    assert rules.within_stay(WANG, held, last_day, CALENDAR) is None
    assert rules.within_stay(WANG, held, last_day + dt.timedelta(days=1), CALENDAR) is not None


def test_too_late_says_when_the_stay_ended() -> None:
    said = detail(rules.within_stay(WANG, permit(), D(2027, 1, 5), CALENDAR))
    assert said == "須於停留期間屆滿前申請，停留期間已於 2027/01/02 屆滿"


@pytest.mark.parametrize(("today", "allowed"), [(D(2026, 11, 1), False), (D(2026, 11, 2), True), (D(2026, 11, 3), True)])
def test_from_the_day_of_entry(today: dt.date, allowed: bool) -> None:
    assert (rules.must_have_entered(WANG, permit(), today, CALENDAR) is None) is allowed


def test_without_entry_there_is_nothing_to_exchange() -> None:
    said = detail(rules.must_have_entered(WANG, permit(None), D(2026, 11, 23), CALENDAR))
    assert said == "查無持此證入境的紀錄，請於入境後再申請"


@pytest.mark.parametrize(("expiry", "allowed"), [(D(2026, 11, 22), False), (D(2026, 11, 23), True), (D(2026, 11, 24), True)])
def test_the_travel_document_holds_through_its_last_day(expiry: dt.date, allowed: bool) -> None:
    holder = replace(WANG, papers={**WANG.papers, "travel_document_expiry": str(expiry)})
    assert (rules.travel_document_valid(holder, permit(), D(2026, 11, 23), CALENDAR) is None) is allowed


def test_an_expired_travel_document_says_when() -> None:
    holder = replace(WANG, papers={**WANG.papers, "travel_document_expiry": "2026-01-09"})
    said = detail(rules.travel_document_valid(holder, permit(), D(2026, 11, 23), CALENDAR))
    assert said == "大陸居民往來台灣通行證已於 2026/01/09 逾期，請先換發通行證"


def test_a_revoked_permit_opens_nothing() -> None:
    assert rules.not_revoked(WANG, permit(), D(2026, 11, 23), CALENDAR) is None
    assert detail(rules.not_revoked(WANG, permit(revoked=True), D(2026, 11, 23), CALENDAR)) == "此許可證已經廢止"
