"""Two kinds of application for the tests of cases: with a fee, and without."""

import datetime as dt

import pytest

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.kinds import CaseKind, DocumentSlot
from portal.china_student.identity import SINGLE
from portal.home.groups import EDITORS
from portal.office_calendar.periods import OfficeCalendar
from portal.records.protocol import ApplicantRecord, PermitRecord, Reason, Refusal
from portal.review.groups import OFFICERS
from tests import people
from tests.staff import make_staff


def _not_after_stay(applicant: ApplicantRecord, permit: PermitRecord, today: dt.date, calendar: OfficeCalendar) -> Refusal | None:
    return Refusal(Reason.NOT_ELIGIBLE) if today > permit.stay_until else None


def make(code: str, digit: str, fee: int) -> CaseKind:
    return CaseKind(
        code=code,
        category=people.CATEGORY,
        name=f"{code}申請",
        menu=f"{code}申請",
        tab=code,
        digit=digit,
        number_label="許可證號",
        accepts=SINGLE,
        rules=(_not_after_stay,),
        form="",
        documents=(DocumentSlot("photo", "照片", photo=True), DocumentSlot("enrolment", "在學證明")),
        fee=fee,
        fee_item=code,
        permit_template="",
    )


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> CaseKind:
    """A kind that costs 1000."""
    made = make("with-fee", "8", 1000)
    monkeypatch.setitem(kinds._registry, (made.category, made.code), made)
    return made


@pytest.fixture
def free_kind(monkeypatch: pytest.MonkeyPatch) -> CaseKind:
    """A kind without a fee."""
    made = make("without-fee", "9", 0)
    monkeypatch.setitem(kinds._registry, (made.category, made.code), made)
    return made


@pytest.fixture
def colleague(officer: User) -> User:
    """Another officer."""
    return make_staff("colleague", OFFICERS)


@pytest.fixture
def editor(db: None) -> User:
    """Staff who may not review."""
    return make_staff("editor", EDITORS)
