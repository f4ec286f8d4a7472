"""What a payer types in at the Web ATM and on the e-government platform."""

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Order

PIN: Final = "123456"
POOR_PIN: Final = "000000"
# way -> name and fee; the portal shows the same ones before (settings.HANDLING_FEES).
WAYS: Final = {"account": (_("金融帳戶轉帳支付"), 10), "atm": (_("網路 ATM"), 15), "card": (_("信用卡網路支付"), 20)}


class PaceForm(forms.Form):
    """測試用: which comes first at the merchant."""

    pace = forms.ChoiceField(
        label=_("通知與返回的先後"),
        choices=Order.Pace,
        widget=forms.RadioSelect,
        error_messages={"required": _("請選擇通知與返回的先後。"), "invalid_choice": _("請選擇通知與返回的先後。")},
    )


class WebAtmForm(PaceForm):
    """晶片金融卡."""

    pin = forms.CharField(
        label=_("晶片密碼"),
        max_length=20,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("請輸入晶片密碼。")},
    )

    def clean_pin(self) -> str:
        pin = unicodedata.normalize("NFKC", self.cleaned_data["pin"]).strip()
        if not re.fullmatch(r"\d{6,12}", pin, re.ASCII):
            raise forms.ValidationError(_("晶片密碼為 6 至 12 位數字。"))
        if pin not in {PIN, POOR_PIN}:
            raise forms.ValidationError(_("晶片密碼錯誤，未扣款，請重新輸入。"))
        return pin

    @property
    def is_poor(self) -> bool:
        """Whether there is too little on the account."""
        return bool(self.cleaned_data["pin"] == POOR_PIN)


class WayForm(PaceForm):
    """付款方式 of the platform."""

    way = forms.ChoiceField(
        label=_("付款方式"),
        widget=forms.RadioSelect,
        error_messages={"required": _("請選擇付款方式。"), "invalid_choice": _("請選擇付款方式。")},
    )

    def __init__(self, *args: object, agreed: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offered = {"account": WAYS["account"]} if agreed else WAYS
        field: Any = self.fields["way"]
        field.choices = [(code, _fee_shown(name, fee)) for code, (name, fee) in offered.items()]


def _fee_shown(name: object, fee: int) -> str:
    return _("%(name)s（手續費新臺幣 %(fee)s 元）") % {"name": name, "fee": fee}
