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
def correcting_links(context: Context) -> list[dict[str, Any]]:
    """Where in the menu a student of the category asks for what the records say of them to be changed."""
    category = context["category"]
    links = [link for entry in menu.entries() if entry.links for link in entry.links(category)]
    return [{"label": link.label, "address": link.address(category)} for link in links if link.corrects_records]


@register.simple_tag(takes_context=True)
def student_menu(context: Context) -> list[dict[str, Any]]:
    """主要功能: each entry with its links, and which of them is the page that is shown."""
    category = context["category"]
    match = None if context.get("is_lost") else context["request"].resolver_match  # lost: the page is none of the menu's
    shown, here = (match.view_name, {match.view_name, match.app_name}) if match else ("", set())
    return [
        {
            "label": entry.label,
            "address": reverse(entry.view, args=[category]) if entry.view else "",
            "is_here": bool(entry.views & here),
            "is_page": bool(shown) and entry.view == shown,
            "links": [
                {
                    "label": link.label,
                    "address": link.address(category),
                    "is_page": bool(shown) and link.view == shown and not link.args,
                }
                for link in (entry.links(category) if entry.links else ())
            ],
        }
        for entry in menu.entries()
    ]
