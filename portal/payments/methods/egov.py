"""e 政府繳費平台繳費 (GSP)."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.fields.identifiers import clean_code, is_national_id, is_ui_no
from portal.payments.protocol import HandlingFee
from portal.throttling.form_limits import LengthFirst

from .base import BaseMethod

GENERAL: Final = "general"
AGREED: Final = "agreed"
# What the platform offers, and the key of its fee.
WAYS: Final = {
    "egov_account": _("金融帳戶轉帳支付"),
    "egov_atm": _("網路 ATM"),
    "egov_card": _("信用卡網路支付"),
}


class WayForm(LengthFirst, forms.Form):
    """e 政府 GSP 線上繳費交易方式選擇頁. The number of the payer goes to the platform and is not kept."""

    way = forms.ChoiceField(
        label=_("交易方式"),
        choices=[(GENERAL, _("一般帳戶繳費")), (AGREED, _("限有向 GSP 申請約定帳戶繳費"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("請選擇交易方式。"), "invalid_choice": _("請選擇交易方式。")},
    )
    payer_id = forms.CharField(
        label=_("扣款人身分證字號"),
        required=False,
        max_length=40,
        help_text=_("選擇「一般帳戶繳費」時必填，例如 A123456789；扣款人持居留證者請填統一證號。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_payer_id(self) -> str:
        return clean_code(self.cleaned_data["payer_id"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("way") == AGREED:
            return {**cleaned, "payer_id": ""}
        if cleaned.get("way") == GENERAL and "payer_id" in cleaned:
            self._check_payer(cleaned["payer_id"])
        return cleaned

    def _check_payer(self, number: str) -> None:
        if not number:
            self.add_error("payer_id", _("請輸入扣款人身分證字號。"))
        elif not (is_national_id(number) or is_ui_no(number)):
            self.add_error("payer_id", _("扣款人身分證字號有誤，請重新輸入。"))


class EGovernment(BaseMethod):
    """e 政府繳費平台繳費."""

    code = "egov"
    name = _("e 政府繳費平台繳費")
    guidance = _(
        "點選後系統顯示 e 政府 GSP 線上繳費交易方式選擇頁。若是要使用個人銀行帳號進行繳費扣款，則輸入扣款人身分證字號，"
        "點選【一般帳戶繳費】，若已有向 GSP 申請約定帳戶，則可選擇【限有向 GSP 申請約定帳戶繳費】功能，"
        "系統導向 e 政府 GSP 線上繳費系統，開始進行線上扣款作業。"
        "可選擇「金融帳戶轉帳支付」、「網路 ATM」或「信用卡網路支付」；若選擇「網路 ATM」則需備有讀卡機及預備扣款之金融卡。"
        "系統依繳費方式收取不等之手續費。"
    )
    form = WayForm

    def handling_fees(self) -> list[HandlingFee]:
        """By way: 系統依繳費方式收取不等之手續費."""
        return [HandlingFee(name, settings.HANDLING_FEES.get(key)) for key, name in WAYS.items()]


method = EGovernment()
