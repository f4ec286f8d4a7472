"""Questions that nobody declared: what a hostile query string asks of a list, made from the relations of its model."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.views.generic.base import View
from django.views.generic.list import MultipleObjectMixin
from wagtail_modeladmin.options import ModelAdmin

# Each would narrow the list to nothing, or fail, if it were asked.
LOOKUPS = {"regex": "(", "startswith": "~", "in": "a", "range": "a,b"}
NAMES = {
    "owner__password__startswith": "~",
    "account__sessions__session_key__regex": "^~",
    "user__session_key__regex": "(",
    "id__in": "a",
    "pk__in": "a",
    "foo": "1",
    "order_by": "owner__password",
    "ordering": "owner__password",
    "sort": "password",
    "e": "1",
    "_facets": "1",
    "o": "9999.-99.x.--1.٣",
    "p": "9" * 5000,
    "export": "pdf",
    "collection__in": "a",
    "user__password__regex": "[",
}
# A list's own fields are asked with these two only: `__isnull` is what some declared filters say.
SHALLOW = ("regex", "startswith")
# What a view has that shows a form, or one object.
OF_ONE = ("get_object", "get_form", "get_form_class", "get_edit_handler", "edit_handler", "form_class")
MOST = 900  # Django reads 1000 parameters
# Where an answer echoes its query string: in addresses, and in the form that a filter of it resubmits; and tokens, and the
# keys that the editor of rich text gives to its paragraphs, each time others.
ECHO = re.compile(
    r"""\?(?:[^\s"'<>\\]|\\u00\w\w)*|<input type=\\?"hidden\\?"[^>]*>|(?<!\w)\w{64}(?!\w)|(?<=key\\&quot;: \\&quot;)\w{5}"""
)


def questions(model: type[Model] | None) -> dict[str, str]:
    """Undeclared parameters for a list of that model: its relations to a depth of two, and what every list is asked."""
    found = dict(NAMES)
    for name, value in _of_relations(model or get_user_model()):
        if len(found) < MOST:
            found.setdefault(name, value)
    return found


def _of_relations(model: type[Model]) -> Iterator[tuple[str, str]]:
    for path, is_relation in _paths(model, 2):
        for lookup, value in LOOKUPS.items():
            if "__" in path or lookup in SHALLOW:
                yield f"{path}__{lookup}", value
        if "__" in path and not is_relation:
            yield f"{path}__isnull", "True"
            yield path, "~"


def _paths(model: type[Model], depth: int) -> Iterator[tuple[str, bool]]:
    """The relations first: they lead to other tables."""
    fields = sorted(model._meta.get_fields(), key=lambda field: not field.is_relation)
    for field in fields:
        yield field.name, field.is_relation
        if field.is_relation and depth > 1 and isinstance(other := field.related_model, type):
            for path, is_relation in _paths(other, depth - 1):
                yield f"{field.name}__{path}", is_relation


def _innermost(callback: Any) -> Any:
    while hasattr(callback, "__wrapped__"):
        callback = callback.__wrapped__
    return callback


def view_of(callback: Any) -> Any:
    """The class of the view, or the ModelAdmin whose list it is, or the function, under Wagtail's decorators."""
    callback = _innermost(callback)
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, ModelAdmin) else getattr(callback, "view_class", getattr(callback, "cls", callback))


def model_of(callback: Any) -> type[Model] | None:
    model = getattr(view_of(callback), "model", None)
    return apps.get_model(model) if isinstance(model, str) else model


def may_be_a_list(callback: Any) -> bool:
    """All views but those that are known to show one object or a form."""
    view = view_of(callback)
    if isinstance(view, ModelAdmin):
        return _innermost(callback).__name__ == "index_view"
    if not isinstance(view, type) or not issubclass(view, View) or hasattr(view, "listing_view"):
        return True
    return issubclass(view, MultipleObjectMixin) or not any(hasattr(view, mark) for mark in OF_ONE)


def without_echo(body: bytes) -> str:
    """The answer, but for what it says of the question."""
    return ECHO.sub("", body.decode(errors="replace"))
