"""Answers as people read them: on the check page, in 檢視, and before an officer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import CaseKind
from portal.core.categories import StrOrPromise

from .application import ApplicationForm, Mode


@dataclass(frozen=True)
class AnswerRow:
    """One answer: the field's name, its label, and the value in words."""

    name: str
    label: StrOrPromise
    value: StrOrPromise


@dataclass(frozen=True)
class AnswerSection:
    """One block of the form with its answers."""

    title: StrOrPromise
    rows: tuple[AnswerRow, ...]


def sections(kind: CaseKind, answers: Mapping[str, Any]) -> list[AnswerSection]:
    """The kind's form, answered: choices by their labels, dates as 2026/11/23, nothing as —."""
    form: ApplicationForm = kind.form(mode=Mode.READ_ONLY)
    return [AnswerSection(section.title, tuple(rows(form.fields, section.fields, answers))) for section in form.sections]


def answer(kind: CaseKind, name: str, answers: Mapping[str, Any]) -> AnswerRow:
    """One answer of the kind's form."""
    return next(rows(kind.form(mode=Mode.READ_ONLY).fields, [name], answers))


def rows(fields: Mapping[str, forms.Field], names: Iterable[str], answers: Mapping[str, Any]) -> Iterator[AnswerRow]:
    """Those of a form's fields, each with its answer in words."""
    for name in names:
        yield AnswerRow(name, fields[name].label or name, _in_words(fields[name], answers.get(name)))


def _in_words(field: forms.Field, value: Any) -> StrOrPromise:
    if isinstance(field, forms.BooleanField):
        return _("是") if value else _("否")
    if value in (None, ""):
        return "—"
    if isinstance(field, forms.ChoiceField):
        words: dict[Any, StrOrPromise] = dict(field.choices)  # type: ignore[arg-type]
        return words.get(value, str(value))
    return date_format(date.fromisoformat(value), "Y/m/d") if isinstance(field, forms.DateField) else str(value)
