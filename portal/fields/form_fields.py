"""Fields that take what a person has in hand: full width, blanks, hyphens and lower case are welcome."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.fields import dates, names
from portal.fields.identifiers import clean_code

from .passwords import PASSWORD_MAX
from .typed import Shape, value, with_hyphens

# Browsers and phones must not "correct" what is no word.
AS_TYPED = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
MOBILE = re.compile(r"09[0-9]{8}|1[3-9][0-9]{9}|\+[0-9]{8,15}")
_TAIWAN = re.compile(r"(?:\+|00)?8860?(9[0-9]{8})")
_WITH_86 = re.compile(r"(?:\+|00)?860?(1[3-9][0-9]{9})")


class UsernameField(forms.CharField):
    """帳號."""

    shape = Shape.VALUE

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"autocomplete": "username", **AS_TYPED})
        super().__init__(label=_("帳號"), max_length=150, widget=widget, **kwargs)


class PasswordField(forms.CharField):
    """密碼: pasted, remembered by the browser, with blanks at its ends if one likes."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=PASSWORD_MAX, widget=widget, **kwargs)


class CodeField(forms.CharField):
    """A number of a document, kept in half-width capitals; `is_right` knows its form and check digit, where it has one."""

    shape = Shape.VALUE

    def __init__(self, *, is_right: Callable[[str], bool] | None = None, **kwargs: Any) -> None:
        self.is_right = is_right
        super().__init__(**{"max_length": 40, **kwargs})

    def to_python(self, value: Any) -> str:
        return clean_code(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and self.is_right and not self.is_right(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class ChineseNameField(forms.CharField):
    """中文姓名, in the traditional script; what is typed in the simplified one is offered in the other."""

    def to_python(self, value: Any) -> str:
        return names.chinese(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        check_chinese_name(value)


def check_chinese_name(name: str) -> None:
    """Said before anybody is looked up: raises ValidationError for what is no name in Han characters, and for a simplified one
    with the name as the traditional script writes it.
    """
    if name and not names.is_name_in_han(name):
        raise ValidationError(_("中文姓名請以正體中文填寫"), code="not_han")
    if found := names.simplified(name):
        said = _("請以正體中文填寫：「%(simplified)s」是簡體字。正體可能是「%(offer)s」，請核對後改填")
        params = {"simplified": "、".join(found), "offer": names.traditional(name)}
        raise ValidationError(said, code="simplified", params=params)


class GregorianDateField(forms.DateField):
    """A date 西元: 2004/5/6, 2004-05-06 or 20040506. A 民國 year is refused, with its year 西元.

    `span` are the days that are plausible; `today` is set by the form that knows it (fields.cleaning.CleanForm).
    """

    widget = forms.TextInput
    shape = Shape.VALUE
    today: dt.date | None = None
    default_error_messages = {
        "invalid": _("日期格式不正確，請輸入西元年月日，例如 20040506 或 2004/5/6"),
        "roc": _("請以西元年填寫：民國 %(roc)s 年是西元 %(year)s 年，請改填 %(western)s"),
        "none": _("沒有 %(typed)s 這一天，請再核對一次"),
        "early": _("%(label)s不可早於 %(day)s，請核對年份"),
        "late": _("%(label)s不可晚於 %(day)s，請核對年份"),
        "future": _("%(label)s不可晚於今天"),
    }

    def __init__(self, *, span: dates.Span | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.span = span or dates.Span()

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return super().to_python(value)
        typed = dates.read(str(value))
        if typed is None or (typed.is_roc and not self._is_plausible(typed.date)):
            raise self._refusal("invalid")
        if (day := typed.date) is None:
            raise self._refusal("none", typed=f"{typed.year}/{typed.month}/{typed.day}")
        if typed.is_roc:
            raise self._refusal("roc", roc=typed.year, year=day.year, western=f"{day.year}/{day.month}/{day.day}")
        return day

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        today = self.today or timezone.localdate()
        if value and value < (first := self.span.earliest(today)):
            raise self._refusal("early", day=f"{first:%Y/%m/%d}")
        if value and value > (last := self.span.latest(today)):
            raise self._refusal("late" if self.span.ahead else "future", day=f"{last:%Y/%m/%d}")

    def _is_plausible(self, day: dt.date | None) -> bool:
        today = self.today or timezone.localdate()
        return day is None or self.span.earliest(today) <= day <= self.span.latest(today)

    def _refusal(self, code: str, **said: Any) -> ValidationError:
        named = {"label": str(self.label or _("日期")).partition("（")[0], **said}
        return ValidationError(self.error_messages[code], code=code, params=named)


class EmailField(forms.EmailField):
    """Email 信箱: an ASCII name at a domain that exists in ASCII, as the mail server gets it."""

    default_error_messages = {"invalid": _("Email 信箱格式不正確，例如 name@example.com；@ 前後請勿有空格或中文")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput({"autocomplete": "email"})
        super().__init__(**{"label": _("Email 信箱"), "max_length": 254, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return clean_email(typed)

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        # The domain as it was typed could not be one.
        if value and (not value.isascii() or value.endswith("]")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


def clean_email(typed: str) -> str:
    """The address as mail servers know it. What cannot be one stays as it is, for the field to refuse."""
    plain = re.sub(r"^mailto:\s*", "", value(typed), flags=re.IGNORECASE)
    name, at, domain = plain.rpartition("@")
    domain = domain.replace("。", ".").lower()
    try:
        return name + at + idna.encode(domain, uts46=True, std3_rules=True).decode() if at and domain else plain
    except idna.IDNAError:
        return plain


class MobileField(forms.CharField):
    """手機: of Taiwan, or of anywhere with its country code (86 and 886 may come without their +)."""

    shape = Shape.VALUE
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
        return clean_mobile(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not MOBILE.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class TaiwanMobileField(MobileField):
    """在臺手機: of Taiwan and of nowhere else."""

    default_error_messages = {"elsewhere": _("在臺手機請輸入 09 開頭的 10 位數字，例如 0912345678")}

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_taiwan_mobile(value):
            raise ValidationError(self.error_messages["elsewhere"], code="elsewhere")


def is_taiwan_mobile(number: str) -> bool:
    """Whether a number in its one form is of Taiwan."""
    return number.startswith("09")


def clean_mobile(typed: str) -> str:
    """The number in one form: 0912345678 of Taiwan, +86… where that code was left without its +, +… of elsewhere."""
    digits = re.sub(r"[\s().-]", "", with_hyphens(value(typed)))
    if taiwan := _TAIWAN.fullmatch(digits):
        return f"0{taiwan[1]}"
    if with_86 := _WITH_86.fullmatch(digits):
        return f"+86{with_86[1]}"
    return re.sub(r"^00(?=[1-9])", "+", digits)
