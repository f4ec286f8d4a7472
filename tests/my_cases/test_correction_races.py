"""One student in two windows, and an officer beside them, at the same moment. Each race has its control."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from portal.accounts.models import User
from portal.cases.models import Case, CaseEvent
from portal.cases.operations import NotAllowed, StaleCase
from portal.cases.queries import current_documents, current_return
from portal.cases.states import Action, Status
from portal.forms import operations
from portal.forms.models import Draft
from portal.my_cases.corrections import drafts
from tests.factories.cases import NOW, act, document, in_status

pytestmark = pytest.mark.django_db(transaction=True)
SLOTS = ("photo", "enrolment", "travel-document", "single-permit", "person-id")  # what these answers ask for
PARALLEL = 8


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised; all begin at once, each with a connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return call()
        except (NotAllowed, StaleCase) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def case(owner: User, officer: User) -> Case:
    return in_status(Status.CORRECTION, owner, officer, documents=[document(slot) for slot in SLOTS])


def begun(case: Case) -> Draft:
    returned = current_return(case)
    assert returned
    return drafts.begun(case, returned)


def sending(case: Case) -> Callable[[], Case]:
    draft = Draft.objects.get(corrects=case)
    return lambda: drafts.send(draft, version=case.version, answers=case.answers, reply="", now=NOW)


def names(outcomes: list[Any]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_windows_that_begin_at_once_have_one_draft(case: Case) -> None:
    made = together(*[lambda: begun(Case.objects.get())] * PARALLEL)
    assert {draft.pk for draft in made} == {Draft.objects.get(corrects=case).pk}


def test_of_many_clicks_one_sends(case: Case) -> None:
    begun(case)
    outcomes = together(*[sending(case)] * PARALLEL)
    assert names(outcomes) == ["Case", *["NotAllowed"] * (PARALLEL - 1)]
    assert list(CaseEvent.objects.values_list("action", flat=True))[3:] == ["resubmit"]
    assert Case.objects.get().revisions.count() == 2
    assert not Draft.objects.filter(corrects=case).exists()


def test_control_without_the_drafts_lock_what_was_sent_is_sent_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click that waited while the case was sent and returned once more: the draft that its page knew is gone."""
    begun(case)
    stale = Draft.objects.get(corrects=case)
    taken = drafts.send(stale, version=case.version, answers=case.answers, reply="", now=NOW)
    officer = case.assignee
    back = act(Action.ASK_CORRECTION, act(Action.TAKE, taken, officer), officer)
    again = {"version": back.version, "answers": back.answers, "reply": "", "now": NOW}
    with pytest.raises(NotAllowed):
        drafts.send(stale, **again)
    monkeypatch.setattr(operations, "lock", lambda draft: draft)
    assert drafts.send(stale, **again).status == Status.SUBMITTED


def test_sending_and_taking_back_end_in_one_of_the_two(case: Case, officer: User) -> None:
    begun(case)
    seen = Case.objects.get()
    outcomes = together(sending(case), lambda: act(Action.TAKE_BACK, seen, officer))
    assert names(outcomes) == ["Case", "StaleCase"]
    now = Case.objects.get()
    assert now.status in (Status.SUBMITTED, Status.IN_REVIEW)
    assert Draft.objects.filter(corrects=case).exists() is (now.status == Status.IN_REVIEW)  # what was typed is not lost
    assert {each.slot for each in current_documents(now)} == set(SLOTS)


def test_what_is_typed_at_once_is_all_kept(case: Case) -> None:
    draft = begun(case)
    fields = ["department", "road", "number", "lane", "village", "alley"]
    together(*[lambda name=name: operations.save_typed(draft, "form", {name: ["x"]}) for name in fields])
    assert set(drafts.typed_in(Draft.objects.get(corrects=case).data)) == set(fields)
