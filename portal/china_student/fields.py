"""How 陸生's forms ask for a line, a date, a number, one of a list; and what they know about characters."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.fields.dates import Span
from portal.fields.form_fields import AS_TYPED, CodeField, GregorianDateField, MobileField
from portal.fields.widgets import Tick

LONG = 100  # characters
DATE_HINT = _("西元年月日，例如 2004/5/6。")


def text(label: Any, *, required: bool = True, length: int = 60, help_text: Any = "", **attrs: str) -> forms.CharField:
    """A line of text. Of a long one the hint says how long it may be: what is pasted is cut there by the browser."""
    if length >= LONG:
        help_text = format_lazy(_("{help}最多 {length} 個字。"), help=help_text, length=length)
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": "off", **attrs}),
    )


def day(label: Any, *, span: Span, required: bool = True, help_text: Any = DATE_HINT, **attrs: str) -> GregorianDateField:
    """A date 西元 within the days that are plausible."""
    widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off", **attrs})
    return GregorianDateField(label=label, required=required, span=span, help_text=help_text, widget=widget)


def code(label: Any, message: Any, *, is_right: Any, required: bool = True, help_text: Any = "") -> CodeField:
    """A number of a document."""
    return CodeField(
        label=label,
        is_right=is_right,
        required=required,
        help_text=help_text,
        error_messages={"invalid": message},
        widget=forms.TextInput({"autocomplete": "off", **AS_TYPED}),
    )


def pick(
    label: Any, choices: Any, *, radio: bool = False, stacked: bool = False, required: bool = True, **options: Any
) -> forms.ChoiceField:
    """One of a list: buttons when they are few, one under another when their texts are long."""
    widget = forms.RadioSelect({} if stacked else {"class": "inline"}) if radio else forms.Select()
    listed = choices if radio else [("", _("請選擇")), *choices]
    return forms.ChoiceField(label=label, choices=listed, required=required, widget=widget, **options)


def tick(label: Any, **options: Any) -> forms.BooleanField:
    """Yes or no."""
    return forms.BooleanField(label=label, required=False, widget=Tick(), **options)


def mobile_no(
    label: Any, *, help_text: Any, autocomplete: str = "off", field: type[MobileField] = MobileField, **options: Any
) -> MobileField:
    """手機."""
    widget = forms.TextInput({"inputmode": "tel", "autocomplete": autocomplete})
    return field(label=label, help_text=help_text, widget=widget, **options)


def optional_number(label: Any) -> forms.CharField:
    """A number of an address (鄰, 巷, 弄): digits, as the agency's own form takes them (domain.md 1.5)."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=6,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        validators=[RegexValidator(r"^[0-9]+\Z", format_lazy(_("{label}請只填數字，例如 12"), label=label))],
    )
