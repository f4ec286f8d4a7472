"""House rule: each registered category has exactly one page class."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from portal.core import categories

from .models import CategoryPage


def one_page_for_each_category(**kwargs: Any) -> list[CheckMessage]:
    """A category without a page cannot be found; with two, nobody knows which is its page."""
    classes = defaultdict(list)
    for model in apps.get_models():
        if issubclass(model, CategoryPage):
            classes[model.category_slug].append(model.__name__)
    known = {category.slug for category in categories.all_categories()}
    return [_error(slug, classes[slug]) for slug in sorted(known | set(classes)) if slug not in known or len(classes[slug]) != 1]


def _error(slug: str, names: list[str]) -> Error:
    found = ", ".join(sorted(names)) or "none"
    hint = "Register the category in its pack's category.py and give it one CategoryPage."
    return Error(f"category {slug!r} has page classes: {found}", hint=hint, id="student_entry.E001")
