"""Words that every page takes from the editors, asked for once a page and only by a page that shows them."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from portal.core.wording import in_language
from portal.home import queries
from portal.home.models import ContactSettings
from portal.home.queries import Editorial, Link
from portal.home.scopes import flow_of
from portal.home.snippets import Notice

register = template.Library()


@register.simple_tag(takes_context=True)
def contact(context: Context) -> "SimpleLazyObject[ContactSettings]":
    """Agency, hotline and hours; the manual's own until an editor saves others."""
    return SimpleLazyObject(lambda: _editorial(context).office)


@register.simple_tag(takes_context=True)
def footer_links(context: Context) -> tuple[Link, ...]:
    """頁尾連結."""
    return _editorial(context).links


@register.simple_tag(takes_context=True)
def active_notices(context: Context, *levels: str) -> list[Notice]:
    """公告 for this page, those of the whole site, of its category and of its flow; or only some levels of them."""
    return [notice for notice in _editorial(context).notices if not levels or notice.level in levels]


@register.inclusion_tag("components/guidance.html", takes_context=True)
def guidance(context: Context, place: str, css_class: str = "guidance") -> dict[str, Any]:
    """What editors say at that place (`forms.permit`), or nothing."""
    found = _editorial(context).guidance.get(place)
    return {"text": found and in_language(found, "text", _language()), "css_class": css_class}


def _editorial(context: Context) -> Editorial:
    """Asked for once a request; letters and pages of failure have none."""
    request = context.get("request")
    if request is None:
        return queries.around_page(now=timezone.now(), language=_language())
    if not hasattr(request, "_editorial"):
        request._editorial = _around(request, context)
    return request._editorial  # type: ignore[no-any-return]


def _around(request: Any, context: Context) -> Editorial:
    match = request.resolver_match
    category, page = context.get("category"), context.get("page")
    return queries.around_page(
        now=timezone.now(),
        language=_language(),
        category=category.slug if category else getattr(page, "category_slug", ""),
        flow=flow_of(match) or getattr(page, "flow", ""),
        area=match.app_name if match else "",
    )


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
