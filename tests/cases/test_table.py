"""Every status x action x role, against the table of states.py."""

from itertools import product

import pytest

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.models import Case, CaseEvent
from portal.cases.operations import NotAllowed, StaleCase, performing
from portal.cases.states import CLOSED, OPEN, RETURNED, ROLES, TRANSITIONS, Action, Role, Status, edge_from
from tests.factories.cases import LATE, NOW, act, in_status, submitted


def allowed(status: Status, role: Role) -> frozenset[Action]:
    """The actions that `role` may take on a case in `status`."""
    return frozenset(edge.action for edge in TRANSITIONS if edge.role is role and status in edge.sources)


PERFORMED = [action for action in Action if action is not Action.SUBMIT]
SYSTEM = (Action.SETTLE, Action.EXPIRE)

# The table once more, by hand: what a change of states.py must answer for.
LEGAL = {
    (Status.SUBMITTED, Action.TAKE, Role.OFFICER): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.WITHDRAW, Role.APPLICANT): Status.WITHDRAWN,
    (Status.IN_REVIEW, Action.RELEASE, Role.OFFICER): Status.SUBMITTED,
    (Status.IN_REVIEW, Action.ASK_CORRECTION, Role.OFFICER): Status.CORRECTION,
    (Status.IN_REVIEW, Action.ASK_SUPPLEMENT, Role.OFFICER): Status.SUPPLEMENT,
    (Status.IN_REVIEW, Action.APPROVE, Role.OFFICER): Status.AWAITING_PAYMENT,
    (Status.IN_REVIEW, Action.REJECT, Role.OFFICER): Status.REJECTED,
    (Status.IN_REVIEW, Action.WITHDRAW, Role.APPLICANT): Status.WITHDRAWN,
    (Status.CORRECTION, Action.RESUBMIT, Role.APPLICANT): Status.SUBMITTED,
    (Status.CORRECTION, Action.REJECT, Role.OFFICER): Status.REJECTED,
    (Status.CORRECTION, Action.WITHDRAW, Role.APPLICANT): Status.WITHDRAWN,
    (Status.CORRECTION, Action.EXPIRE, Role.SYSTEM): Status.REJECTED,
    (Status.SUPPLEMENT, Action.RESUBMIT, Role.APPLICANT): Status.SUBMITTED,
    (Status.SUPPLEMENT, Action.REJECT, Role.OFFICER): Status.REJECTED,
    (Status.SUPPLEMENT, Action.WITHDRAW, Role.APPLICANT): Status.WITHDRAWN,
    (Status.SUPPLEMENT, Action.EXPIRE, Role.SYSTEM): Status.REJECTED,
    (Status.AWAITING_PAYMENT, Action.SETTLE, Role.SYSTEM): Status.COMPLETED,
    (Status.LAPSED, Action.SETTLE, Role.SYSTEM): Status.COMPLETED,
    (Status.AWAITING_PAYMENT, Action.EXPIRE, Role.SYSTEM): Status.LAPSED,
    (Status.CORRECTION, Action.TAKE_BACK, Role.OFFICER): Status.IN_REVIEW,
    (Status.SUPPLEMENT, Action.TAKE_BACK, Role.OFFICER): Status.IN_REVIEW,
    # Where the case stays as it is.
    (Status.SUBMITTED, Action.ASSIGN, Role.OFFICER): Status.SUBMITTED,
    (Status.IN_REVIEW, Action.ASSIGN, Role.OFFICER): Status.IN_REVIEW,
    (Status.CORRECTION, Action.ASSIGN, Role.OFFICER): Status.CORRECTION,
    (Status.SUPPLEMENT, Action.ASSIGN, Role.OFFICER): Status.SUPPLEMENT,
    (Status.IN_REVIEW, Action.CORRECT, Role.OFFICER): Status.IN_REVIEW,
    (Status.CORRECTION, Action.ASK_EXTENSION, Role.APPLICANT): Status.CORRECTION,
    (Status.SUPPLEMENT, Action.ASK_EXTENSION, Role.APPLICANT): Status.SUPPLEMENT,
    (Status.CORRECTION, Action.EXTEND, Role.OFFICER): Status.CORRECTION,
    (Status.SUPPLEMENT, Action.EXTEND, Role.OFFICER): Status.SUPPLEMENT,
    (Status.CORRECTION, Action.DECLINE_EXTENSION, Role.OFFICER): Status.CORRECTION,
    (Status.SUPPLEMENT, Action.DECLINE_EXTENSION, Role.OFFICER): Status.SUPPLEMENT,
}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, PERFORMED, Role)))
def test_the_operation_does_what_the_table_says(
    status: Status, action: Action, role: Role, owner: User, officer: User, kind: CaseKind
) -> None:
    case = in_status(status, owner, officer, kind=kind)
    if action is Action.DECLINE_EXTENSION and status in RETURNED:
        case = act(Action.ASK_EXTENSION, case, owner)
    if action is Action.ASSIGN and status is Status.SUBMITTED:  # of a case that nobody has, only a supervisor disposes
        Case.objects.update(assignee=officer)
        case.refresh_from_db()
    actor = {Role.APPLICANT: owner, Role.OFFICER: officer, Role.SYSTEM: None}[role]
    before = (case.status, case.version, case.events.count())
    now = LATE if action is Action.EXPIRE else NOW
    if target := LEGAL.get((status, action, role)):
        done = _do(action, case, actor, role, now)
        assert (done.status, done.version) == (target, case.version + 1)
        assert Case.objects.get().status == target
        assert list(done.events.values_list("source", "target", "action", "role", "version"))[-1] == (
            status,
            target,
            action,
            role,
            done.version,
        )
    else:
        with pytest.raises(NotAllowed):
            _do(action, case, actor, role, now)
        after = Case.objects.get()
        assert (after.status, after.version, after.events.count()) == before


