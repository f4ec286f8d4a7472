"""What a records clerk fills in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.core import categories
from portal.fields.spreadsheets import why_no_csv
from portal.throttling.form_limits import LengthFirst

from ..corrections import Record, choices, columns, contradictions, label, value
from ..csv_files import Column
from ..imports import MAX_BYTES


class ImportForm(LengthFirst, forms.Form):
    """試匯入: one file or both."""

    category = forms.ChoiceField(label="學生類別")
    applicants = forms.FileField(label="申請人資料（applicants.csv）", required=False, allow_empty_file=True)
    permits = forms.FileField(label="許可證資料（permits.csv）", required=False, allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slugs = categories.identities()
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101  # declared above
        category.choices = [(slug, str(categories.get(slug).name)) for slug in slugs]
        for name in ("applicants", "permits"):
            self.fields[name].widget.attrs["accept"] = ".csv,text/csv"

    def clean_applicants(self) -> "UploadedFile[bytes] | None":
        return self._sized("applicants")

    def clean_permits(self) -> "UploadedFile[bytes] | None":
        return self._sized("permits")

    def clean(self) -> None:
        super().clean()
        if not self.errors and not (self.cleaned_data.get("applicants") or self.cleaned_data.get("permits")):
            raise ValidationError("請選擇檔案：申請人資料、許可證資料，或兩者")

    def _sized(self, name: str) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data.get(name)
        if file and (file.size or 0) > MAX_BYTES:
            raise ValidationError(f"檔案超過 {filesizeformat(MAX_BYTES)}，請分成幾個檔案匯入")
        if file:
            if wrong := why_no_csv(file.read(1024)):
                raise ValidationError(wrong)
            file.seek(0)
        return file


class ColumnField(forms.CharField):
    """One column of a record, read as the agency's files are; one that takes nothing but codes is chosen by their names."""

    def __init__(self, record: Record, column: Column) -> None:
        now = value(record, column)
        self.column, self.names = column, choices(record, column)
        offered = self.names if now in self.names else {now: now or "—", **self.names}
        super().__init__(
            required=False,
            max_length=200,
            label=label(record, column),
            help_text="YYYY-MM-DD" if column.name.endswith(("_on", "_date", "_until", "_expiry")) else "",
            initial=now,
            show_hidden_initial=True,
            widget=forms.Select(choices=list(offered.items())) if self.names else None,
        )

    def in_words(self, text: str) -> str:
        """What stands in the column, as a person reads it."""
        return str(self.names.get(text, text))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return self.column.read(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None


class CorrectionForm(LengthFirst, forms.Form):
    """更正: every column of the record as it stands, and why it is put right."""

    reason = forms.CharField(
        label="更正理由",
        max_length=200,
        help_text="依據什麼更正，例如來文文號；會留存在更正紀錄。",
        error_messages={"required": "請填寫更正理由"},
    )

    def __init__(self, record: Record, data: Any = None) -> None:
        super().__init__(data)
        self.record = record
        for column in columns(record):
            self.fields[column.field] = ColumnField(record, column)
        self.order_fields([*(column.field for column in columns(record)), "reason"])

    def clean(self) -> None:
        super().clean()
        names = {column.name: column.field for column in columns(self.record)}
        for column, reason in contradictions(self.record, self.cleaned_data):
            if names.get(column) in self.fields and names[column] not in self.errors:
                self.add_error(names[column], reason)

    @property
    def values(self) -> dict[str, Any]:
        """What this clerk changed of what the page showed; what another corrected meanwhile stays."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}

    @property
    def hidden_initials(self) -> SafeString:
        """What the page shows, sent back with the form: Wagtail's tag for a field leaves it out."""
        named = (self[name] for name, field in self.fields.items() if field.show_hidden_initial)
        return format_html_join("", "{}", ((field.as_hidden(only_initial=True),) for field in named))

    def in_words(self, name: str, text: str) -> str:
        """What stands in that column, as a person reads it."""
        field = self.fields.get(name)
        return field.in_words(text) if isinstance(field, ColumnField) else text

    @property
    def shown(self) -> dict[str, str]:
        """What the page showed in each column."""
        return {name: self.data.get(self.add_initial_prefix(name), "") for name in self.fields}

    def refuse_overtaken(self, now: Mapping[str, str]) -> None:
        """Say what another clerk made of these columns; what was typed stays, and sending it again means it."""
        self.data = dict(self.data.items()) | {self.add_initial_prefix(name): text for name, text in now.items()}
        for name, text in now.items():
            there = self.in_words(name, text) or "—"
            self.add_error(name, f"這一欄在您開啟頁面後已由別人更正，現為「{there}」。確定要改成您填寫的內容，請再送出一次")
