"""Two people at the same moment. Each race has a control test that shows what happens without the guard."""

import datetime as dt
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, islice
from typing import Any, ClassVar

import pytest

from portal.accounts.models import User
from portal.cases import findings, operations, queries
from portal.cases.kinds import CaseKind
from portal.cases.models import Case, CaseEvent, Revision
from portal.cases.outcomes import CardToCollect, Outcome
from portal.cases.states import Action, Status
from portal.core.models import Serial
from portal.mail.models import OutgoingMail
from portal.review.groups import OFFICERS
from tests import people
from tests.factories.cases import NOW, TAIPEI, act, document, in_status, submitted
from tests.kinds import registered
from tests.staff import make_staff

from .conftest import WithFee
from .races import ROUNDS, Call, racers, together
from .races import unguarded as unguarded

pytestmark = pytest.mark.django_db(transaction=True)
PARALLEL = 50


def acting(action: Action, case: Case, actor: User) -> Call:
    """That action, as a page opened before the race shows it, with every finding of it ticked."""
    said: dict[str, Any] = (
        {"accepted": [finding.code for finding in findings.of(case, now=NOW)]} if action is Action.APPROVE else {}
    )
    seen = copy(case)
    return lambda: act(action, seen, actor, **said)


def actions(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("action", flat=True))


def emails(case: Case) -> list[str]:
    """Those to the owner of the case, who has no other."""
    return list(OutgoingMail.objects.filter(to=case.owner.email).order_by("pk").values_list("kind", flat=True))


@dataclass(frozen=True)
class Way:
    """One of two steps that exclude each other, and what is so after it alone."""

    action: Action
    actor: str  # the fixture
    status: Status
    emails: tuple[str, ...]  # the set that goes out with it
    returns: tuple[str, ...] = ()  # how each 退補 of the case stands
    revisions: int = 1


OPEN, ANSWERED, TAKEN_BACK = ("open",), ("answered",), ("taken back",)
APPROVE = Way(Action.APPROVE, "officer", Status.AWAITING_PAYMENT, ("case_approved",))
ASK_CORRECTION = Way(Action.ASK_CORRECTION, "officer", Status.CORRECTION, ("case_returned",), OPEN)
RESUBMIT = Way(Action.RESUBMIT, "owner", Status.SUBMITTED, ("case_resubmitted",), ANSWERED, revisions=2)
REJECT = Way(Action.REJECT, "officer", Status.REJECTED, ("case_rejected",), OPEN)
TAKE = Way(Action.TAKE, "officer", Status.IN_REVIEW, ())
TAKE_BACK = Way(Action.TAKE_BACK, "officer", Status.IN_REVIEW, ("case_return_taken_back",), TAKEN_BACK)
WITHDRAW = Way(Action.WITHDRAW, "owner", Status.WITHDRAWN, ("case_withdrawn",))
# Where the case stands, and which two steps meet there.
EXCLUDING: dict[str, tuple[Status, Way, Way]] = {
    "approve, withdraw": (Status.IN_REVIEW, APPROVE, WITHDRAW),
    "return, withdraw": (Status.IN_REVIEW, ASK_CORRECTION, WITHDRAW),
    "resubmit, reject": (Status.CORRECTION, RESUBMIT, REJECT),
    "resubmit, withdraw": (Status.CORRECTION, RESUBMIT, replace(WITHDRAW, returns=OPEN)),
    "resubmit, take back": (Status.CORRECTION, RESUBMIT, TAKE_BACK),
    "two officers": (Status.SUBMITTED, TAKE, replace(TAKE, actor="colleague")),
}
LATEST = 40  # more than any step asks before it locks
excluding = pytest.mark.parametrize("race", EXCLUDING)


class WithCard(WithFee):
    """Nothing is drawn before it is approved, which would take longer than all other steps."""

    code = tab = "with-card"
    digit = "7"
    outcome: ClassVar[Outcome] = CardToCollect("collect_at", "", ())  # type: ignore[assignment]  # another sort than its parent's


@pytest.fixture
def card_kind() -> Iterator[CaseKind]:
    with registered(WithCard) as made:
        yield made


def students() -> Iterator[User]:
    """As many as one wants, none of them with a case."""
    for number in count():
        found = people.applicant(ui_no=f"A99000{number:04}", travel_document_no=f"T3000{number:04}")
        yield people.student(found, f"student{number}")


def at_the_start(race: str, owner: User, request: pytest.FixtureRequest, kind: CaseKind) -> tuple[Case, list[Call]]:
    """A new case, and the two steps as two pages that were opened before show it."""
    status, *ways = EXCLUDING[race]
    case = in_status(status, owner, request.getfixturevalue("officer"), kind=kind)
    actors = [owner if each.actor == "owner" else request.getfixturevalue(each.actor) for each in ways]
    return case, [acting(each.action, case, actor) for each, actor in zip(ways, actors, strict=True)]


