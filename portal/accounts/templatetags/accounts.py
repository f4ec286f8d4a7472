"""What every page of a logged-in student shows: the menu, and how much time their log-in has left."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from portal.accounts import menu
from portal.accounts.session_time import WARN_BEFORE, SessionTime

register = template.Library()


@register.inclusion_tag("portal/accounts/session_watch.html", takes_context=True)
def session_watch(context: Context) -> dict[str, Any]:
    """The warning before the log-in ends, with 繼續使用."""
    request, category = context["request"], context["category"]
    left = SessionTime.of(request, category, now=timezone.now()).seconds
    kept = {"request": request, "category": category, "csrf_token": context.get("csrf_token")}
    return {**kept, "left": left, "warn_before": int(WARN_BEFORE.total_seconds())}


@register.simple_tag(takes_context=True)
def student_menu(context: Context) -> list[dict[str, Any]]:
    """主要功能: each entry with its links, and which of them is the page that is shown."""
    match, category = context["request"].resolver_match, context["category"]
    here = {match.view_name, match.app_name}
    return [
        {
            "label": entry.label,
            "address": reverse(entry.view, args=[category]) if entry.view else "",
            "is_here": bool(entry.views & here),
            "is_page": entry.view == match.view_name,
            "links": [
                {
                    "label": link.label,
                    "address": link.address(category),
                    "is_page": link.view == match.view_name and not link.args,
                }
                for link in (entry.links(category) if entry.links else ())
            ],
        }
        for entry in menu.entries()
    ]