def _do(action: Action, case: Case, actor: User | None, role: Role, now: object) -> Case:
    if action in SYSTEM and role is not Role.SYSTEM:
        # settle and expire take no actor at all: only the innermost function could be given one.
        return performing.perform(case, action, actor=actor, now=NOW)
    return act(action, case, actor, now=now)  # type: ignore[arg-type]


def test_the_table_holds_these_edges_and_no_others() -> None:
    edges = {(source, edge.action, edge.role): edge.targets or {source} for edge in TRANSITIONS for source in edge.sources}
    without_fee = {(Status.IN_REVIEW, Action.APPROVE, Role.OFFICER): {Status.COMPLETED}}
    assert edges == {key: {target} | without_fee.get(key, set()) for key, target in LEGAL.items()}
    assert allowed(Status.IN_REVIEW, Role.APPLICANT) == {Action.WITHDRAW}


def test_a_case_is_open_or_closed_and_only_money_leaves_a_closed_one() -> None:
    assert set(Status) == OPEN | CLOSED
    leaving = {(status, role): actions for status, role in product(CLOSED, Role) if (actions := allowed(status, role))}
    assert leaving == {(Status.LAPSED, Role.SYSTEM): {Action.SETTLE}}


@pytest.mark.parametrize("status", list(Status))
def test_a_second_case_of_the_kind_is_sent_only_when_the_first_is_closed(
    status: Status, owner: User, officer: User, kind: CaseKind
) -> None:
    in_status(status, owner, officer, kind=kind)
    if status in CLOSED:
        assert submitted(owner, kind=kind).status == Status.SUBMITTED
    else:
        with pytest.raises(NotAllowed):
            submitted(owner, kind=kind)


@pytest.mark.parametrize("action", [action for action in PERFORMED if action not in SYSTEM])
def test_an_action_on_an_older_version_is_stale_and_leaves_everything_as_it_was(
    action: Action, owner: User, officer: User, kind: CaseKind
) -> None:
    source = next(status for status in Status if edge_from(status, action))
    case = in_status(source, owner, officer, kind=kind)
    if action is Action.DECLINE_EXTENSION:
        case = act(Action.ASK_EXTENSION, case, owner)
    if action is Action.ASSIGN:
        Case.objects.update(assignee=officer)
    actor = owner if ROLES[action] is Role.APPLICANT else officer
    events = CaseEvent.objects.count()
    with pytest.raises(StaleCase):
        act(action, case, actor, version=case.version - 1)
    assert (Case.objects.get().status, CaseEvent.objects.count()) == (source, events)


def test_a_colleague_may_give_back_what_was_left(owner: User, officer: User, colleague: User, kind: CaseKind) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=kind)
    case = act(Action.RELEASE, case, colleague)
    assert (case.status, case.assignee) == (Status.SUBMITTED, None)


@pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT, Action.APPROVE, Action.REJECT])
def test_only_the_officer_who_took_the_case_decides(
    action: Action, owner: User, officer: User, colleague: User, kind: CaseKind
) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=kind)
    with pytest.raises(NotAllowed):
        act(action, case, colleague)
    assert Case.objects.get().status == Status.IN_REVIEW


@pytest.mark.parametrize("action", [Action.TAKE, Action.WITHDRAW])
def test_a_stranger_and_staff_without_the_permission_may_do_nothing(
    action: Action, owner: User, stranger: User, editor: User, kind: CaseKind
) -> None:
    case = submitted(owner, kind=kind)
    for actor in (stranger, editor):
        with pytest.raises(NotAllowed):
            act(action, case, actor)
    assert Case.objects.get().version == 1
