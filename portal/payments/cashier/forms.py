"""What a cashier fills in."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from portal.fields.dates import Span
from portal.fields.form_fields import GregorianDateField
from portal.fields.spreadsheets import why_no_csv
from portal.throttling.form_limits import LengthFirst

from .. import registry
from .settlement import MAX_BYTES

BOOKED = Span(back=30, ahead=1)
LONGEST = timedelta(days=366)


class NoteForm(LengthFirst, forms.Form):
    """處理情形, with which an item is closed."""

    item = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    note = forms.CharField(label="處理情形", max_length=200, error_messages={"required": "請填寫處理情形"})


class RefundForm(LengthFirst, forms.Form):
    """申請退費."""

    amount = forms.IntegerField(label="退費金額", min_value=1, error_messages={"required": "請填寫退費金額"})
    reason = forms.CharField(
        label="退費原因", max_length=200, help_text="申請人會收到這段文字。", error_messages={"required": "請填寫退費原因"}
    )


class EvidenceForm(LengthFirst, forms.Form):
    """憑證 of a refund that was paid back by hand."""

    evidence = forms.CharField(
        label="退費憑證", max_length=200, help_text="例如匯款單號或支票號碼。", error_messages={"required": "請填寫退費憑證"}
    )


class SettlementForm(LengthFirst, forms.Form):
    """匯入對帳檔."""

    gateway = forms.ChoiceField(label="金流")
    file = forms.FileField(label="對帳檔（CSV）", error_messages={"required": "請選擇檔案", "empty": "檔案是空的"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gateway = self.fields["gateway"]
        assert isinstance(gateway, forms.ChoiceField)  # noqa: S101  # declared above
        gateway.choices = [(code, registry.gateway_name(code)) for code in registry.gateway_codes()]
        self.fields["file"].widget.attrs["accept"] = ".csv,text/csv"

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(f"檔案超過 {filesizeformat(MAX_BYTES)}，請分成幾個檔案匯入")
        if wrong := why_no_csv(file.read(1024)):
            raise ValidationError(wrong)
        file.seek(0)
        return file


class DaysForm(LengthFirst, forms.Form):
    """From which day to which, and by which method."""

    first = GregorianDateField(label="起日", span=BOOKED)
    last = GregorianDateField(label="迄日", span=BOOKED)
    method = forms.ChoiceField(label="繳費方式", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)  # noqa: S101  # declared above
        method.choices = [("", "全部"), *((each.code, str(each.name)) for each in registry.methods())]

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and not timedelta(0) <= last - first <= LONGEST:
            raise ValidationError("起日不可晚於迄日，期間最長一年")


class CloseForm(LengthFirst, forms.Form):
    """日結."""

    day = GregorianDateField(label="日期", span=BOOKED, error_messages={"required": "請填寫日期"})


def days_of(data: Any, today: date) -> DaysForm:
    """The form as it was asked, or this month's."""
    return DaysForm(data if data.get("first") or data.get("last") else {"first": today.replace(day=1), "last": today})
