"""Lists and attributes are written as Django's own templates write them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

NASTY = '<b>"臺\'北" & 新北</b>'
CHOICES = [
    ("", _("請選擇")),
    (NASTY, NASTY),
    (3, mark_safe("<i>safe</i>")),
    (mark_safe("a&amp;b"), "a"),
    (NASTY, [(4, _("是")), ("0", NASTY)]),
]
ATTRS = {
    "required": True,
    "disabled": False,
    "data-a": NASTY,
    "data-b": mark_safe("&lt;"),
    "rows": 3,
    "title": _("是"),
    "none": None,
}


@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(ATTRS, choices=CHOICES),
        forms.SelectMultiple(ATTRS, choices=CHOICES),
        forms.TextInput(ATTRS),
        forms.NumberInput(ATTRS),
        forms.CheckboxInput(ATTRS),
        forms.HiddenInput(ATTRS),
        forms.Textarea(ATTRS),
        forms.RadioSelect(ATTRS, choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize("value", [None, "", "0", NASTY, 3])
def test_our_templates_write_what_djangos_write(widget: forms.Widget, value: object) -> None:
    def written(renderer: object) -> str:
        return "".join(widget.render(NASTY, value, renderer=renderer).split())  # type: ignore[arg-type]  # None is the site's own

    assert written(None) == written(DjangoTemplates())
