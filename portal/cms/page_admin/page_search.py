"""The search for pages in the admin: by all their words, not by their titles alone, and in the middle of a sentence too.

Full-text search finds words between blanks, and Chinese has none. A site like this one has dozens of pages, so they are read.
"""
# mypy: allow-untyped-calls
# Wagtail carries no types.

import unicodedata
from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, TextField
from django.utils.html import strip_tags
from wagtail.admin.views.pages import search
from wagtail.fields import StreamField
from wagtail.models import Page

# Of Wagtail's own columns those that an editor writes.
_WAGTAILS = {"title", "draft_title", "slug", "seo_title", "search_description"}
_by_titles = search.page_filter_search


def find(q: str, pages: Any, all_pages: Any = None, ordering: str | None = None) -> Any:
    """In the place of Wagtail's: its own filters (`published:yes`) and its kind of answer, with our idea of what is found."""
    filters, _query = search.parse_query_string(q, operator="and")
    words = _plain(q.partition(":")[0] if filters else q).split()
    if not words or filters:
        return _by_titles(q, pages, all_pages, ordering)
    found = [page.pk for page in Page.objects.filter(pk__in=pages.values("pk")).specific() if _has(page, words)]
    return _by_titles("", pages.filter(pk__in=found), all_pages and all_pages.filter(pk__in=found), ordering)


def _has(page: Page, words: list[str]) -> bool:
    text = _plain("\n".join(texts(page)))
    return all(word in text for word in words)


def texts(page: Page) -> Iterator[str]:
    """What an editor wrote on it, field by field."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = getattr(page, field.name)
            yield from value.stream_block.get_searchable_content(value)
        elif isinstance(field, CharField | TextField) and (field.model is not Page or field.name in _WAGTAILS):
            yield strip_tags(getattr(page, field.name) or "")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


search.page_filter_search = find
