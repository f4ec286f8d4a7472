"""What a form has hundreds of, the choices of its lists and the attributes of its fields, as HTML made by one function each.

A template would take a tenth of a second for the districts of Taiwan, and attributes are on each of a form's hundred fields.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeData, SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(groups: Any) -> SafeString:
    """`{% options widget.optgroups %}`: as Django's own templates write them."""
    return mark_safe("".join(_groups(groups)))  # noqa: S308  # every part of it is escaped below


@register.simple_tag
def attributes(attributes: dict[str, Any]) -> SafeString:
    """`{% attributes widget.attrs %}`: as Django's own template writes them."""
    return mark_safe("".join(_attributes(attributes)))  # noqa: S308  # every part of it is escaped below


def _groups(groups: Any) -> Iterator[str]:
    for name, choices, _index in groups:
        if name:
            yield f'\n  <optgroup label="{_escaped(name)}">'
        for choice in choices:
            value, attributes = _escaped(choice["value"]), "".join(_attributes(choice["attrs"]))
            yield f'\n  <option value="{value}"{attributes}>{_escaped(choice["label"])}</option>'
        if name:
            yield "\n  </optgroup>"


def _attributes(attributes: dict[str, Any]) -> Iterator[str]:
    for name, value in attributes.items():
        if value is True:
            yield f" {_escaped(name)}"
        elif value is not False:
            yield f' {_escaped(name)}="{_escaped(value)}"'


def _escaped(value: object) -> str:
    """As Django's conditional_escape, which asks each text three times whether it is a lazy one."""
    text = str(value)
    return text if isinstance(text, SafeData) else escape(text)
