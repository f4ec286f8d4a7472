"""What happened to a case, in one list: the steps, what was written to the applicant, what staff noted for one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from portal.cases.models import Case
from portal.cases.states import ACTION_LABELS, Action
from portal.core.categories import StrOrPromise
from portal.mail.models import OutgoingMail

from .models import Note

STEP, EMAIL, NOTE, QUESTION = "step", "email", "note", "question"


@dataclass(frozen=True)
class Entry:
    """One line: `what` is the action of a step, the subject of an email; `text` what was said with it."""

    sort: str
    at: datetime
    what: str
    text: str
    who: str

    @property
    def label(self) -> StrOrPromise:
        return ACTION_LABELS[Action(self.what)] if self.sort == STEP else self.what

    @property
    def state(self) -> str:
        """Of an email."""
        return str(OutgoingMail.State(self.text).label)


@dataclass(frozen=True)
class Returned:
    """The last 退補, as the history tells it."""

    at: datetime
    officer: str
    opinion: str
    is_answered: bool
    extension_reason: str = ""
    extension_asked_at: datetime | None = None
    extended_at: datetime | None = None
    is_declined: bool = False

    @property
    def extension_is_pending(self) -> bool:
        return bool(self.extension_asked_at and not self.extended_at and not self.is_declined)


def returned(entries: Sequence[Entry]) -> Returned | None:
    """The last 退補 that was not taken back; None where there is none."""
    steps = [entry for entry in entries if entry.sort == STEP]
    asks = {Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT}
    first = next((number for number in reversed(range(len(steps))) if steps[number].what in asks), None)
    after = {entry.what: entry for entry in steps[first + 1 :]} if first is not None else {}
    if first is None or Action.TAKE_BACK in after:
        return None
    asked, extended = after.get(Action.ASK_EXTENSION), after.get(Action.EXTEND)
    return Returned(
        steps[first].at,
        steps[first].who,
        steps[first].text,
        Action.RESUBMIT in after,
        asked.text if asked else "",
        asked.at if asked else None,
        extended.at if extended else None,
        Action.DECLINE_EXTENSION in after,
    )


def of(case: Case) -> list[Entry]:
    """From the first; one question to the database."""
    steps = _columns(case.events.order_by(), Value(STEP), "at", "action", "note", "actor")
    notes = Note.objects.filter(case=case).order_by()
    emails = OutgoingMail.objects.filter(cause__startswith=f"case:{case.uid}:").order_by()
    found = steps.union(
        _columns(notes.filter(asks=False), Value(NOTE), "at", Value(""), "text", "author"),
        _columns(notes.filter(asks=True), Value(QUESTION), "at", Value(""), "text", "author"),
        _columns(emails, Value(EMAIL), "created_at", "subject", "state", ""),
        all=True,
    )
    order = (STEP, EMAIL, NOTE, QUESTION)
    rows = sorted(found, key=lambda row: (row[1], order.index(row[0]), row[5]))
    return [Entry(*row[:5]) for row in rows]


def are_answered(entries: Sequence[Entry]) -> bool:
    """Whether the case has been returned, or corrected: there is more than one revision."""
    more = {Action.RESUBMIT, Action.CORRECT, Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT}
    return any(entry.sort == STEP and entry.what in more for entry in entries)


def sent_at(entries: Sequence[Entry]) -> datetime | None:
    """When the applicant sent it last."""
    sends = {Action.SUBMIT, Action.RESUBMIT}
    return next((entry.at for entry in reversed(entries) if entry.sort == STEP and entry.what in sends), None)


def _columns(rows: QuerySet[Any], sort: Value, at: str, what: str | Value, text: str, person: str) -> QuerySet[Any, Any]:
    """The same columns of each table."""
    who = Coalesce(NullIf(F(f"{person}__chinese_name"), Value("")), F(f"{person}__username"), Value("")) if person else Value("")
    return rows.values_list(Cast(sort, TextField()), at, _text(what), _text(text), Cast(who, TextField()), "pk")


def _text(column: str | Value) -> Cast:
    return Cast(F(column) if isinstance(column, str) else column, TextField())
