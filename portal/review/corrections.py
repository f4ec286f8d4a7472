"""更正: an obvious slip of one answer is put right by the officer, checked by the kind's own form."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from portal.cases.models import Case
from portal.forms.application import ApplicationForm, Mode, RecordField
from portal.forms.presentation import answer
from portal.throttling.form_limits import LengthFirst

from .reasons import values


class CorrectForm(LengthFirst, forms.Form):
    """One answer, its new value, and a note that the applicant reads."""

    version = forms.IntegerField()
    correction_note = forms.CharField(
        label="更正說明",
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
        help_text="申請人會收到這段文字。",
        error_messages={"required": "請填寫更正說明"},
    )

    def __init__(self, case: Case, name: str = "", data: Any = None, *, typed: Any = None) -> None:
        super().__init__(data, auto_id="id_correct_%s", initial=dict(typed or {}))
        self.case, self.name = case, name or next(iter(case.kind.form.base_fields))  # type: ignore[attr-defined]
        self.application = _form(case, _posted(case) if data is None else _with(_posted(case), self.name, data))
        self.value = self.application[self.name]
        self.before = answer(case.kind, self.name, case.answers)

    def clean(self) -> None:
        super().clean()
        known_wrong = set(_form(self.case, _posted(self.case)).errors) - {self.name}
        for field, messages in self.application.errors.items():
            if field not in known_wrong:
                self.add_error(None, list(messages))
        self.cleaned_data["answers"] = self._corrected(known_wrong)
        self.cleaned_data["note"] = f"{self.before.label}：{self.cleaned_data.pop('correction_note', '')}"
        if not self.errors and self.cleaned_data["answers"] == self.case.answers:
            self.add_error(None, "與目前的內容相同，沒有更正")

    def _corrected(self, known_wrong: set[str]) -> dict[str, Any]:
        """The answers as they are, but for what the new value changes: itself, and what is asked only because of it."""
        before, after = _form(self.case, _posted(self.case)).answers(), self.application.answers()
        gone = before.keys() - after.keys() - known_wrong
        changed = {name: value for name, value in after.items() if name == self.name or value != before.get(name)}
        return {**{name: value for name, value in self.case.answers.items() if name not in gone}, **changed}


def may_be_corrected(case: Case) -> set[str]:
    """The answers that the applicant typed; what stands in the records is corrected there."""
    fields = case.kind.form.base_fields  # type: ignore[attr-defined]  # an ApplicationForm, which `forms` knows
    return {name for name in case.answers if name in fields and not isinstance(fields[name], RecordField)}


def _form(case: Case, data: QueryDict) -> ApplicationForm:
    """The kind's form with these answers, beside what the records had; documents are not asked for again."""
    recorded = {name: shown(value) for name, value in {**case.permit, **case.applicant}.items()}
    fields = case.kind.form.base_fields  # type: ignore[attr-defined]
    fixed = {name: case.answers.get(name, "") for name, field in fields.items() if isinstance(field, RecordField)}
    form: ApplicationForm = case.kind.form(
        data, initial={**recorded, **fixed}, mode=Mode.READ_ONLY, today=timezone.localdate(case.submitted_at)
    )
    form.is_valid()
    return form


def _posted(case: Case) -> QueryDict:
    """The answers as if they had been typed."""
    data = QueryDict(mutable=True)
    for name, value in case.answers.items():
        if isinstance(value, list):
            data.setlist(name, [str(each) for each in value])
        elif value not in (None, False, ""):
            data[name] = "on" if value is True else str(value)
    return data


def _with(data: QueryDict, name: str, posted: Any) -> QueryDict:
    data.setlist(name, values(posted, name))
    return data


def shown(value: Any) -> Any:
    """A date of the records as forms show it."""
    is_date = isinstance(value, str) and len(value) == len("2026-11-23") and value[4:8:3] == "--"
    return value.replace("-", "/") if is_date else value
