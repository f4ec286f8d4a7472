"""`manage.py verify_events` finds every edit, deletion and swap that SQL makes with the triggers off."""

import random
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.management.verification import faults
from portal.cases.models import Case, CaseEvent
from portal.cases.states import Action, Status
from tests import people
from tests.factories.cases import act, in_status
from tests.questions import meanwhile

# ruff: noqa: S608  # the table's own name

pytestmark = pytest.mark.django_db
TABLE = CaseEvent._meta.db_table
EDITS = 1000 if connection.vendor == "postgresql" else 200
# What SQL writes into a column: something else than stands there.
COLUMNS: dict[str, list[Any]] = {
    "at": ["2026-01-01 00:00:00+00:00"],
    "action": [action.value for action in Action],
    "role": ["applicant", "officer", "system"],
    "source": ["", *Status.values],
    "target": list(Status.values),
    "version": list(range(1, 12)),
    "note": ["", "另一段意見"],
    "chain": ["0" * 64],
}


@pytest.fixture
def history(owner: User, officer: User, kind: CaseKind, free_kind: CaseKind) -> None:
    """Three cases of three students, with fourteen events."""
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    case = act(Action.TAKE, act(Action.RESUBMIT, case, owner), officer)
    act(Action.APPROVE, case, officer)
    for number, status in enumerate((Status.REJECTED, Status.SUPPLEMENT)):
        found = people.applicant(ui_no=f"A99000003{number}", travel_document_no=f"T4000000{number}")
        in_status(status, people.student(found, f"other{number}"), officer, kind=(kind, free_kind)[number])


@pytest.fixture
def unguarded(history: None) -> Iterator[None]:
    """The triggers are off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table whose foreign keys still wait is not altered
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        else:
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER {TABLE}_no_{verb}")
    yield
    if connection.vendor == "postgresql":  # SQLite's come back with the rollback
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")


def edit(draw: random.Random, events: list[CaseEvent]) -> tuple[str, list[Any]] | None:
    """One statement that changes one row, deletes one, or swaps what two say; None where it would change nothing."""
    event = draw.choice(events)
    what = draw.choice(["edit", "edit", "edit", "delete", "swap", "other case"])
    if what == "delete":
        return f"DELETE FROM {TABLE} WHERE id = %s", [event.pk]
    if what == "other case":
        other = draw.choice([each for each in events if each.case_id != event.case_id])
        return f"UPDATE {TABLE} SET case_id = %s, version = 99 WHERE id = %s", [other.case_id, event.pk]
    if what == "swap":
        other = draw.choice([each for each in events if each.pk != event.pk])
        if (event.note, event.actor_id, event.at) == (other.note, other.actor_id, other.at):
            return None
        return (
            f"UPDATE {TABLE} SET note = CASE id WHEN %s THEN %s ELSE %s END, actor_id = CASE id WHEN %s THEN %s ELSE %s END"
            " WHERE id IN (%s, %s)",
            [event.pk, other.note, event.note, event.pk, other.actor_id, event.actor_id, event.pk, other.pk],
        )
    column = draw.choice(list(COLUMNS))
    value = draw.choice(COLUMNS[column])
    if str(getattr(event, column)) == str(value):
        return None
    if column == "version" and any(each.version == value and each.case_id == event.case_id for each in events):
        return None  # the database itself refuses it
    return f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", [value, event.pk]


@pytest.mark.usefixtures("unguarded")
def test_each_edit_is_found() -> None:
    draw, done = random.Random(20261123), 0  # noqa: S311
    events = list(CaseEvent.objects.order_by("pk"))
    while done < EDITS:
        if (made := edit(draw, events)) is None:
            continue
        sid = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute(*made)
        found = list(faults())
        transaction.savepoint_rollback(sid)
        assert found, made
        done += 1
    assert list(faults()) == []


@pytest.mark.usefixtures("unguarded")
def test_a_case_that_was_moved_by_sql_is_found() -> None:
    case = Case.objects.get(status=Status.REJECTED)
    Case.objects.filter(pk=case.pk).update(status=Status.COMPLETED)
    assert list(faults()) == [f"case {case.pk}: it stands at completed, version 3, and its last event says rejected, 3"]


@pytest.mark.usefixtures("history")
def test_the_command_counts_what_is_whole() -> None:
    out = StringIO()
    call_command("verify_events", stdout=out)
    assert out.getvalue() == "12 events are as they were written\n"


@pytest.mark.usefixtures("unguarded")
def test_the_command_fails_and_names_the_case() -> None:
    event = CaseEvent.objects.filter(action="ask_correction").get()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET note = 'x' WHERE id = %s", [event.pk])
    said = StringIO()
    with pytest.raises(CommandError, match="1 cases have a history"):
        call_command("verify_events", stderr=said)
    assert said.getvalue() == f"case {event.case_id}: the event of version 3 is not what was written\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("history")
def test_what_is_sent_while_the_histories_are_read_is_no_fault(owner: User, officer: User) -> None:
    case, out = Case.objects.get(status=Status.SUPPLEMENT), StringIO()
    with meanwhile(CaseEvent._meta.db_table, lambda: act(Action.TAKE_BACK, case, officer)):
        call_command("verify_events", stdout=out)
    assert out.getvalue().endswith("events are as they were written\n")
    assert Case.objects.get(pk=case.pk).status == Status.IN_REVIEW
