"""The entry page of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from wagtail.models import Page

from .models import CategoryPage, StudentEntryPage
from .seed_content import ENTRY, STEPS


def seed() -> None:
    """單一入口形象頁 at /student/entry/."""
    if not StudentEntryPage.objects.exists():
        section = Page.objects.get(slug="student", depth=3)
        section.add_child(instance=StudentEntryPage(**ENTRY, steps=STEPS))


def seed_category_page(page: CategoryPage) -> None:
    """A category's 說明頁 below the entry page."""
    if not type(page).objects.exists():
        StudentEntryPage.objects.get().add_child(instance=page)
