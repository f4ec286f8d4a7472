"""The application form 申請書: what every kind's form has in common."""

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases import slots
from portal.cases.conditions import OnlyIf
from portal.cases.kinds import CaseKind, DocumentSlot
from portal.cases.slots import Slots
from portal.core.categories import StrOrPromise
from portal.fields.asking import ask_for
from portal.fields.typed import visible
from portal.pdf.characters import described, undrawable
from portal.records.protocol import Match
from portal.throttling.form_limits import LengthFirst

from .slots import SlotField, SlotFile

UNDRAWABLE = _("{label}含有無法列印的字元：{characters}，請改用其他寫法")
UNDRAWABLE_RECORD = _("{label}（署內資料）含有無法列印的字元：{characters}，請撥打諮詢專線，由本署更正後再送件")


@dataclass(frozen=True)
class Section:
    """One block of the form, in the order it is drawn."""

    title: StrOrPromise
    fields: tuple[str, ...]
    intro: StrOrPromise = ""


@dataclass(frozen=True)
class Difference:
    """A field that was answered otherwise than the records have it: its label, the answer and the record in words."""

    label: StrOrPromise
    answer: StrOrPromise
    record: StrOrPromise


class Mode(enum.StrEnum):
    """FULL: to be filled in, documents included. DOCUMENTS_ONLY: for 補件. READ_ONLY: the answers only, for 檢視."""

    FULL = "full"
    DOCUMENTS_ONLY = "documents_only"
    READ_ONLY = "read_only"


class RecordText(forms.Widget):
    """What stands in the records, shown as text."""

    template_name = "portal/forms/widgets/record_text.html"

    def __init__(self, said: Callable[[str], str]) -> None:
        super().__init__()
        self.said = said

    def format_value(self, value: Any) -> str:
        return self.said(str(value or ""))


class RecordField(forms.CharField):
    """A value from the records, read-only 唯讀: whatever is posted, the records' value holds. `said` says it to the reader."""

    def __init__(self, *, label: Any, help_text: Any = "", said: Callable[[str], str] = str) -> None:
        super().__init__(label=label, help_text=help_text, required=False, disabled=True, widget=RecordText(said))
        self.said = said


