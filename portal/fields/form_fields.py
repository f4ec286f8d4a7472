"""Fields that take what a person has in hand: full width, blanks, hyphens and lower case are welcome."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.fields.identifiers import clean_code

from .passwords import PASSWORD_MAX

DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})|([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
# Browsers and phones must not "correct" what is no word.
AS_TYPED = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
MOBILE = re.compile(r"09[0-9]{8}|\+?(86)?1[3-9][0-9]{9}|\+[0-9]{8,15}")


def half_width(text: str) -> str:
    """Full-width characters and digits as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


class UsernameField(forms.CharField):
    """帳號."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"autocomplete": "username", **AS_TYPED})
        super().__init__(label=_("帳號"), max_length=150, widget=widget, **kwargs)


class PasswordField(forms.CharField):
    """密碼: pasted, remembered by the browser, with blanks at its ends if one likes."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=PASSWORD_MAX, widget=widget, **kwargs)


class CodeField(forms.CharField):
    """A number of a document, kept in half-width capitals; `is_right` knows its form and check digit."""

    def __init__(self, *, is_right: Callable[[str], bool], **kwargs: Any) -> None:
        self.is_right = is_right
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_code(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not self.is_right(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class GregorianDateField(forms.DateField):
    """A date 西元: 2004/5/6, 2004-05-06 or 20040506."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("日期格式不正確，請輸入西元年月日，例如 20040506 或 2004/5/6")}

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return super().to_python(value)
        found = DATE.fullmatch(half_width(str(value)))
        try:
            year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
            return dt.date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class EmailField(forms.EmailField):
    """Email 信箱."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Email 信箱"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}), **kwargs)


class MobileField(forms.CharField):
    """手機: of Taiwan, or of anywhere with its country code (86 may come without its +)."""

    default_error_messages = {"invalid": _("手機號碼格式不正確，例如 0912345678 或 +8613812345678")}

    def __init__(self, **kwargs: Any) -> None:
        usual: dict[str, Any] = {
            "label": _("手機"),
            "max_length": 40,
            "help_text": _("臺灣手機例如 0912345678；其他地區請加國碼，例如 +8613812345678。"),
            "widget": forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        }
        super().__init__(**usual | kwargs)

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s()-]", "", half_width(super().to_python(value) or ""))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not MOBILE.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
