"""The first pages of a fresh site, one for each language, and what they say until an editor changes it in the admin."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale, Page

from .pages import BasePage

Blocks = list[tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class PageWords:
    """What every page says. `slug` is the same in all languages, so that addresses differ by the language alone.

    Only the landing pages, which stand side by side at the root of the tree and show theirs nowhere, have one each.
    """

    title: str
    slug: str
    introduction: str
    search_description: str

    def fields(self) -> dict[str, Any]:
        """The fields of the page's model."""
        return {
            "title": self.title,
            "slug": self.slug,
            "introduction": self.introduction,
            "search_description": self.search_description,
        }


def blocks(block: str, rows: Mapping[str, Any], *, names: tuple[str, str] = ("title", "text")) -> Blocks:
    """The rows as blocks of a StreamField, each a pair of fields."""
    return [(block, dict(zip(names, row, strict=True))) for row in rows.items()]


def locales() -> list[Locale]:
    """The locale of each language of the site, the source language's first."""
    return [Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES]


def add_page(parent: Page, in_languages: Mapping[str, BasePage]) -> BasePage:
    """Publish a page below `parent`, a page of the source language, and its translations below the parent's.

    A language that it has no words in gets an alias of it.
    """
    source_locale, *others = locales()
    source = in_languages[source_locale.language_code]
    _publish(source, above=parent)
    for locale in others:
        if translation := in_languages.get(locale.language_code):
            translation.locale, translation.translation_key = locale, source.translation_key
            _publish(translation, above=parent if parent.is_root() else parent.get_translation(locale))
        else:
            source.copy_for_translation(locale, alias=True)
    return source


def _publish(page: BasePage, *, above: Page) -> None:
    """Live from the beginning, with its first revision: what an editor's publishing leaves, at a third of its cost."""
    above.refresh_from_db()  # a page added beside it has moved the tree's counters
    page.first_published_at = page.last_published_at = timezone.now()
    above.add_child(instance=page)
    revision = page.save_revision(changed=False)
    Page.objects.filter(pk=page.pk).update(live_revision=revision)