class ApplicationForm(LengthFirst, forms.Form):
    """A kind's form: fields, `sections` that order them, and what the records fill in.

    A field with a condition is asked only where that holds: otherwise nothing is wrong with it, and it is no answer; a base
    class's conditions hold as well. `kind` brings the documents: the page offers each that may be asked for, and which of
    them are needed follows from the answers. `checked=False` shows what was typed without finding fault with it; `problems`
    are put beside their fields either way, and so are `notes` about files and an officer's `remarks`, of which the
    `untouched` still stand where nothing was changed. With DOCUMENTS_ONLY the
    `locked` answers stand, and nobody asks or checks them again; `case_slots` are a case's own. What nobody can see is left out
    of what was typed; what no paper can show is found fault with: once the fee is paid, it is too late.
    """

    sections: ClassVar[tuple[Section, ...]]
    conditions: ClassVar[Mapping[str, OnlyIf]] = {}
    # Fields that stand beside what the records have now, and start empty.
    compared: ClassVar[tuple[str, ...]] = ()
    # Fields that an earlier case fills in, and those that the account does: the rest of the prefill is from the records.
    reusable: ClassVar[tuple[str, ...]] = ()
    from_account: ClassVar[tuple[str, ...]] = ("mobile", "home_mobile", "email")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        kind: CaseKind | None = None,
        uploaded: Mapping[str, Sequence[SlotFile]] | None = None,
        mode: Mode = Mode.FULL,
        today: date | None = None,
        checked: bool = True,
        problems: Mapping[str, list[StrOrPromise]] | None = None,
        notes: Mapping[str, Sequence[StrOrPromise]] | None = None,
        earlier: Mapping[str, str] | None = None,
        remarks: Mapping[str, Sequence[str]] | None = None,
        untouched: Collection[str] = (),
        locked: Mapping[str, Any] | None = None,
        case_slots: Slots | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_visible(data), *args, **kwargs)
        self.today = today or timezone.localdate()
        self.checked, self.problems, self.untouched = checked, problems or {}, frozenset(untouched)
        self.kind = kind if mode is not Mode.READ_ONLY else None
        self.locked = locked if mode is Mode.DOCUMENTS_ONLY else None
        self.answer_names = self.all_answer_names()
        self.order_fields(self.answer_names)
        for name in self.answer_names:
            self.fields[name].error_messages["required"] = ask_for(self.fields[name])
        for name, condition in self.all_conditions().items():
            self.fields[name].only_if = condition  # type: ignore[attr-defined]  # the page tells its script
        for name in self.compared:
            self.fields[name].current = in_words(self.fields[name], self.initial.get(name))  # type: ignore[attr-defined]
        if self.locked is not None:
            self.fields.clear()
        self.slots = case_slots or (slots.of(self.kind, self.today) if self.kind else None)
        for slot in self._offered():
            name = slot.field_name
            files, said = (uploaded or {}).get(slot.code, ()), (notes or {}).get(name, ())
            self.fields[name] = SlotField(slot, files, said, earlier=(earlier or {}).get(slot.code, ""))
        for name in (remarks or {}).keys() & self.fields.keys():
            self.fields[name].remarks = remarks[name]  # type: ignore[attr-defined, index]
        self._mark_documents(self._answers_so_far())

    def _offered(self) -> Iterable[DocumentSlot]:
        """Every document that may be asked for; of locked answers those that they do ask for."""
        if self.slots is None or self.locked is None:
            return self.slots or ()
        return [replace(slot, only_if=None) for slot in self.slots.asked(self.locked)]

    def _answers_so_far(self) -> Mapping[str, Any]:
        """What stands in the form now, right or wrong: what was typed, else what it begins with."""
        if self.locked is not None:
            return self.locked
        said = {name: self.fields[name].get_bound_field(self, name).value() for name in self.answer_names}
        return {name: value for name, value in said.items() if self.is_asked(name, said)}

    def _mark_documents(self, answers: Mapping[str, Any]) -> list[SlotField]:
        """The documents that these answers ask for, each marked as required or not: before anything is sent as well."""
        asked = []
        for slot in self.slots.asked(answers) if self.slots else ():
            field = self.fields[slot.field_name]
            assert isinstance(field, SlotField)  # noqa: S101  # made by the constructor
            field.required = slot.required
            asked.append(field)
        return asked

    @classmethod
    def prefill(cls, match: Match, user: User) -> dict[str, Any]:
        """What the records and the account fill in, as text."""
        raise NotImplementedError

    @classmethod
    def starting_values(cls, prefill: Mapping[str, Any]) -> dict[str, list[str]]:
        """What stands in the form before anything was typed, as if it had been."""
        fields = {name: field for name, field in cls.base_fields.items() if not field.disabled and name not in cls.compared}
        return {name: as_typed(prefill.get(name, field.initial)) for name, field in fields.items()}

    @classmethod
    def all_answer_names(cls) -> list[str]:
        """The fields of the sections, in their order."""
        return [name for section in cls.sections for name in section.fields]

    @classmethod
    def all_reusable(cls) -> set[str]:
        """The reusable fields of the form and of the blocks that it is made of."""
        return {name for base in cls.__mro__ for name in vars(base).get("reusable", ())} & cls.base_fields.keys()

    @classmethod
    @cache
    def all_conditions(cls) -> Mapping[str, OnlyIf]:
        """The conditions of the form and of the blocks that it is made of."""
        found = {name: each for base in reversed(cls.__mro__) for name, each in vars(base).get("conditions", {}).items()}
        return {name: each for name, each in found.items() if name in cls.base_fields}

    @classmethod
    def is_asked(cls, name: str, answers: Mapping[str, Any]) -> bool:
        """Whether the field is asked of who gave these answers: one that hangs on another is not where that one is not."""
        condition = cls.all_conditions().get(name)
        return condition is None or (condition.holds(answers) and cls.is_asked(condition.field, answers))

    def answers(self) -> dict[str, Any]:
        """What was answered, fit for JSON. What is wrong, or was not asked, is left out."""
        if self.locked is not None:
            return dict(self.locked)
        return {name: _as_json(self.cleaned_data[name]) for name in self.answer_names if name in self.cleaned_data}

    def blocks(self) -> Iterator[tuple[Section, list[forms.BoundField]]]:
        """Each section with its fields, for the page; none where the answers are locked."""
        sections = self.sections if self.locked is None else ()
        return ((section, [self[name] for name in section.fields]) for section in sections)

    def document_fields(self) -> list[forms.BoundField]:
        """應檢附文件: every line that may be asked for."""
        return [self[slot.field_name] for slot in self._offered()]

    def required_documents(self) -> list[forms.BoundField]:
        """應檢附文件: those that the answers ask for, required or optional."""
        return [self[slot.field_name] for slot in (self.slots.asked(self.answers()) if self.slots else ())]

    def differences(self, recorded: Iterable[str]) -> list[Difference]:
        """Of the fields that the records filled in, those that were answered otherwise."""
        answered = {name: self.cleaned_data[name] for name in recorded if name in self.cleaned_data}
        return [
            Difference(field.label or name, in_words(field, value), in_words(field, self.initial.get(name)))
            for name, value in answered.items()
            if value != (field := self.fields[name]).to_python(self.initial.get(name))
        ]

    def _clean_fields(self) -> None:
        """A field that is not asked is no answer, whatever stands in it."""
        super()._clean_fields()  # type: ignore[misc]  # Django's, but not its stubs'
        if self.locked is not None:
            return
        for name in [each for each in self.answer_names if not self.is_asked(each, self.cleaned_data)]:
            self.cleaned_data.pop(name, None)
            self._errors.pop(name, None)

    def _clean_form(self) -> None:
        if self.locked is None:
            super()._clean_form()  # type: ignore[misc]  # Django's, but not its stubs'

    def _post_clean(self) -> None:
        """Once the answers are known: what a paper cannot show, and the documents that they make necessary."""
        super()._post_clean()  # type: ignore[misc]  # Django's, but not its stubs'
        if self.locked is None:
            self._refuse_undrawable()
        self._ask_for_documents()

    def _refuse_undrawable(self) -> None:
        """Of what was typed, and of what the records have: also where the form does not ask for it, for papers show that, too."""
        for name in self.answer_names:
            is_record = isinstance(self.fields[name], RecordField)
            if name in self.cleaned_data:
                self._refuse(name, self.cleaned_data[name], UNDRAWABLE_RECORD if is_record else UNDRAWABLE, shown_at=name)
            elif name in self.compared and name not in self.errors:
                self._refuse(name, self.initial.get(name), UNDRAWABLE_RECORD, shown_at=None)

    def _refuse(self, name: str, value: Any, said: Any, *, shown_at: str | None) -> None:
        if isinstance(value, str) and (characters := undrawable(value)):
            self.add_error(shown_at, said.format(label=self.fields[name].label, characters=described(characters)))

    def _ask_for_documents(self) -> None:
        for field in self._mark_documents(self.answers()):
            if field.required and not field.is_filled:
                self.add_error(field.slot.field_name, field.error_messages["required"])

    def is_valid(self) -> bool:
        return self.checked and super().is_valid()

    def full_clean(self) -> None:
        if self.checked:
            super().full_clean()
        else:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        for name, messages in self.problems.items():
            self._errors.pop(name, None)  # what is wrong with the file says more than that none is there
            self.add_error(name, list(messages))  # type: ignore[arg-type]


