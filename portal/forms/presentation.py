"""Answers as people read them: on the check page, in 檢視, and before an officer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from portal.cases.kinds import CaseKind
from portal.core.categories import StrOrPromise

from .application import ApplicationForm, RecordField, in_words


@dataclass(frozen=True)
class AnswerRow:
    """One answer: the field's name, its label, and the value in words; `is_verbatim` when that is what somebody typed."""

    name: str
    label: StrOrPromise
    value: StrOrPromise
    current: StrOrPromise = ""  # what the records have, of an answer that changes them
    is_verbatim: bool = False


@dataclass(frozen=True)
class AnswerSection:
    """One block of the form with its answers."""

    title: StrOrPromise
    rows: tuple[AnswerRow, ...]
    anchor: str = ""  # where the form asks for them


def sections(kind: CaseKind, answers: Mapping[str, Any], recorded: Mapping[str, Any] | None = None) -> list[AnswerSection]:
    """The kind's form, answered: choices by their labels, dates as 2026/11/23, nothing as —. What was not asked is left out.

    `recorded` is what the records had: it stands beside answers that change it.
    """
    form: type[ApplicationForm] = kind.form
    asked = {name for name in form.all_answer_names() if _is_shown(form, name, answers)}
    found = [
        AnswerSection(
            section.title,
            tuple(
                _beside(form, row, recorded) for row in rows(form.base_fields, [n for n in section.fields if n in asked], answers)
            ),
            f"block-{number}",
        )
        for number, section in enumerate(form.sections, 1)
    ]
    return [section for section in found if section.rows]


def _beside(form: type[ApplicationForm], row: AnswerRow, recorded: Mapping[str, Any] | None) -> AnswerRow:
    if not recorded or row.name not in form.compared:
        return row
    return replace(row, current=in_words(form.base_fields[row.name], recorded.get(row.name)))


def _is_shown(form: type[ApplicationForm], name: str, answers: Mapping[str, Any]) -> bool:
    """What was not asked is not shown, nor what the records would say and do not."""
    return form.is_asked(name, answers) and bool(answers.get(name) or not isinstance(form.base_fields[name], RecordField))


def answer(kind: CaseKind, name: str, answers: Mapping[str, Any]) -> AnswerRow:
    """One answer of the kind's form."""
    form: type[ApplicationForm] = kind.form
    return next(rows(form.base_fields, [name], answers))


def all_in_words(kind: CaseKind, answers: Mapping[str, Any]) -> dict[str, StrOrPromise]:
    """Each field of the kind's form with its answer in words, asked or not."""
    form: type[ApplicationForm] = kind.form
    return {row.name: row.value for row in rows(form.base_fields, form.all_answer_names(), answers)}


def rows(fields: Mapping[str, forms.Field], names: Iterable[str], answers: Mapping[str, Any]) -> Iterator[AnswerRow]:
    """Those of a form's fields, each with its answer in words."""
    for name in names:
        field = fields[name]
        is_verbatim = not isinstance(field, forms.ChoiceField | forms.BooleanField)
        yield AnswerRow(name, field.label or name, in_words(field, answers.get(name)), is_verbatim=is_verbatim)
