"""The application form 申請書: what every kind's form has in common."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases.eligibility import Match
from portal.cases.kinds import CaseKind
from portal.core.categories import StrOrPromise
from portal.throttling.form_limits import LengthFirst

from .slots import SlotField, SlotFile, field_name


@dataclass(frozen=True)
class Section:
    """One block of the form, in the order it is drawn."""

    title: StrOrPromise
    fields: tuple[str, ...]
    intro: StrOrPromise = ""


class Mode(enum.StrEnum):
    """FULL: to be filled in, documents included. READ_ONLY: the answers only, for 檢視."""

    FULL = "full"
    READ_ONLY = "read_only"


class RecordText(forms.Widget):
    """What stands in the records, shown as text."""

    template_name = "portal/forms/widgets/record_text.html"


class RecordField(forms.CharField):
    """A value from the records, read-only 唯讀: whatever is posted, the records' value holds."""

    def __init__(self, *, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False, disabled=True, widget=RecordText)


class ApplicationForm(LengthFirst, forms.Form):
    """A kind's form: fields, `sections` that order them, and what the records fill in.

    `kind` brings the documents: the page offers each that may be asked for, and which of them are needed follows from the
    answers. `checked=False` shows what was typed without finding fault with it; `problems` are put beside their fields either
    way.
    """

    sections: ClassVar[tuple[Section, ...]]

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
        **kwargs: Any,
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.today = today or timezone.localdate()
        self.checked, self.problems = checked, problems or {}
        self.kind = kind if mode is Mode.FULL else None
        self.answer_names = [name for section in self.sections for name in section.fields]
        self.order_fields(self.answer_names)
        for name in self.answer_names:
            _name_in_message(self.fields[name])
        for slot in self.kind.documents if self.kind else ():
            self.fields[field_name(slot)] = SlotField(slot, (uploaded or {}).get(slot.code, ()))

    @classmethod
    def prefill(cls, match: Match, user: User) -> dict[str, Any]:
        """What the records and the account fill in, as text."""
        raise NotImplementedError

    def answers(self) -> dict[str, Any]:
        """What was answered, fit for JSON; only of a valid form."""
        return {name: _as_json(self.cleaned_data[name]) for name in self.answer_names}

    def answers_so_far(self) -> dict[str, Any]:
        """The same of a form in which something may be wrong yet: what is wrong is left out."""
        return {name: _as_json(self.cleaned_data[name]) for name in self.answer_names if name in self.cleaned_data}

    def blocks(self) -> Iterator[tuple[Section, list[forms.BoundField]]]:
        """Each section with its fields, for the page."""
        return ((section, [self[name] for name in section.fields]) for section in self.sections)

    def document_fields(self) -> list[forms.BoundField]:
        """應檢附文件: every line that may be asked for."""
        return [self[field_name(slot)] for slot in self.kind.documents] if self.kind else []

    def required_documents(self) -> list[forms.BoundField]:
        """應檢附文件: those that the answers ask for, required or optional."""
        asked = self.kind.required_documents(self.answers_so_far(), self.today) if self.kind else ()
        return [self[field_name(slot)] for slot in asked]

    def _post_clean(self) -> None:
        """Ask for the documents that the answers make necessary, once these are known."""
        super()._post_clean()  # type: ignore[misc]  # Django's, but not its stubs'
        if self.kind is None:
            return
        for slot in self.kind.required_documents(self.answers_so_far(), self.today):
            field = self.fields[field_name(slot)]
            assert isinstance(field, SlotField)  # noqa: S101  # made above
            field.required = slot.required
            if slot.required and not field.files:
                self.add_error(field_name(slot), field.error_messages["required"])

    def require(self, *names: str) -> None:
        """Ask for fields that another answer makes necessary."""
        for name in names:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])

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


def _name_in_message(field: forms.Field) -> None:
    ask = _("請選擇{label}") if isinstance(field, forms.ChoiceField | forms.BooleanField) else _("請輸入{label}")
    field.error_messages["required"] = format_lazy(ask, label=field.label)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
