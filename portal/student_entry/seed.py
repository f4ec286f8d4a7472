"""The entry page of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from collections.abc import Mapping

from wagtail.models import Page

from portal.cms.seeding import add_page

from .models import CategoryPage, StudentEntryPage
from .seed_content import CONTENT


def seed() -> None:
    """單一入口形象頁 at /student/entry/."""
    if not StudentEntryPage.objects.exists():
        section = Page.objects.get(slug="student", depth=3, locale__language_code="zh-hant")
        add_page(section, {code: StudentEntryPage(**words.fields()) for code, words in CONTENT.items()})


def seed_category_page(in_languages: Mapping[str, CategoryPage]) -> None:
    """A category's 說明頁 below the entry page."""
    if not type(in_languages["zh-hant"]).objects.exists():
        add_page(StudentEntryPage.objects.get(locale__language_code="zh-hant"), in_languages)
