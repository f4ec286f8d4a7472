"""What the pages of a logged-in student say about the time of her log-in."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from ..sessions_time import WARN_BEFORE, SessionTime

register = template.Library()


@register.inclusion_tag("accounts/session_watch.html", takes_context=True)
def session_watch(context: Context) -> dict[str, Any]:
    """The warning before the log-in ends, with 繼續使用."""
    request, category = context["request"], context["category"]
    left = SessionTime.of(request, category, now=timezone.now()).seconds
    kept = {"request": request, "category": category, "csrf_token": context.get("csrf_token")}
    return {**kept, "left": left, "warn_before": int(WARN_BEFORE.total_seconds())}
