"""Words that every page takes from the editors, asked for once a page and only by a page that shows them."""

from functools import partial
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from portal.cms import page_cache
from portal.core.wording import in_language
from portal.editorial import queries
from portal.editorial.contact import ContactSettings
from portal.editorial.declaration import DeclarationVersion
from portal.editorial.declaration_versions import declaration_in_force
from portal.editorial.queries import EditorialContext, Link
from portal.editorial.scopes import flow_of
from portal.editorial.snippets import Announcement

register = template.Library()


@register.simple_tag(takes_context=True)
def contact(context: Context) -> "SimpleLazyObject[ContactSettings]":
    """Agency, hotline and hours; the manual's own until an editor saves others. An email shows nothing else of theirs."""
    return SimpleLazyObject(queries.contact if context.get("request") is None else lambda: _editorial(context).contact)


@register.simple_tag(takes_context=True)
def footer_links(context: Context) -> tuple[Link, ...]:
    """頁尾連結."""
    return _editorial(context).links


@register.simple_tag(takes_context=True)
def active_announcements(context: Context, *levels: str) -> list[Announcement]:
    """公告 for this page, those of the whole site, of its category and of its flow; or only some levels of them."""
    return [announcement for announcement in _editorial(context).announcements if not levels or announcement.level in levels]


@register.simple_tag
def declaration_of(category: str) -> DeclarationVersion | None:
    """使用聲明事項 of the category: what 個人資料保護法 §8 says to whoever gives their data."""
    return declaration_in_force(category, now=timezone.now())


@register.inclusion_tag("portal/editorial/guidance.html", takes_context=True)
def guidance(context: Context, place: str, css_class: str = "guidance") -> dict[str, Any]:
    """What editors say at that place (`forms.permit`), or nothing."""
    found = _editorial(context).guidance.get(place)
    return {"text": found and in_language(found, "text", _language()), "css_class": css_class}


def _editorial(context: Context) -> EditorialContext:
    """Asked for once a request, and remembered for a generation; emails and pages of failure have no request."""
    request = context.get("request")
    if request is None:
        return queries.editorial_context(now=timezone.now(), language=_language())
    if not hasattr(request, "_editorial"):
        request._editorial = _around(request, context)
        page_cache.cap_lifetime(request, request._editorial.ends_at)
    return request._editorial  # type: ignore[no-any-return]


def _around(request: Any, context: Context) -> EditorialContext:
    now, match = timezone.now(), request.resolver_match
    category, page = context.get("category"), context.get("page")
    ask = partial(
        queries.editorial_context,
        now=now,
        language=_language(),
        category=category.slug if category else getattr(page, "category_slug", ""),
        flow=flow_of(match) or getattr(page, "flow", ""),
        area=match.app_name if match else "",
    )
    name = " ".join(("around", *(str(value) for name, value in sorted(ask.keywords.items()) if name != "now")))
    remembered = page_cache.cached_fragment(request, name, ask)
    return ask() if remembered.ends_at and remembered.ends_at <= now else remembered


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
