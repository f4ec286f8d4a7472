"""退補: what an officer returns, what its student answers, and the deadline between. Both at the same moment: test_races.py."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest

from portal.accounts.models import User
from portal.cases import queries
from portal.cases.kinds import CaseKind
from portal.cases.models import Case, Return
from portal.cases.operations import NotAllowed, Remark, StaleCase, TooLate
from portal.cases.states import Action, Status
from portal.mail.models import OutgoingMail
from tests.factories.cases import NOW, TAIPEI, act, document, in_status, submitted
from tests.kinds import registered

from .conftest import WithFee

pytestmark = pytest.mark.django_db
DEADLINE = dt.date(2027, 1, 25)
EXTENDED = dt.date(2027, 3, 23)
LAST_SECOND = dt.datetime(2027, 1, 25, 23, 59, 59, tzinfo=TAIPEI)
OVER = LAST_SECOND + dt.timedelta(seconds=1)
returning = pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT])


@pytest.fixture
def in_review(owner: User, officer: User, kind: CaseKind) -> Case:
    return in_status(Status.IN_REVIEW, owner, officer, kind=kind, documents=[document(), document("enrolment")])


@pytest.fixture
def returned(in_review: Case, officer: User) -> Case:
    return act(Action.ASK_CORRECTION, in_review, officer)


def last(case: Case) -> Return:
    return case.returns.latest("pk")


# Returning


@returning
def test_what_is_returned_is_kept_with_its_remarks(action: Action, in_review: Case, officer: User) -> None:
    remarks = [Remark("upload-photo", "請重拍"), Remark("upload-asked-1", "正本")]
    case = act(action, in_review, officer, opinion="請補", remarks=remarks, asked=" 休學證明 ", reasons=["照片"])
    one = last(case)
    assert (one.mode, one.version, one.officer) == (case.status, case.version, officer)
    assert (one.opinion, one.asked, one.reasons) == ("請補", "休學證明", ["照片"])
    assert one.remarks == [asdict(remark) for remark in remarks]
    assert [(str(each.label), each.text) for each in one.labelled_remarks] == [("照片", "請重拍"), ("休學證明", "正本")]
    assert (one.returned_at, one.deadline, case.deadline) == (NOW, DEADLINE, DEADLINE)
    assert case.events.last().note == "請補"  # type: ignore[union-attr]
    assert [slot.code for slot in queries.missing_documents(case)] == ["asked-1"]


@returning
@pytest.mark.parametrize(
    "said", [{"opinion": " \n"}, {"remarks": [Remark("no_such_field", "x")]}, {"remarks": [Remark("upload-asked-1", "x")]}]
)
def test_a_return_without_opinion_or_with_a_remark_on_nothing_changes_nothing(
    action: Action, said: dict[str, Any], in_review: Case, officer: User
) -> None:
    with pytest.raises(NotAllowed):
        act(action, in_review, officer, **said)
    in_review.refresh_from_db()
    assert (in_review.status, Return.objects.count()) == (Status.IN_REVIEW, 0)


@pytest.mark.parametrize("who", ["owner", "colleague", "editor"])
def test_nobody_but_its_officer_returns_a_case(who: str, in_review: Case, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        act(Action.ASK_CORRECTION, in_review, request.getfixturevalue(who))
    assert Return.objects.count() == 0


def test_a_stale_page_returns_nothing(in_review: Case, officer: User) -> None:
    with pytest.raises(StaleCase):
        act(Action.ASK_CORRECTION, in_review, officer, version=in_review.version - 1)
    assert Return.objects.count() == 0


# Answering


def test_an_answer_is_a_revision_and_closes_the_return(returned: Case, owner: User) -> None:
    old, kept = returned.documents.all()
    when = NOW + dt.timedelta(days=1)
    new = document(original_name="新.png", warnings=["blurred"])
    case = act(Action.RESUBMIT, returned, owner, now=when, documents=[new], removed=[old.uid], reply="已重拍")
    assert (case.status, case.deadline) == (Status.SUBMITTED, None)
    revision = case.revisions.latest("number")
    assert (revision.number, revision.reply, revision.sent_at, revision.corrected_by) == (2, "已重拍", when, None)
    assert last(case).answered_at == when
    old.refresh_from_db()
    assert old.replaced_at == when
    there = queries.current_documents(case)
    assert [(each.slot, each.original_name, each.revision, each.warnings) for each in there] == [
        ("enrolment", kept.original_name, 1, []),
        ("photo", "新.png", 2, ["blurred"]),
    ]
    assert queries.current_return(case) is None


def test_a_supplement_changes_no_answer(in_review: Case, owner: User, officer: User) -> None:
    case = act(Action.ASK_SUPPLEMENT, in_review, officer)
    with pytest.raises(NotAllowed):
        act(Action.RESUBMIT, case, owner, answers={**case.answers, "school": "他校"})
    assert act(Action.RESUBMIT, case, owner, answers=case.answers).status == Status.SUBMITTED


@pytest.mark.parametrize("who", ["officer", "stranger"])
def test_nobody_but_its_student_answers(who: str, returned: Case, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        act(Action.RESUBMIT, returned, request.getfixturevalue(who))
    assert last(returned).answered_at is None


def test_the_last_second_counts_and_the_next_does_not(returned: Case, owner: User) -> None:
    with pytest.raises(TooLate):
        act(Action.RESUBMIT, returned, owner, now=OVER)
    assert act(Action.RESUBMIT, returned, owner, now=LAST_SECOND).status == Status.SUBMITTED


def test_documents_of_another_case_are_not_removed(returned: Case, owner: User, stranger: User, kind: CaseKind) -> None:
    foreign = submitted(stranger, kind=kind, documents=[document()]).documents.get()
    act(Action.RESUBMIT, returned, owner, removed=[foreign.uid, UUID(int=1)])
    foreign.refresh_from_db()
    assert foreign.replaced_at is None


# Taken back


def test_a_return_is_taken_back_until_it_was_answered(returned: Case, owner: User, officer: User) -> None:
    case = act(Action.TAKE_BACK, returned, officer)
    assert (case.status, case.opinion, case.deadline, case.assignee) == (Status.IN_REVIEW, "", None, officer)
    assert last(case).taken_back_at == NOW
    assert queries.current_return(case) is None
    case = act(Action.RESUBMIT, act(Action.ASK_CORRECTION, case, officer), owner)
    with pytest.raises(NotAllowed):
        act(Action.TAKE_BACK, case, officer)
    assert [each.taken_back_at for each in case.returns.all()] == [NOW, None]


def test_what_was_asked_for_goes_when_it_is_taken_back(in_review: Case, officer: User) -> None:
    """And has its place again when it is asked for once more, with what was uploaded there meanwhile."""
    before = list(in_review.slots)
    remarks = [Remark("upload-asked-1", "正本")]
    case = act(Action.TAKE_BACK, act(Action.ASK_SUPPLEMENT, in_review, officer, asked="住宿證明", remarks=remarks), officer)
    assert case.slots == before
    assert queries.missing_documents(case) == []
    assert [(str(each.label), each.text) for each in last(case).labelled_remarks] == [("另請檢附", "正本")]
    case = act(Action.TAKE_BACK, act(Action.ASK_SUPPLEMENT, case, officer, asked="休學證明"), officer)
    case = act(Action.ASK_SUPPLEMENT, case, officer, asked="住宿證明")
    assert [(slot.code, str(slot.label)) for slot in queries.missing_documents(case)] == [("asked-1", "住宿證明")]


@pytest.mark.parametrize("asked", ["照片", "休學證明"])
def test_what_is_asked_already_is_not_asked_a_second_time(asked: str, in_review: Case, owner: User, officer: User) -> None:
    answered = act(Action.RESUBMIT, act(Action.ASK_SUPPLEMENT, in_review, officer, asked="休學證明"), owner)
    case = act(Action.TAKE, answered, officer)
    with pytest.raises(NotAllowed):
        act(Action.ASK_SUPPLEMENT, case, officer, asked=asked)
    assert Case.objects.get(pk=case.pk).slots == case.slots


# 申請展延


def test_an_extension_is_asked_for_once_and_granted_once(returned: Case, owner: User, officer: User) -> None:
    case = act(Action.ASK_EXTENSION, returned, owner, reason="尚未開學")
    assert (case.status, case.version, case.deadline) == (Status.CORRECTION, returned.version + 1, DEADLINE)
    assert (last(case).extension_reason, last(case).extension_is_pending) == ("尚未開學", True)
    with pytest.raises(NotAllowed):
        act(Action.ASK_EXTENSION, case, owner)
    case = act(Action.EXTEND, case, officer)
    assert (case.deadline, last(case).deadline, last(case).extended_at) == (EXTENDED, EXTENDED, NOW)
    assert not last(case).extension_is_pending
    for again, who in ((Action.EXTEND, officer), (Action.ASK_EXTENSION, owner)):
        with pytest.raises(NotAllowed):
            act(again, case, who)
    assert act(Action.RESUBMIT, case, owner, now=OVER).status == Status.SUBMITTED


def test_once_is_once_a_case(returned: Case, owner: User, officer: User) -> None:
    case = act(Action.TAKE, act(Action.RESUBMIT, act(Action.EXTEND, returned, officer), owner), officer)
    case = act(Action.ASK_SUPPLEMENT, case, officer)
    assert not queries.may_be_extended(case)
    for action, who in ((Action.ASK_EXTENSION, owner), (Action.EXTEND, officer)):
        with pytest.raises(NotAllowed):
            act(action, case, who)


def test_a_declined_extension_says_why_and_leaves_the_deadline(returned: Case, owner: User, officer: User) -> None:
    with pytest.raises(NotAllowed):
        act(Action.DECLINE_EXTENSION, returned, officer)  # nobody asked
    case = act(Action.ASK_EXTENSION, returned, owner)
    with pytest.raises(NotAllowed):
        act(Action.DECLINE_EXTENSION, case, officer, opinion=" ")
    case = act(Action.DECLINE_EXTENSION, case, officer, opinion="文件可線上申請")
    assert (case.deadline, last(case).extension_declined_at) == (DEADLINE, NOW)
    assert "文件可線上申請" in OutgoingMail.objects.get(kind="case_extension_declined").body
    with pytest.raises(NotAllowed):
        act(Action.ASK_EXTENSION, case, owner)


def test_without_a_reason_or_too_late_nothing_is_asked(returned: Case, owner: User, officer: User) -> None:
    with pytest.raises(NotAllowed):
        act(Action.ASK_EXTENSION, returned, owner, reason=" ")
    with pytest.raises(TooLate):
        act(Action.ASK_EXTENSION, returned, owner, now=OVER)
    with pytest.raises(NotAllowed):
        act(Action.EXTEND, returned, officer, now=OVER)
    assert last(returned).extension_asked_at is None


@pytest.fixture
def strict_kind() -> Iterator[CaseKind]:
    """Whose law knows no extension."""

    class Strict(WithFee):
        code = tab = "strict"
        digit = "7"
        correction_extension_months = 0

    with registered(Strict) as made:
        yield made


def test_where_the_law_knows_no_extension_there_is_none(owner: User, officer: User, strict_kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=strict_kind)
    assert not queries.may_be_extended(case)
    with pytest.raises(NotAllowed):
        act(Action.ASK_EXTENSION, case, owner)
