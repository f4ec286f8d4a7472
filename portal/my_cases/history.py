"""辦理進度: what happened to a case in plain words, with what was said and what was changed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case, Document, Return, Revision
from portal.cases.states import Action
from portal.core.categories import StrOrPromise
from portal.forms.presentation import all_in_words

from .wording import HAPPENED, TOLD

# Each of them made a revision, in this order.
REVISING = frozenset({Action.SUBMIT, Action.RESUBMIT, Action.CORRECT})
RETURNING = frozenset({Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT})
REMARK = _("{label}：{text}")
ASKED = _("另請檢附：{label}")
DEADLINE = _("期限：{day}")
CHANGED = _("{label}：{before} → {after}")
FILES_ADDED = _("新上傳 {count} 個檔案")


# With each event what its 退補 said, in the same question to the database.
_SAID_IN_RETURN = {
    f"return_{name}": Subquery(Return.objects.filter(case=OuterRef("case"), version=OuterRef("version")).values(name))
    for name in ("remarks", "asked", "deadline", "extended_at")
}


@dataclass(frozen=True)
class Step:
    """One line of the timeline; `details` are short lines below it."""

    at: datetime
    text: StrOrPromise
    note: str
    details: tuple[StrOrPromise, ...] = ()


def steps_of(case: Case, documents: Iterable[Document]) -> list[Step]:
    """What happened to the case so far, oldest first; `documents` are all that it ever had."""
    events: list[Any] = list(case.events.annotate(**_SAID_IN_RETURN))
    actions = [Action(event.action) for event in events]
    revisions = list(case.revisions.all()) if sum(action in REVISING for action in actions) > 1 else []
    files = Counter(document.revision for document in documents)
    steps, number, last = [], 0, None
    for event, action in zip(events, actions, strict=True):
        details: list[StrOrPromise] = []
        number += action in REVISING
        if action in RETURNING:
            last = event
            details = list(_returned(case, event))
        elif number > 1 and action in REVISING:
            details = list(_changed(case, revisions[number - 2 : number], files[number]))
        elif action is Action.EXTEND and last:
            details = [format_lazy(DEADLINE, day=f"{last.return_deadline:%Y/%m/%d}")]
        steps.append(Step(event.at, HAPPENED[action], event.note if action in TOLD else "", tuple(details)))
    return steps


def _returned(case: Case, event: Any) -> Iterator[StrOrPromise]:
    """What an officer asked for with that 退補 beside the opinion."""
    for remark in case.labelled(event.return_remarks):
        yield format_lazy(REMARK, label=remark.label, text=remark.text)
    if event.return_asked:
        yield format_lazy(ASKED, label=event.return_asked)
    if event.return_extended_at is None:
        yield format_lazy(DEADLINE, day=f"{event.return_deadline:%Y/%m/%d}")


def _changed(case: Case, pair: list[Revision], files: int) -> Iterator[StrOrPromise]:
    """Which answers the second revision has otherwise than the first, and how many files came with it."""
    before, after = pair
    changed = {
        name for name in before.answers.keys() | after.answers.keys() if before.answers.get(name) != after.answers.get(name)
    }
    if changed:
        old, new = all_in_words(case.kind, before.answers), all_in_words(case.kind, after.answers)
        labels = case.kind.form.base_fields  # type: ignore[attr-defined]
        for name in [each for each in new if each in changed]:
            yield format_lazy(CHANGED, label=labels[name].label or name, before=old[name], after=new[name])
    if files:
        yield format_lazy(FILES_ADDED, count=files)
