"""What a card holder types in. Only test cards are taken, and none is kept."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Order

CODE_3DS = "1234"
BANK_OF_TAIWAN_BIN = "400004"
BRANDS = re.compile(r"4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|35[2-8]\d{13}", re.ASCII)  # VISA, MasterCard, JCB


@dataclass(frozen=True)
class TestCard:
    """A made-up card and what it is good for."""

    number: str
    effect: Any

    @property
    def digits(self) -> str:
        return self.number.replace("-", "")


SUCCEEDS = TestCard("4311-9522-2222-2222", _("交易成功"))
DECLINED = TestCard("4000-0000-0000-0002", _("發卡銀行拒絕交易"))
BANK_OF_TAIWAN = TestCard("4000-0400-0000-0008", _("臺灣銀行發行之信用卡，不受理"))
TEST_CARDS = (SUCCEEDS, DECLINED, BANK_OF_TAIWAN)


class CardForm(forms.Form):
    """信用卡資料."""

    number = forms.CharField(
        label=_("信用卡號"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("請輸入信用卡號。")},
    )
    expiry = forms.CharField(
        label=_("有效期限（月/年）"),
        max_length=10,
        widget=forms.TextInput(attrs={"placeholder": "12/30", "autocomplete": "off"}),
        error_messages={"required": _("請輸入有效期限。")},
    )
    cvv = forms.CharField(
        label=_("背面末三碼"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("請輸入背面末三碼。")},
    )
    pace = forms.ChoiceField(
        label=_("通知與返回的先後"),
        choices=Order.Pace,
        widget=forms.RadioSelect,
        # Django's own repeats what was sent, however long.
        error_messages={"invalid_choice": _("請選擇通知與返回的先後。")},
    )

    def clean_number(self) -> str:
        digits = re.sub(r"[\s-]", "", _half_width(self.cleaned_data["number"]))
        if not BRANDS.fullmatch(digits):
            raise forms.ValidationError(_("信用卡號有誤；信用卡包含 VISA、MasterCard 及 JCB 三種卡種可使用。"))
        if digits.startswith(BANK_OF_TAIWAN_BIN):
            raise forms.ValidationError(_("必須使用非臺灣銀行發行之國際信用卡繳費。"))
        if digits not in {card.digits for card in TEST_CARDS}:
            raise forms.ValidationError(_("這是模擬銀行，請勿輸入真實卡號，請使用本頁所列測試卡號。"))
        return digits

    def clean_expiry(self) -> str:
        expiry = re.sub(r"\s", "", _half_width(self.cleaned_data["expiry"]))
        if not re.fullmatch(r"(0?[1-9]|1[0-2])/?\d\d", expiry, re.ASCII):
            raise forms.ValidationError(_("請依「月/年」格式輸入有效期限，例如 12/30。"))
        return expiry

    def clean_cvv(self) -> str:
        cvv = _half_width(self.cleaned_data["cvv"]).strip()
        if not re.fullmatch(r"\d{3}", cvv, re.ASCII):
            raise forms.ValidationError(_("背面末三碼為三位數字。"))
        return cvv

    @property
    def is_declined(self) -> bool:
        """Whether the issuer of this card says no."""
        return bool(self.cleaned_data["number"] == DECLINED.digits)


class CodeForm(forms.Form):
    """3D 驗證."""

    code = forms.CharField(
        label=_("簡訊驗證碼"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("請輸入簡訊驗證碼。")},
    )

    def clean_code(self) -> str:
        code = _half_width(self.cleaned_data["code"]).strip()
        if code != CODE_3DS:
            raise forms.ValidationError(_("簡訊驗證碼錯誤，請重新輸入。"))
        return code


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
