"""A system check: every list of modeladmin in the admin is a list of records, which answers to what it declares only."""
# mypy: allow-untyped-calls
# modeladmin carries no types.

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import WMABaseView

from .records_admin import RecordsAdmin, RecordsIndex
from .records_query import RecordsSearch

PARTS = {"index_view_class": RecordsIndex, "search_handler_class": RecordsSearch}


@checks.register(checks.Tags.security)
def check_lists(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An error for each ModelAdmin with an address that is not made of RecordsAdmin."""
    return refusals(get_resolver().url_patterns)


def refusals(patterns: Iterable[URLPattern | URLResolver]) -> list[checks.CheckMessage]:
    """One error a class, with its name."""
    admins = {type(admin): admin for admin in model_admins(patterns)}
    return [
        checks.Error(
            f"{kind.__module__}.{kind.__qualname__} {fault}.",
            hint="modeladmin's own lists pass every parameter to filter(): derive from portal.core.records_admin.RecordsAdmin.",
            id="portal.E001",
        )
        for kind in sorted(admins, key=lambda kind: kind.__qualname__)
        if (fault := _fault(kind))
    ]


def _fault(kind: type) -> str:
    if not issubclass(kind, RecordsAdmin):
        return "is a ModelAdmin but no RecordsAdmin"
    for name, base in PARTS.items():
        if not issubclass(getattr(kind, name), base):
            return f"has a {name} that is no {base.__name__}"
    return ""


def model_admins(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[ModelAdmin]:
    """Whatever of modeladmin's stands behind an address, under all decorators."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from model_admins(pattern.url_patterns)
        elif (admin := _behind(pattern.callback)) is not None:
            yield admin


def _behind(view: Any) -> ModelAdmin | None:
    view = inspect.unwrap(view)
    owner = getattr(view, "__self__", None)
    if isinstance(owner, ModelAdmin):
        return owner
    # A view class of modeladmin's that was given an address of its own.
    owner = getattr(view, "view_initkwargs", {}).get("model_admin")
    return owner if issubclass(getattr(view, "view_class", object), WMABaseView) else None
