"""The choices of a list as HTML, made by one function: a template would take a tenth of a second for the districts of Taiwan."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(groups: Any) -> SafeString:
    """`{% options widget.optgroups %}`: as Django's own templates write them."""
    return mark_safe("".join(_groups(groups)))  # noqa: S308  # every part of it is escaped below


def _groups(groups: Any) -> Iterator[str]:
    for name, choices, _index in groups:
        if name:
            yield f'\n  <optgroup label="{conditional_escape(name)}">'
        for choice in choices:
            value, attributes = conditional_escape(str(choice["value"])), "".join(_attributes(choice["attrs"]))
            yield f'\n  <option value="{value}"{attributes}>{conditional_escape(choice["label"])}</option>'
        if name:
            yield "\n  </optgroup>"


def _attributes(attributes: dict[str, Any]) -> Iterator[str]:
    for name, value in attributes.items():
        if value is not False:
            yield f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
