"""What is asked before 核准: of which case, when, and what an answer does."""

from collections.abc import Iterator

import pytest

from portal.accounts.models import User
from portal.cases import approvals, findings
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, Obstacle, StaleCase
from portal.cases.states import Action, Status
from portal.mail.models import OutgoingMail
from tests.factories.cases import NOW, act, in_status, submitted

pytestmark = pytest.mark.django_db


class Question:
    """A check that remembers of what it was asked."""

    answer = ""

    def __init__(self) -> None:
        self.asked: list[Case] = []

    def __call__(self, case: Case) -> str:
        self.asked.append(case)
        return self.answer


@pytest.fixture
def question() -> Iterator[Question]:
    question = Question()
    approvals.register(question)
    yield question
    approvals._checks.remove(question)


@pytest.fixture
def case(owner: User, officer: User, kind: CaseKind) -> Case:
    return in_status(Status.IN_REVIEW, owner, officer, kind=kind)


def test_it_is_asked_of_the_case_as_it_would_be(case: Case, officer: User, question: Question) -> None:
    approved = act(Action.APPROVE, case, officer)

    (asked,) = question.asked
    assert asked.pk == approved.pk
    names = ("status", "fee", "deadline", "decided_at", "permit_issued_on", "permit_valid_until", "permit_stay_until", "decision")
    assert {name: getattr(asked, name) for name in names} == {name: getattr(approved, name) for name in names}
    assert asked.version == approved.version - 1  # nothing was written yet


def test_an_obstacle_leaves_the_case_as_it_was(case: Case, officer: User, question: Question) -> None:
    question.answer = "許可證無法列印"
    events, emails = case.events.count(), OutgoingMail.objects.count()

    with pytest.raises(Obstacle, match=r"^許可證無法列印$"):
        act(Action.APPROVE, case, officer)

    found = Case.objects.get()
    assert (found.status, found.version, found.permit_issued_on, found.deadline) == (Status.IN_REVIEW, case.version, None, None)
    assert (case.events.count(), OutgoingMail.objects.count()) == (events, emails)


def test_a_case_without_a_fee_is_asked_about_too(owner: User, officer: User, free_kind: CaseKind, question: Question) -> None:
    question.answer = "許可證無法列印"
    case = in_status(Status.IN_REVIEW, owner, officer, kind=free_kind)
    with pytest.raises(Obstacle):
        act(Action.APPROVE, case, officer)
    assert question.asked[0].status == Status.COMPLETED


def test_the_answers_of_now_are_asked_about(case: Case, officer: User, question: Question) -> None:
    """The page's own copy of the case may be older than the row."""
    Case.objects.update(answers={"chinese_name": "王曉明"})
    found = [finding.code for finding in findings.of(Case.objects.get(), now=NOW)]
    act(Action.APPROVE, case, officer, accepted=found)
    assert question.asked[0].answers == {"chinese_name": "王曉明"}


def test_nothing_is_asked_where_the_approval_is_not_possible_anyway(
    case: Case, owner: User, officer: User, colleague: User, kind: CaseKind, question: Question
) -> None:
    question.answer = "許可證無法列印"
    for actor in (owner, colleague):
        with pytest.raises(NotAllowed, match="approve by this actor"):
            act(Action.APPROVE, case, actor)
    with pytest.raises(StaleCase):
        act(Action.APPROVE, case, officer, version=case.version - 1)
    with pytest.raises(NotAllowed, match="approve from withdrawn"):
        act(Action.APPROVE, act(Action.WITHDRAW, case, owner), officer)
    assert question.asked == []


def test_the_first_obstacle_is_said(case: Case) -> None:
    first, second = Question(), Question()
    first.answer, second.answer = "一", "二"
    try:
        approvals.register(first)
        approvals.register(second)
        approvals.register(first)  # once more is no more
        assert approvals.obstacle(case) == "一"
        assert approvals._checks.count(first) == 1
        assert second.asked == []
    finally:
        approvals._checks.remove(first)
        approvals._checks.remove(second)


def test_no_other_action_is_asked_about(owner: User, officer: User, kind: CaseKind, question: Question) -> None:
    question.answer = "許可證無法列印"
    case = act(Action.TAKE, submitted(owner, kind=kind), officer)
    assert act(Action.REJECT, case, officer).status == Status.REJECTED
    assert question.asked == []
