"""The entry page of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from wagtail.models import Page

from .models import CategoryPage, StudentEntryPage
from .seed_content import CONTENT


def seed() -> None:
    """單一入口形象頁 at /student/entry/."""
    if not StudentEntryPage.objects.exists():
        section = Page.objects.get(slug="student", depth=3)
        words = CONTENT["zh-hant"]
        notices = [("notice", notice.fields()) for notice in words.notices]
        section.add_child(instance=StudentEntryPage(**words.entry.fields(), notices=notices))


def seed_category_page(page: CategoryPage) -> None:
    """A category's 說明頁 below the entry page."""
    if not type(page).objects.exists():
        StudentEntryPage.objects.get().add_child(instance=page)