def in_words(field: forms.Field, value: Any) -> StrOrPromise:
    """A value of that field as people read it: choices by their labels, dates as 2026/11/23, nothing as —."""
    if isinstance(field, forms.BooleanField):
        return _("是") if value else _("否")
    if value in (None, "", []):
        return "—"
    if isinstance(field, forms.ChoiceField):
        words: dict[Any, StrOrPromise] = dict(flatten_choices(field.choices))  # type: ignore[arg-type]
        return _("、").join(str(words.get(each, each)) for each in (value if isinstance(value, list) else [value]))
    if isinstance(field, RecordField):
        return field.said(str(value))
    day = field.to_python(value) if isinstance(field, forms.DateField) else None
    return date_format(day, "Y/m/d") if day else str(value)


def as_typed(value: Any) -> list[str]:
    """A value as a page posts it: several choices one by one, a tick as `on`, a field's `initial` that has to be asked first."""
    value = value() if callable(value) else value
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return ["on" if value is True else "" if value is None or value is False else str(value)]


def _visible(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What was posted, as it would look on paper."""
    if not isinstance(data, MultiValueDict):
        return data
    return MultiValueDict({name: [visible(value) for value in values] for name, values in data.lists()})


def _as_json(value: Any) -> Any:
    return value if isinstance(value, str | int | float | list | None) else DjangoJSONEncoder().default(value)
