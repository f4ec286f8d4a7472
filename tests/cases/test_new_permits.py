"""Permits that come of cases are known to the agency's records, each with the permit that it came from."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases import tasks
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, record_permit
from portal.cases.queries import unrecorded_permits
from portal.cases.states import Status
from portal.china_student.identity import MULTIPLE, SINGLE
from portal.records.models import Permit
from portal.records.protocol import RecordsUnavailable
from portal.records.source import get_source
from tests import people
from tests.factories.cases import NOW, completed, in_status, match

pytestmark = pytest.mark.django_db
DOWN = "tests.records.sources.DownSource"


def test_the_records_know_the_permit_of_a_closed_case(
    owner: User, officer: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        case = completed(owner, officer)
    new = get_source().find_permit(case.case_no, MULTIPLE)
    assert new is not None
    assert (new.ui_no, new.entered_on, new.revoked, new.superseded) == (owner.ui_no, None, False, False)
    assert (new.issued_on, new.valid_until, new.stay_until) == (people.TODAY, dt.date(2028, 11, 23), dt.date(2028, 11, 23))
    assert (new.previous_permit_no, new.first_permit_no) == (people.SINGLE_PERMIT_NO, people.SINGLE_PERMIT_NO)
    case.refresh_from_db()
    assert case.permit_recorded_at is not None


def test_the_permit_exchanged_stays_and_is_known_as_superseded(owner: User, officer: User) -> None:
    before = get_source().find_permit(people.SINGLE_PERMIT_NO, SINGLE)
    record_permit(completed(owner, officer), now=NOW)
    after = get_source().find_permit(people.SINGLE_PERMIT_NO, SINGLE)
    assert before is not None
    assert after is not None
    assert (before.superseded, after.superseded) == (False, True)
    assert (after.permit_no, after.stay_until, after.revoked) == (before.permit_no, before.stay_until, False)


def test_the_first_of_the_chain_is_handed_on(owner: User, officer: User) -> None:
    case = completed(owner, officer, match=match(owner, first_permit_no="113000000011"))
    assert (case.permit_no, case.first_permit_no) == (people.SINGLE_PERMIT_NO, "113000000011")
    record_permit(case, now=NOW)
    new = Permit.objects.get(permit_no=case.case_no)
    assert (new.previous_permit_no, new.first_permit_no) == (people.SINGLE_PERMIT_NO, "113000000011")


def test_telling_twice_changes_nothing(owner: User, officer: User) -> None:
    case = completed(owner, officer)
    record_permit(case, now=NOW)
    Permit.objects.filter(permit_no=case.case_no).update(revoked=True)
    record_permit(case, now=NOW + dt.timedelta(hours=1))
    assert Permit.objects.get(permit_no=case.case_no).revoked
    case.refresh_from_db()
    assert case.permit_recorded_at == NOW


@pytest.mark.parametrize("status", [status for status in Status if status != Status.COMPLETED])
def test_no_other_case_has_a_permit(owner: User, officer: User, status: Status) -> None:
    case = in_status(status, owner, officer)
    with pytest.raises(NotAllowed):
        record_permit(case, now=NOW)
    assert not unrecorded_permits().exists()
    assert Permit.objects.count() == 1


def test_records_that_do_not_answer_are_said_later(owner: User, officer: User, settings: Settings) -> None:
    case = completed(owner, officer)
    source, settings.RECORDS_SOURCE = settings.RECORDS_SOURCE, DOWN
    with pytest.raises(RecordsUnavailable):
        record_permit(case, now=NOW)
    tasks.record_permit(case.pk)
    assert tasks.record_permits() == 0
    assert list(unrecorded_permits()) == [case]

    settings.RECORDS_SOURCE = source
    assert tasks.record_permits() == 1
    assert tasks.record_permits() == 0
    assert Permit.objects.filter(permit_no=case.case_no).count() == 1
    assert Case.objects.get().permit_recorded_at is not None


def test_records_that_are_slow_to_answer_are_asked_for_a_while(owner: User, officer: User) -> None:
    first = completed(owner, officer)
    other = people.student(people.applicant(ui_no="A990000030", travel_document_no="T40000000"), "other")
    second = completed(other, officer)
    assert tasks.record_waiting(seconds=0) == 1
    assert list(unrecorded_permits()) == [second]
    assert Case.objects.get(pk=first.pk).permit_recorded_at is not None
