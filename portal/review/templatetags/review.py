"""What the officers' templates ask: `{% load review %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from portal.cases.states import Action
from portal.core.categories import StrOrPromise

from ..forms import REMARK_MAX

register = template.Library()


@register.inclusion_tag("portal/review/decision/remark.html", takes_context=True)
def remark(context: Mapping[str, Any], remarks: Mapping[str, str], place: str, label: StrOrPromise) -> dict[str, Any]:
    """Where a remark is pinned to one answer or document, while the case may be returned."""
    return {
        "shown": Action.ASK_CORRECTION in context["possible"],
        "place": place,
        "label": label,
        "text": remarks.get(place, ""),
        "most": REMARK_MAX,
    }


@register.filter
def has(values: Any, value: Any) -> bool:
    """Whether it is among them, as text."""
    return str(value) in values
