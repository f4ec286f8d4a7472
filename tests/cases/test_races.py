"""Two people at the same moment. Each race has a control test that shows what happens without the guard."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from portal.accounts.models import User
from portal.cases import operations, queries
from portal.cases.kinds import CaseKind
from portal.cases.models import Case, CaseEvent, Revision
from portal.cases.operations import NotAllowed, StaleCase
from portal.cases.states import Action, Status
from portal.core.models import Serial
from portal.mail.models import OutgoingMail
from tests.factories.cases import TAIPEI, act, document, in_status, submitted

pytestmark = pytest.mark.django_db(transaction=True)
PARALLEL = 50


def together(*calls: Callable[[], Case]) -> list[Case | Exception]:
    """Start all calls at once, each in a thread with a connection of its own; what each gave or raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Case]) -> Case | Exception:
        try:
            barrier.wait(timeout=20)
            return call()
        except (NotAllowed, StaleCase) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def acting(action: Action, actor: User) -> Callable[[], Case]:
    """That action on the only case, as a page opened before the race shows it."""
    seen = Case.objects.get()
    return lambda: act(action, seen, actor)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operations without lock and version."""

    def write(case: Case, **changes: Any) -> None:
        Case.objects.filter(pk=case.pk).update(**changes, version=F("version") + 1)
        case.refresh_from_db()

    monkeypatch.setattr(operations, "_lock", lambda case: case)
    monkeypatch.setattr(operations, "_write", write)


@pytest.fixture
def in_review(owner: User, officer: User, kind: CaseKind) -> Case:
    return in_status(Status.IN_REVIEW, owner, officer, kind=kind)


def actions() -> list[str]:
    return list(CaseEvent.objects.values_list("action", flat=True))


def emails() -> set[str]:
    return set(OutgoingMail.objects.values_list("kind", flat=True))


def test_approve_and_withdraw_end_in_one_of_the_two(in_review: Case, owner: User, officer: User) -> None:
    outcomes = together(acting(Action.APPROVE, officer), acting(Action.WITHDRAW, owner))
    status = Case.objects.get().status
    assert status in (Status.AWAITING_PAYMENT, Status.WITHDRAWN)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "StaleCase"]
    done = {Status.AWAITING_PAYMENT: ("approve", "case_approved"), Status.WITHDRAWN: ("withdraw", "case_withdrawn")}
    action, email = done[Status(status)]
    assert actions() == ["submit", "take", action]
    assert emails() == {"case_submitted", email}


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_a_case_is_both_approved_and_withdrawn(in_review: Case, owner: User, officer: User) -> None:
    together(acting(Action.APPROVE, officer), acting(Action.WITHDRAW, owner))
    assert sorted(actions()) == ["approve", "submit", "take", "withdraw"]
    assert emails() == {"case_submitted", "case_approved", "case_withdrawn"}


def test_of_two_officers_one_takes_the_case(owner: User, officer: User, colleague: User, kind: CaseKind) -> None:
    submitted(owner, kind=kind)
    outcomes = together(acting(Action.TAKE, officer), acting(Action.TAKE, colleague))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "StaleCase"]
    winner = next(outcome for outcome in outcomes if isinstance(outcome, Case))
    assert Case.objects.get().assignee == winner.assignee
    assert actions() == ["submit", "take"]


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_both_officers_take_the_case(owner: User, officer: User, colleague: User, kind: CaseKind) -> None:
    submitted(owner, kind=kind)
    together(acting(Action.TAKE, officer), acting(Action.TAKE, colleague))
    assert actions() == ["submit", "take", "take"]


def test_fifty_submits_of_one_draft_are_one_case(owner: User, kind: CaseKind) -> None:
    photo = document()
    outcomes = together(*[lambda: submitted(owner, kind=kind, documents=[photo], draft_token="abc")] * PARALLEL)
    assert outcomes == [Case.objects.get()] * PARALLEL
    assert (CaseEvent.objects.count(), Revision.objects.count(), OutgoingMail.objects.count()) == (1, 1, 1)
    assert Serial.objects.get(name="case:115").last == 5_000_001


def test_without_asking_for_the_draft_the_others_are_refused(
    owner: User, kind: CaseKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "sent_draft", lambda *whose: None)
    outcomes = together(*[lambda: submitted(owner, kind=kind, draft_token="abc")] * 5)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case"] + ["NotAllowed"] * 4


def test_of_two_drafts_of_a_kind_one_becomes_a_case(owner: User, kind: CaseKind) -> None:
    outcomes = together(
        lambda: submitted(owner, kind=kind, draft_token="one"), lambda: submitted(owner, kind=kind, draft_token="two")
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "NotAllowed"]
    assert Case.objects.count() == 1
    assert Serial.objects.get(name="case:115").last == 5_000_001


IN_TIME = dt.datetime(2027, 1, 25, 23, 59, 59, tzinfo=TAIPEI)  # the last second of the period
AFTER = IN_TIME + dt.timedelta(seconds=1)


def test_a_correction_of_the_last_second_and_its_end_exclude_each_other(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    together(
        lambda: act(Action.RESUBMIT, case, owner, now=IN_TIME), *[lambda: operations.expire(case, now=AFTER) for _ in range(5)]
    )
    last = {Status.SUBMITTED: "resubmit", Status.REJECTED: "expire"}[Status(Case.objects.get().status)]
    assert actions() == ["submit", "take", "ask_correction", last]


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_a_corrected_case_is_ended(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    found = Case.objects.get()
    act(Action.RESUBMIT, case, owner, now=IN_TIME)
    operations.expire(found, now=AFTER)
    assert actions() == ["submit", "take", "ask_correction", "resubmit", "expire"]
