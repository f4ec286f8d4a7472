"""The languages of a page: which one it is in, and where it stands in the others."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language
from wagtail.models import Page, Site

from portal.cms.page_cache import cached_fragment
from portal.cms.pages import BasePage, public_address, published_translations
from portal.core.languages import TAGS, front_page, in_language

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """The page in one language; `tag` is for `lang` and `hreflang`."""

    code: str
    name: str
    address: str
    is_current: bool

    @property
    def tag(self) -> str:
        return TAGS[self.code]


@register.simple_tag
def language_tag(code: str = "") -> str:
    """What `lang` says of a language, or of the page's own."""
    return TAGS[code or get_language() or settings.LANGUAGE_CODE]


@register.simple_tag
def whole_address(path: str) -> str:
    """An address of this site as other sites need it."""
    return path if "://" in path else settings.BASE_URL + path


@register.simple_tag(takes_context=True)
def page_address(context: Context, page: Page | None) -> str:
    """Where visitors find a page that an editor chose: in their language or in its own. "" once it is deleted or taken off."""
    if page is None:
        return ""
    request = context["request"]
    known = {place.code: place.address for place in _places(page, request)}
    here = known.get(get_language() or settings.LANGUAGE_CODE)
    return here or (page.get_url(request) or "" if page.live else "")


@register.simple_tag
def front_page_address() -> str:
    """The landing page in the page's language; asks nobody, so that error pages may use it."""
    return front_page(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """Links to this page in each language; to the landing page in a language in which it is not published."""
    request, page = context["request"], context.get("page")
    here = request.get_full_path()
    if isinstance(page, BasePage):
        known = {place.code: place.address for place in _places(page, request)}
        addresses = {code: known.get(code) or front_page(code) for code, _name in settings.LANGUAGES}
    else:
        addresses = {code: in_language(here, code) for code, _name in settings.LANGUAGES}
    return [LanguageLink(code, str(name), addresses[code], code == get_language()) for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def translations(context: Context) -> list[LanguageLink]:
    """The public addresses of a CMS page in the languages in which somebody wrote it (hreflang)."""
    names = dict(settings.LANGUAGES)
    return [
        LanguageLink(place.code, str(names[place.code]), place.public, place.code == get_language())
        for place in _places(context["page"], context["request"])
        if not place.is_alias
    ]


@register.simple_tag(takes_context=True)
def canonical(context: Context) -> str:
    """The one public address of a CMS page: of an untranslated one, that of its source."""
    page = context["page"]
    return public_address(page.alias_of or page, context["request"])


class _Place(NamedTuple):
    code: str
    address: str
    is_alias: bool
    public: str


def _places(page: Page, request: Any) -> list[_Place]:
    """Where the page stands in each language in which it is published, seen from the site that is asked."""

    def find() -> list[_Place]:
        found = page.translations if isinstance(page, BasePage) else published_translations(page)
        return [
            _Place(one.locale.language_code, one.get_url(request) or "", bool(one.alias_of_id), public_address(one, request))
            for one in found
        ]

    site = Site.find_for_request(request)
    return cached_fragment(request, f"places of {page.translation_key} from {site and site.pk}", find)
