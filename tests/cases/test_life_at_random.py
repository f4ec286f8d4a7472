"""Whatever student, officers, system and clock do, in any order: only what the table lists happens, once each."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.cases.emails import EMAILS
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, StaleCase
from portal.cases.states import CLOSED, ROLES, TRANSITIONS, Action, Role, Status, edge_from
from portal.mail.models import OutgoingMail
from tests.factories.cases import NOW, act, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES, STEPS = 200, 50
ACTIONS = [action for action in Action if action not in {Action.SUBMIT, Action.ASSIGN}]
ENDING = {Action.WITHDRAW, Action.REJECT}  # seldom tried: a case that is closed moves no more
EDGES = {
    (source.value, target.value, edge.action.value)
    for edge in TRANSITIONS
    for source in edge.sources
    for target in edge.targets or {source}
}
LIVES = [
    [Action.WITHDRAW],
    [Action.TAKE, Action.APPROVE, Action.EXPIRE],
    [Action.TAKE, Action.ASK_SUPPLEMENT, Action.ASK_EXTENSION, Action.EXTEND, Action.RESUBMIT, Action.TAKE, Action.REJECT],
    [
        *[Action.TAKE, Action.RELEASE, Action.TAKE, Action.ASK_CORRECTION, Action.TAKE_BACK],
        *[Action.ASK_CORRECTION, Action.ASK_EXTENSION, Action.DECLINE_EXTENSION, Action.RESUBMIT],
        *[Action.TAKE, Action.CORRECT, Action.APPROVE, Action.SETTLE],
    ],
]
# What is tried: a listed step or any at all, which one, by whom, on a page how many versions old, after how many days.
step = st.tuples(
    st.sampled_from([True, True, True, False]),
    st.sampled_from(range(60)),
    st.sampled_from(["owner", "officer", "officer", "colleague"]),
    st.sampled_from([0, 0, 0, 0, 1]),
    st.sampled_from([0, 0, 0, 1, 1, 20, 70]),
)


Step = tuple[bool, int, str, int, int]


def snapshot(case: Case) -> tuple[Any, ...]:
    row = Case.objects.get(pk=case.pk)
    return row.status, row.version, row.deadline, row.answers, case.events.count(), OutgoingMail.objects.count()


def live(case: Case, steps: list[Step], people: dict[str, User]) -> None:
    now = NOW
    for is_listed, which, who, age, days in steps:
        now += dt.timedelta(days=days, minutes=1)
        before = snapshot(case)
        seen = Case.objects.get(pk=case.pk)
        listed = [each for each in ACTIONS if edge_from(Status(seen.status), each) and (which % 8 == 0 or each not in ENDING)]
        choices = listed if is_listed and listed else ACTIONS
        action = choices[which % len(choices)]
        if is_listed and ROLES[action] is Role.APPLICANT:
            who = "owner"
        try:
            act(action, seen, people[who], now=now, **({} if not age else {"version": seen.version - age}))
        except (NotAllowed, StaleCase):
            assert snapshot(case) == before, f"{action} was refused and changed something"
            continue
        except TypeError:
            assert age  # the system's actions know no version
            continue
        check(case, before, action)


def check(case: Case, before: tuple[Any, ...], action: Action) -> None:
    """One listed step, one event, one email where it has one, the next version; what is closed stays closed."""
    after = Case.objects.get(pk=case.pk)
    event = case.events.latest("version")
    assert (before[0], after.status, action.value) in EDGES
    assert (event.source, event.target, event.action, event.version) == (before[0], after.status, action.value, after.version)
    assert (after.version, case.events.count()) == (before[1] + 1, before[4] + 1)
    expected = int((action, Status(after.status)) in EMAILS)
    assert OutgoingMail.objects.filter(cause=f"case:{case.uid}:{after.version}").count() == expected
    assert OutgoingMail.objects.count() == before[5] + expected
    assert before[0] not in CLOSED - {Status.LAPSED}


def test_any_life_is_one_that_the_table_allows(owner: User, officer: User, colleague: User, kind: CaseKind) -> None:
    people = {"owner": owner, "officer": officer, "colleague": colleague}

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(steps=st.lists(step, min_size=STEPS, max_size=STEPS))
    def lives(steps: list[Step]) -> None:
        with transaction.atomic():
            live(submitted(owner, kind=kind), steps, people)
            transaction.set_rollback(True)

    lives()


@pytest.mark.parametrize("listed", LIVES)
def test_a_listed_life_goes_through(owner: User, officer: User, kind: CaseKind, listed: list[Action]) -> None:
    case = submitted(owner, kind=kind)
    for action in listed:
        before = snapshot(case)
        days = 100 if action is Action.EXPIRE else 0
        by = owner if ROLES[action] is Role.APPLICANT else officer
        act(action, Case.objects.get(pk=case.pk), by, now=NOW + dt.timedelta(days=days))
        check(case, before, action)


def test_the_listed_lives_have_every_action() -> None:
    """So whatever is drawn at random can be taken by `act`, too."""
    assert {action for listed in LIVES for action in listed} == set(ACTIONS)
