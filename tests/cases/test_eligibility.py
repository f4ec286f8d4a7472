"""May this student file this kind with this permit?"""

import datetime as dt

import pytest

from portal.accounts.models import User
from portal.cases.eligibility import OpenCase, check_permit
from portal.cases.kinds import CaseKind
from portal.cases.operations import NotAllowed
from portal.cases.states import Status
from portal.records.models import Applicant
from portal.records.protocol import Match, Reason, Refusal
from tests import people
from tests.factories.cases import NOW, in_status, submitted


def test_the_owner_of_an_eligible_permit_matches(owner: User, kind: CaseKind) -> None:
    found = check_permit(kind, owner, people.SINGLE_PERMIT_NO, now=NOW)
    assert isinstance(found, Match)
    assert (found.applicant.ui_no, found.permit.permit_no) == (owner.ui_no, people.SINGLE_PERMIT_NO)


@pytest.mark.parametrize("number", ["115000000099", "", "not a number"])
def test_a_number_nobody_has(number: str, owner: User, kind: CaseKind) -> None:
    assert check_permit(kind, owner, number, now=NOW) == Refusal(Reason.UNKNOWN_NUMBER)


def test_somebody_elses_number(owner: User, stranger: User, kind: CaseKind) -> None:
    assert check_permit(kind, stranger, people.SINGLE_PERMIT_NO, now=NOW) == Refusal(Reason.NOT_YOURS)


def test_the_kinds_rules_are_asked_about_the_day(owner: User, kind: CaseKind) -> None:
    late = NOW + dt.timedelta(days=60)
    assert check_permit(kind, owner, people.SINGLE_PERMIT_NO, now=late) == Refusal(Reason.NOT_ELIGIBLE)


def test_one_open_case_of_a_kind(owner: User, kind: CaseKind) -> None:
    case = submitted(owner, kind=kind)
    refusal = check_permit(kind, owner, people.SINGLE_PERMIT_NO, now=NOW)
    assert refusal == OpenCase(Reason.NOT_ELIGIBLE, "您已有同類別的案件在辦理中，收件號:", case_no=case.case_no)


def test_one_open_case_with_a_permit(owner: User, wang: Applicant, kind: CaseKind, free_kind: CaseKind) -> None:
    case = submitted(owner, kind=kind)
    refusal = check_permit(free_kind, owner, people.SINGLE_PERMIT_NO, now=NOW)
    assert refusal == OpenCase(Reason.NOT_ELIGIBLE, "此許可證已有案件在辦理中，請於結案後再申請。收件號:", case_no=case.case_no)
    with pytest.raises(NotAllowed):
        submitted(owner, kind=free_kind)
    people.single_permit(wang, "115000000023")
    assert isinstance(check_permit(free_kind, owner, "115000000023", now=NOW), Match)


def test_a_closed_case_stands_in_nobodys_way(owner: User, officer: User, kind: CaseKind) -> None:
    in_status(Status.WITHDRAWN, owner, officer, kind=kind)
    assert isinstance(check_permit(kind, owner, people.SINGLE_PERMIT_NO, now=NOW), Match)
