"""The inner map of a form: its blocks, and of each what is done and what is missing."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise

from .application import ApplicationForm, RecordField, Section

DOCUMENTS = _("應檢附文件")


class State(enum.StrEnum):
    """How far a block is. UNTOUCHED: an officer's remark stands in it, and nothing was changed there."""

    DONE = "done"
    UNTOUCHED = "untouched"
    TO_DO = "todo"
    WRONG = "wrong"


STATE_LABELS: dict[State, StrOrPromise] = {
    State.DONE: _("已完成"),
    State.UNTOUCHED: _("尚未修改"),
    State.TO_DO: _("待填寫"),
    State.WRONG: _("請修正"),
}


@dataclass(frozen=True)
class BlockOfForm:
    """One block as the page shows it: the first in which something is missing is open, and those in which something is wrong."""

    anchor: str
    title: StrOrPromise
    intro: StrOrPromise
    source: StrOrPromise
    fields: tuple[forms.BoundField, ...]
    state: State
    is_open: bool

    @property
    def remarks(self) -> int:
        """How many remarks of an officer stand in it."""
        return sum(len(getattr(field.field, "remarks", ())) for field in self.fields)

    @property
    def state_label(self) -> StrOrPromise:
        return STATE_LABELS[self.state]


def blocks_of(
    checked: ApplicationForm,
    shown: ApplicationForm | None = None,
    *,
    only: str = "",
    sources: Mapping[str, StrOrPromise] | None = None,
) -> list[BlockOfForm]:
    """The blocks of a form with its documents at the end. `checked` says how far each is, `shown` has what the page shows.

    `only` is the anchor of the one to open, where somebody came for that one; `sources` says where a field's value is from.
    """
    shown = shown or checked
    states = {anchor: _state(fields, checked, shown) for anchor, _section, fields in _parts(shown)}
    first = next((anchor for anchor, state in states.items() if state in (State.TO_DO, State.WRONG)), "")
    return [
        BlockOfForm(
            anchor=anchor,
            title=section.title,
            intro=section.intro,
            source=next((sources[field.name] for field in fields if sources and field.name in sources), ""),
            fields=tuple(field for field in fields if not isinstance(field.field, RecordField) or field.value()),
            state=states[anchor],
            is_open=anchor == (only or first) or states[anchor] is State.WRONG or _is_remarked(fields),
        )
        for anchor, section, fields in _parts(shown)
    ]


def _is_remarked(fields: list[forms.BoundField]) -> bool:
    return any(getattr(field.field, "remarks", ()) for field in fields)


def _state(fields: list[forms.BoundField], checked: ApplicationForm, shown: ApplicationForm) -> State:
    names = {field.name for field in fields}
    if shown is not checked and names & shown.errors.keys():
        return State.WRONG
    if names & checked.errors.keys():
        return State.TO_DO
    return State.UNTOUCHED if names & checked.untouched else State.DONE


def _parts(form: ApplicationForm) -> Iterator[tuple[str, Section, list[forms.BoundField]]]:
    for number, (section, fields) in enumerate(form.blocks(), 1):
        yield f"block-{number}", section, fields
    yield "documents", Section(DOCUMENTS, ()), form.document_fields()
