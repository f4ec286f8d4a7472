"""What the query string of a list of records may ask: declared filters, columns to order by, a search, a page, an export."""
# mypy: allow-untyped-calls
# modeladmin carries no types.

import functools
import operator
import re
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.admin import FieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, lookup_spawns_duplicates
from django.core.exceptions import EmptyResultSet, FullResultSet, ValidationError
from django.db.models import DateTimeField, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from wagtail_modeladmin.helpers import DjangoORMSearchHandler

from portal.fields.identifiers import clean_code

from ..admin_requests import short_term

PAGE: Final = re.compile(r"[1-9][0-9]{0,6}")
COLUMN: Final = re.compile(r"-?([0-9]{1,3})")
# What a value raises that is not of the field's type, or beyond what the database can hold.
UNFIT: Final = (IncorrectLookupParameters, ValidationError, ValueError, TypeError, OverflowError)
# `search_fields` as Django's admin writes them; without a prefix any part of the field may match.
LOOKUPS: Final = {"=": "exact", "^": "istartswith"}


def declared(view: Any, request: HttpRequest) -> QueryDict:
    """The request's parameters, without those that the list does not declare and values that nothing can be asked with."""
    kept = QueryDict(mutable=True)
    for name, value in _asked(view, request):
        kept[name] = value
    kept._mutable = False
    return kept


def _asked(view: Any, request: HttpRequest) -> Iterator[tuple[str, str]]:
    given = {name: value for name, value in request.GET.items() if isinstance(value, str) and "\0" not in value}
    if PAGE.fullmatch(given.get(view.PAGE_VAR, "")):
        yield view.PAGE_VAR, given[view.PAGE_VAR]
    if given.get(view.SEARCH_VAR, "").strip() and view.model_admin.get_search_fields(request):
        yield view.SEARCH_VAR, given[view.SEARCH_VAR]
    if given.get(view.EXPORT_VAR) in view.FORMATS and view.model_admin.get_list_export(request):
        yield view.EXPORT_VAR, given[view.EXPORT_VAR]
    if order := _order(view, request, given.get(view.ORDER_VAR, "")):
        yield view.ORDER_VAR, order
    for declaration in view.model_admin.get_list_filter(request):
        yield from _filtered(view, request, declaration, given)


def _order(view: Any, request: HttpRequest, order: str) -> str:
    """`-1.0`: numbers of columns that can be ordered by, each once."""
    columns = view.model_admin.get_list_display(request)
    kept: dict[int, str] = {}
    for part in order.split(".")[: len(columns)]:
        match = COLUMN.fullmatch(part)
        if match and int(match[1]) < len(columns) and view.get_ordering_field(columns[int(match[1])]):
            kept.setdefault(int(match[1]), part)
    return ".".join(kept.values())


def _filtered(view: Any, request: HttpRequest, declaration: Any, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The parameters of one declared filter; none of them where the database could not be asked with their values."""
    spec = _filter(view, request, declaration, {name: [value] for name, value in given.items()})
    if spec is None or not (names := [name for name in spec.expected_parameters() if name in given]):
        return
    queryset = view.model_admin.get_queryset(request)

    def ask() -> Any:
        if any(is_without_zone(spec, given[name]) for name in names):
            raise ValueError
        return spec.queryset(request, queryset)

    if is_askable(ask):
        yield from ((name, given[name]) for name in names)


def _filter(view: Any, request: HttpRequest, declaration: Any, params: dict[str, list[str]]) -> Any:
    """The filter as modeladmin makes it of an entry of `list_filter`."""
    model, admin = view.model, view.model_admin
    if callable(declaration):
        return declaration(request, params, model, admin)
    path, make = declaration if isinstance(declaration, tuple) else (declaration, FieldListFilter.create)
    return make(get_fields_from_path(model, path)[-1], request, params, model, admin, field_path=path)


def is_askable(ask: Any) -> bool:
    """Whether a query can be written in SQL with the values it is given."""
    try:
        queryset: QuerySet[Any] | None = ask()
        if queryset is not None:
            queryset.query.get_compiler(queryset.db).as_sql()
    except (EmptyResultSet, FullResultSet):
        return True
    except UNFIT:
        return False
    return True


def is_without_zone(spec: Any, value: str) -> bool:
    """A moment that does not say where on earth: the links of a filter of dates do."""
    if not isinstance(getattr(spec, "field", None), DateTimeField):
        return False
    moment = parse_datetime(value)
    return moment is not None and is_naive(moment)


class RecordsSearch(DjangoORMSearchHandler):
    """Every word stands in one of the fields; a word that does not fit a field's type is not looked for there."""

    def search_queryset(self, queryset: QuerySet[Any], search_term: str, **kwargs: Any) -> QuerySet[Any]:
        """The records found."""
        model, lookups = queryset.model, [lookup_of(field) for field in self.search_fields]
        for word in short_term(search_term).split():
            spelled = dict.fromkeys((word, clean_code(word)))  # a number is found with its hyphens, too
            fitting = [Q((lookup, each)) for each in spelled if each for lookup in lookups if _fits(model, lookup, each)]
            queryset = queryset.filter(functools.reduce(operator.or_, fitting)) if fitting else queryset.none()
        if any(lookup_spawns_duplicates(model._meta, lookup) for lookup in lookups):
            return queryset.distinct()
        return queryset


def _fits(model: Any, lookup: str, word: str) -> bool:
    return is_askable(lambda: model._base_manager.filter((lookup, word)))


def lookup_of(search_field: str) -> str:
    """`=account` means `account__exact`, `^name` the beginning, `name` any part."""
    path = search_field.lstrip("".join(LOOKUPS))
    return f"{path}__{LOOKUPS.get(search_field[0], 'icontains')}"