def late(call: Call, questions: int) -> Call:
    """The same, but first the database is asked so often: who reads longer before they write meets the other half-way."""

    def ask_then_call() -> Case | None:
        for _ in range(questions):
            Case.objects.exists()
        return call()

    return ask_then_call


@pytest.mark.slow
@excluding
def test_one_of_the_two_happens_and_its_emails_go_out_once(
    race: str, card_kind: CaseKind, request: pytest.FixtureRequest
) -> None:
    _status, *ways = EXCLUDING[race]
    happened: set[Way] = set()
    with racers(2) as start:
        for turn, owner in enumerate(islice(students(), ROUNDS)):
            case, calls = at_the_start(race, owner, request, card_kind)
            before, sent = actions(case), emails(case)
            calls[turn % 2] = late(calls[turn % 2], turn // 2 % LATEST)
            outcomes = start(calls)
            assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "StaleCase"]
            [done] = [each for each, outcome in zip(ways, outcomes, strict=True) if isinstance(outcome, Case)]
            case.refresh_from_db()
            assert (case.status, case.version) == (done.status, len(before) + 1)
            assert actions(case) == [*before, done.action]
            assert emails(case) == [*sent, *done.emails]
            assert (case.revisions.count(), how_returned(case)) == (done.revisions, done.returns)
            happened.add(done)
    assert happened == set(ways) or ROUNDS < LATEST


def how_returned(case: Case) -> tuple[str, ...]:
    """How each 退補 of the case stands."""
    ended = case.returns.order_by("pk").values_list("answered_at", "taken_back_at")
    return tuple("answered" if answered else "taken back" if taken_back else "open" for answered, taken_back in ended)


@pytest.mark.usefixtures("unguarded")
@excluding
def test_without_the_guard_both_happen(race: str, owner: User, kind: CaseKind, request: pytest.FixtureRequest) -> None:
    _status, *ways = EXCLUDING[race]
    case, calls = at_the_start(race, owner, request, kind)
    before, sent = actions(case), emails(case)
    for call in calls:  # approving asks for the case again before it locks it: after the other it would see what it did
        call()
    assert actions(case) == [*before, *(each.action for each in ways)]
    assert set(emails(case)[len(sent) :]) >= {email for each in ways for email in each.emails}


def several(kind: CaseKind, number: int) -> list[Case]:
    return [submitted(owner, kind=kind) for owner in islice(students(), number)]


def taking_next(count: int) -> list[Call]:
    officers = [make_staff(f"officer{number}", OFFICERS) for number in range(count)]
    return [partial(operations.take_next, actor=officer, now=NOW) for officer in officers]


@pytest.mark.slow
def test_of_ten_who_take_the_next_each_gets_another_case_as_long_as_there_are_any(kind: CaseKind) -> None:
    """Three wait, and ten ask; then they are put back, and the ten ask again."""
    waiting, calls = several(kind, 3), taking_next(10)
    with racers(10) as start:
        for turn in range(ROUNDS):
            taken = [case for case in start(calls) if case is not None]
            assert sorted(case.pk for case in taken if isinstance(case, Case)) == [case.pk for case in waiting]
            assert len({case.assignee_id for case in taken if isinstance(case, Case)}) == len(taken) == 3
            for case in taken:
                assert isinstance(case, Case)
                assert CaseEvent.objects.filter(case=case, action=Action.TAKE).count() == turn + 1
                act(Action.RELEASE, case, case.assignee)
    assert [emails(case) for case in waiting] == [["case_submitted"]] * 3


def test_of_ten_who_take_the_next_of_ten_each_gets_one(kind: CaseKind) -> None:
    several(kind, 10)
    taken = together(*taking_next(10))
    assert len({case.pk for case in taken if isinstance(case, Case)}) == 10
    assert Case.objects.filter(status=Status.IN_REVIEW).values("assignee").distinct().count() == 10


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_the_last_case_is_taken_by_several(kind: CaseKind) -> None:
    """As a list read before shows it to each of them."""
    [case] = several(kind, 1)
    for number, seen in enumerate([Case.objects.get() for _ in range(3)]):
        act(Action.TAKE, seen, make_staff(f"officer{number}", OFFICERS))
    assert actions(case) == ["submit", "take", "take", "take"]


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
    assert actions(case) == ["submit", "take", "ask_correction", last]


@pytest.mark.usefixtures("unguarded")
def test_without_the_guard_a_corrected_case_is_ended(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    found = Case.objects.get()
    act(Action.RESUBMIT, case, owner, now=IN_TIME)
    operations.expire(found, now=AFTER)
    assert actions(case) == ["submit", "take", "ask_correction", "resubmit", "expire"]
