"""What is typed or scanned at a counter and in a store, and which faults are on."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import collection
from .collection import Collected
from .desk import Fault


def _code(text: str) -> str:
    """As a scanner or a hurried hand gives it."""
    return re.sub(r"[\s*-]", "", unicodedata.normalize("NFKC", text)).upper()


class CounterForm(forms.Form):
    """臨櫃繳費."""

    account = forms.CharField(label=_("虛擬帳號"), max_length=60, error_messages={"required": _("請輸入虛擬帳號。")})
    amount = forms.CharField(
        label=_("金額"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("請輸入金額。")},
    )

    def clean_account(self) -> str:
        return _code(self.cleaned_data["account"])

    def clean_amount(self) -> int:
        amount = unicodedata.normalize("NFKC", self.cleaned_data["amount"]).replace(",", "").strip()
        if not re.fullmatch(r"[1-9]\d{0,8}", amount, re.ASCII):
            raise ValidationError(_("金額須為正整數。"))
        return int(amount)

    def collected(self) -> Collected:
        """What is paid. Raises ValidationError."""
        return collection.at_the_counter(self.cleaned_data["account"], self.cleaned_data["amount"])


class StoreForm(forms.Form):
    """超商代收: three scans, which may come in one field each."""

    barcode_1 = forms.CharField(label=_("第一段條碼"), max_length=60, error_messages={"required": _("請掃描第一段條碼。")})
    barcode_2 = forms.CharField(label=_("第二段條碼"), max_length=60, error_messages={"required": _("請掃描第二段條碼。")})
    barcode_3 = forms.CharField(label=_("第三段條碼"), max_length=60, error_messages={"required": _("請掃描第三段條碼。")})

    def clean(self) -> dict[str, Any]:
        return {name: _code(value) for name, value in (super().clean() or {}).items()}

    def collected(self) -> Collected:
        """What is paid. Raises ValidationError."""
        data = self.cleaned_data
        return collection.in_a_store(data["barcode_1"], data["barcode_2"], data["barcode_3"], now=timezone.now())


class FaultForm(forms.Form):
    """故障面板."""

    faults = forms.MultipleChoiceField(
        label=_("故障"),
        choices=Fault,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("請選擇列出的故障。")},
    )
