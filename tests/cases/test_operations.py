"""What each action writes."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from portal.accounts.models import User
from portal.cases import operations
from portal.cases.kinds import CaseKind
from portal.cases.models import Case, CaseEvent
from portal.cases.operations import NotAllowed
from portal.cases.signals import case_completed
from portal.cases.states import Action, Status
from portal.review.groups import OFFICERS
from portal.staff_login import second_factor
from tests import people
from tests.factories.cases import ANSWERS, LATE, NOW, act, document, in_status, submitted
from tests.staff import make_staff

TODAY = people.TODAY


@pytest.fixture
def in_review(owner: User, officer: User, kind: CaseKind) -> Case:
    return in_status(Status.IN_REVIEW, owner, officer, kind=kind)


def test_take_makes_the_officer_the_assignee_and_release_takes_it_back(in_review: Case, officer: User) -> None:
    assert in_review.assignee == officer
    assert act(Action.RELEASE, in_review, officer).assignee is None


def test_a_released_case_is_taken_by_a_colleague(in_review: Case, officer: User, colleague: User) -> None:
    released = act(Action.RELEASE, in_review, officer)
    assert act(Action.TAKE, released, colleague).assignee == colleague


@override_settings(PAYMENT_DEADLINE_DAYS=14)
def test_approve_fixes_the_fee_and_gives_the_permit_its_dates(in_review: Case, officer: User) -> None:
    case = act(Action.APPROVE, in_review, officer)
    case.refresh_from_db()
    assert (case.status, case.fee, case.deadline) == (Status.AWAITING_PAYMENT, 1000, dt.date(2026, 12, 7))
    assert (case.permit_issued_on, case.permit_valid_until) == (TODAY, dt.date(2028, 11, 23))
    assert (case.decided_at, case.completed_at) == (NOW, None)


def test_approve_without_a_fee_completes_the_case(
    owner: User, officer: User, free_kind: CaseKind, django_capture_on_commit_callbacks: Any
) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=free_kind)
    with django_capture_on_commit_callbacks(execute=True):
        case = act(Action.APPROVE, case, officer)
    assert (case.status, case.fee, case.deadline, case.completed_at) == (Status.COMPLETED, 0, None, NOW)


@pytest.mark.parametrize(
    ("asked_on", "deadline"),
    [
        (dt.date(2026, 11, 23), dt.date(2027, 1, 25)),  # Saturday 23 January -> Monday
        (dt.date(2026, 11, 24), dt.date(2027, 1, 25)),  # Sunday 24 January -> Monday
        (dt.date(2026, 11, 25), dt.date(2027, 1, 25)),
        (dt.date(2026, 12, 31), dt.date(2027, 3, 2)),  # 28 February is a Sunday and a holiday: Monday is off instead
        (dt.date(2025, 12, 17), dt.date(2026, 2, 23)),  # 春節
    ],
)
@pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT])
def test_a_returned_case_has_two_months(
    action: Action, asked_on: dt.date, deadline: dt.date, in_review: Case, officer: User
) -> None:
    now = dt.datetime.combine(asked_on, dt.time(23, 59), NOW.tzinfo)
    case = act(action, in_review, officer, now=now, opinion="請補在學證明")
    assert (case.deadline, case.opinion) == (deadline, "請補在學證明")
    assert case.events.latest("id").note == "請補在學證明"


@pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT])
def test_a_case_is_not_returned_without_an_opinion(action: Action, in_review: Case, officer: User) -> None:
    with pytest.raises(NotAllowed):
        act(action, in_review, officer, opinion=" \n")
    assert Case.objects.get().status == Status.IN_REVIEW


def test_reject_keeps_the_coded_reason_and_the_opinion(in_review: Case, officer: User) -> None:
    case = act(Action.REJECT, in_review, officer)
    assert (case.reject_reason, case.opinion, case.decided_at) == ("purpose_lost", "已休學", NOW)
    assert case.reject_ground == "原申請事由或目的消失"


@pytest.mark.parametrize("reason", ["", "because", "deadline_missed"])
def test_reject_wants_one_of_the_kinds_reasons(reason: str, in_review: Case, officer: User) -> None:
    with pytest.raises(NotAllowed):
        act(Action.REJECT, in_review, officer, reason=reason)


def test_resubmit_in_correction_keeps_a_revision_and_marks_replaced_files(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind, documents=[document(), document("enrolment")])
    old = case.documents.get(slot="photo")
    answers = {**ANSWERS, "english_name": "WANG, XIAO MING"}
    case = act(Action.RESUBMIT, case, owner, answers=answers, documents=[document()], removed=[old.uid], reply="已重拍")
    case.refresh_from_db()
    assert (case.answers, case.deadline) == (answers, None)
    assert list(case.revisions.values_list("number", "answers", "reply")) == [(1, ANSWERS, ""), (2, answers, "已重拍")]
    assert list(case.documents.values_list("slot", "replaced_at")) == [("photo", NOW), ("enrolment", None), ("photo", None)]


def test_resubmit_in_supplement_changes_documents_only(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.SUPPLEMENT, owner, officer, kind=kind)
    with pytest.raises(NotAllowed):
        act(Action.RESUBMIT, case, owner, answers={"chinese_name": "王大明"})
    assert act(Action.RESUBMIT, case, owner, documents=[document("enrolment")]).documents.get().slot == "enrolment"


def test_resubmit_touches_no_other_cases_documents(owner: User, stranger: User, officer: User, kind: CaseKind) -> None:
    others = submitted(stranger, kind=kind, documents=[document()]).documents.get()
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    act(Action.RESUBMIT, case, owner, removed=[others.uid])
    others.refresh_from_db()
    assert others.replaced_at is None


@pytest.mark.parametrize("status", [Status.CORRECTION, Status.SUPPLEMENT, Status.AWAITING_PAYMENT])
def test_nothing_expires_on_the_day_of_the_deadline(status: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(status, owner, officer, kind=kind)
    assert case.deadline
    last_minute = dt.datetime.combine(case.deadline, dt.time(23, 59), NOW.tzinfo)
    with pytest.raises(NotAllowed):
        operations.expire(case, now=last_minute)
    assert operations.expire(case, now=last_minute + dt.timedelta(minutes=1)).status in (Status.REJECTED, Status.LAPSED)


def test_a_case_not_corrected_in_time_says_so(owner: User, officer: User, kind: CaseKind) -> None:
    case = operations.expire(in_status(Status.CORRECTION, owner, officer, kind=kind), now=LATE)
    assert (case.status, case.reject_ground) == (Status.REJECTED, "逾期未補正(件)")


def test_settle_completes_the_case_and_tells_after_commit(
    owner: User, officer: User, kind: CaseKind, django_capture_on_commit_callbacks: Any
) -> None:
    notified: list[Case] = []

    def listen(case: Case, **kwargs: Any) -> None:
        notified.append(case)

    case = in_status(Status.AWAITING_PAYMENT, owner, officer, kind=kind)
    case_completed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            case = operations.settle(case, paid_at=NOW, now=NOW)
            assert notified == []
    finally:
        case_completed.disconnect(listen)
    assert (case.status, case.completed_at, case.deadline) == (Status.COMPLETED, NOW, None)
    assert notified == [case]


@pytest.mark.parametrize("sql", ["UPDATE portal_cases_caseevent SET note = 'other'", "DELETE FROM portal_cases_caseevent"])
def test_the_database_refuses_to_change_an_event(sql: str, owner: User, kind: CaseKind) -> None:
    submitted(owner, kind=kind)
    refused = pytest.raises(IntegrityError, match="portal_cases_caseevent is append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert CaseEvent.objects.get().note == ""


@pytest.mark.parametrize("other", [{"permit_no": "115000000023"}, {"kind_code": "another"}])
def test_the_database_refuses_a_second_open_case_of_a_kind_or_a_permit(
    owner: User, kind: CaseKind, other: dict[str, str]
) -> None:
    case = submitted(owner, kind=kind)
    vars(case).update(other)
    case.pk, case.uid, case.case_no, case.group_no, case.draft_token = None, uuid4(), "1", "2", "3"
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save(force_insert=True)


@pytest.mark.parametrize(
    "unfit", ["closed", "without a password", "without an authenticator", "no officer", "administrator", "student"]
)
def test_a_case_is_given_to_who_can_take_it_up(in_review: Case, officer: User, owner: User, unfit: str) -> None:
    to = make_staff("another", OFFICERS)
    match unfit:
        case "closed":
            to.is_active = False
        case "without a password":
            to.set_unusable_password()
        case "without an authenticator":
            second_factor.reset(to)
        case "no officer":
            to.groups.clear()
        case "administrator":
            to.groups.clear()
            to.is_superuser = True
        case "student":
            to = owner
    to.save()
    with pytest.raises(NotAllowed):
        act(Action.ASSIGN, in_review, officer, to=User.objects.get(pk=to.pk))
    assert Case.objects.get().assignee == officer
