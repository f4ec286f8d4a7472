"""A system check: every list of modeladmin in the admin is a list of records, which answers to what it declares only."""
# mypy: allow-untyped-calls
# modeladmin carries no types.

from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail_modeladmin.options import ModelAdmin

from . import ReadOnlyModelAdmin, RecordsIndex
from .query import RecordsSearch

PARTS = {"index_view_class": RecordsIndex, "search_handler_class": RecordsSearch}


@checks.register(checks.Tags.security)
def check_lists(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An error for each ModelAdmin with an address that is not made of ReadOnlyModelAdmin."""
    return refusals(get_resolver().url_patterns)


def refusals(patterns: Iterable[URLPattern | URLResolver]) -> list[checks.CheckMessage]:
    """One error a class, with its name."""
    admins = {type(admin): admin for admin in model_admins(patterns)}
    return [
        checks.Error(
            f"{kind.__module__}.{kind.__qualname__} {fault}.",
            hint="modeladmin's own lists pass every parameter to filter(): derive from cms.model_admin.ReadOnlyModelAdmin.",
            id="portal.E001",
        )
        for kind in sorted(admins, key=lambda kind: kind.__qualname__)
        if (fault := _fault(kind))
    ]


def _fault(kind: type) -> str:
    if not issubclass(kind, ReadOnlyModelAdmin):
        return "is a ModelAdmin but no ReadOnlyModelAdmin"
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
    """Decorators say `__wrapped__`, or hold the view in their closure."""
    for each in _layers(view, frozenset()):
        owner = getattr(each, "__self__", None) or getattr(each, "view_initkwargs", {}).get("model_admin")
        if isinstance(owner, ModelAdmin):
            return owner
    return None


def _layers(view: Any, seen: frozenset[int]) -> Iterator[Any]:
    yield view
    inner = [getattr(view, "__wrapped__", None), *(cell.cell_contents for cell in getattr(view, "__closure__", None) or ())]
    for each in inner:
        if callable(each) and id(each) not in seen:
            yield from _layers(each, seen | {id(view)})
