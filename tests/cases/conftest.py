"""Two kinds of application for the tests of cases: with a fee, and without."""

import datetime as dt
from collections.abc import Iterator

import pytest

from portal.accounts.models import User
from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates
from portal.cases.outcomes import PermitPdf
from portal.china_student.identity import MULTIPLE, SINGLE
from portal.forms.application import ApplicationForm
from portal.home.groups import EDITORS
from portal.office_calendar.periods import OfficeCalendar, period_end
from portal.records.protocol import Match, PermitRecord, Reason, Refusal
from portal.review.groups import OFFICERS
from tests import people
from tests.kinds import registered
from tests.staff import make_staff


def _not_after_stay(match: Match, today: dt.date, calendar: OfficeCalendar) -> Refusal | None:
    return Refusal(Reason.NOT_ELIGIBLE) if today > match.permit.stay_until else None


class EmptyForm(ApplicationForm):
    """A form that asks nothing."""

    sections = ()


class WithFee(CaseKind):
    """A kind that costs 1000."""

    category = people.CATEGORY
    code = tab = "with-fee"
    digit = "8"
    name = menu = "with-fee申請"
    number_label = "許可證號"
    accepts = SINGLE
    rules = (_not_after_stay,)
    form = EmptyForm
    documents = (DocumentSlot("photo", "照片", photo=True), DocumentSlot("enrolment", "在學證明"))
    fees = (Fee(1000, "with-fee"),)
    review_days = 2
    correction_months = 2
    correction_extension_months = 2
    grants = MULTIPLE
    outcome = PermitPdf("portal/china_student/permit.html")

    def permit_dates(self, issued_on: dt.date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        until = period_end(issued_on, 24)
        return PermitDates(issued_on, until, until)


class WithoutFee(WithFee):
    """A kind without a fee."""

    code = tab = "without-fee"
    digit = "9"
    fees = (Fee(0, "without-fee"),)


@pytest.fixture
def kind() -> Iterator[CaseKind]:
    with registered(WithFee) as made:
        yield made


@pytest.fixture
def free_kind() -> Iterator[CaseKind]:
    with registered(WithoutFee) as made:
        yield made


@pytest.fixture
def colleague(officer: User) -> User:
    """Another officer."""
    return make_staff("colleague", OFFICERS)


@pytest.fixture
def editor(db: None) -> User:
    """Staff who may not review."""
    return make_staff("editor", EDITORS)
