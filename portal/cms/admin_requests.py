"""What a query string or a form of the admin may hold, before any view of Wagtail's or ours reads it.

Wagtail's lists declare what they filter and order by, but with some values of it no database can be asked: numbers of forty
digits, the year 1, a search of three thousand words. Such a value is dropped, as if it had not been given.

Its forms count on the fields that its pages send with them, and fail where one is missing or is no number. No browser sends
such a form; who does is answered 400.
"""

import logging
import re
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils.datastructures import MultiValueDictKeyError

from portal.fields.typed import Shape, cleaned
from portal.throttling.body_limits import bad_request

from .page_admin.staff_browser import mark

logger = logging.getLogger(__name__)

TERMS: Final = frozenset({"q", "search", "term"})
LONGEST_TERM, MOST_WORDS = 200, 10
LONGEST_VALUE: Final = 4000
# As int() reads it; a BigInteger has 19 digits at most.
NUMBER: Final = re.compile(r"\s*[+-]?[\d_]+\s*")
MOST_DIGITS: Final = 18
# Days at the ends of the calendar, which no clock of another time zone can show. The text of a link may look like one.
DAY: Final = re.compile(r"[\d/.:T+Z -]{6,40}")
END_OF_TIME: Final = re.compile(r"(?<!\d)(0\d{3}|9999)(?!\d)")
LINK: Final = "link_"
NO_PAGE: Final = 405
# What choosers and bulk actions are given: every model of the admin has a number for its key.
BLOCKS: Final = "wagtailadmin_block_preview"  # whose keys are words
KEY: Final = re.compile(r"[0-9]{1,18}|all")
# The page of a list, which not every view of Wagtail's reads through a paginator; and where it goes afterwards, which it takes
# for the name of a view where it is no path.
PAGES: Final = frozenset({"p", "page"})
PAGE: Final = re.compile(r"0*[1-9][0-9]{0,17}")
AFTERWARDS: Final = "next"
# A field that a form of Wagtail's reads without asking whether it is there.
EXPECTED: Final = {"wagtailadmin_choose_page_external_link": "external-link-chooser-url"}
# What its forms raise when fields are missing or hold something else.
BROKEN_FORM: Final = (MultiValueDictKeyError, ValidationError, ValueError)


class AdminRequestMiddleware:
    """Every view of the admin reads a query string that can be asked, and a form that some page may have sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == NO_PAGE and request.method == "GET" and not response.content and _match(request):
            # Somebody opened the address of a button, from the history or a bookmark.
            said = render(request, "wagtailadmin/405.html", status=NO_PAGE)
            said.headers["Allow"] = response.headers["Allow"]
            response = said
        return mark(request, response) if request.path_info.startswith("/admin/") else response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Drop the values that no list can be asked with."""
        match = _match(request)
        if match is None:
            return
        if request.method == "POST" and match.view_name in EXPECTED:
            request.POST = _with_field(request.POST, EXPECTED[match.view_name])  # type: ignore[assignment]
        if request.method == "POST" and not all(is_askable(AFTERWARDS, each) for each in request.POST.getlist(AFTERWARDS)):
            request.POST = _without_field(request.POST, AFTERWARDS)  # type: ignore[assignment]
        if match.view_name != BLOCKS and request.GET:
            kept = request.GET.copy()
            for name, values in request.GET.lists():
                kept.setlist(name, _askable(name, values))
                if not kept.getlist(name):
                    del kept[name]
            kept._mutable = False
            request.GET = kept  # type: ignore[assignment]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page behind the last one of a list is none. A broken form is no error of ours; the log says what it was."""
        if isinstance(exception, InvalidPage) and _match(request) is not None:
            raise Http404 from exception
        if request.method == "GET" or _match(request) is None or not isinstance(exception, BROKEN_FORM):
            return None
        logger.warning("a form of the admin was broken", exc_info=exception)
        return bad_request(request, exception)


def _with_field(typed: QueryDict, name: str) -> QueryDict:
    """An empty field is one that the form can ask for."""
    if name in typed:
        return typed
    whole = typed.copy()
    whole[name] = ""
    return whole


def _without_field(typed: QueryDict, name: str) -> QueryDict:
    rest = typed.copy()
    del rest[name]
    return rest


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Where the request leads, if that is a view of the admin."""
    match = request.resolver_match
    return match if match is not None and match.route.startswith("admin/") else None


def _askable(name: str, values: list[str]) -> list[str]:
    if name in TERMS:
        return [term for term in map(short_term, values) if term]
    return [each for each in values if is_askable(name, each)]


def is_askable(name: str, value: str) -> bool:
    """Whether a database can be asked for it, whatever the list does with it."""
    if len(value) > LONGEST_VALUE:
        return False
    if name == "id":
        return KEY.fullmatch(value) is not None
    if name in PAGES:
        return PAGE.fullmatch(value) is not None
    if name == AFTERWARDS:
        return value == "" or value.startswith("/")
    if NUMBER.fullmatch(value):
        return sum(map(str.isdecimal, value)) <= MOST_DIGITS
    return name.startswith(LINK) or not (DAY.fullmatch(value) and END_OF_TIME.search(value))


def short_term(term: str) -> str:
    """As many words as anybody types, without the quotation marks that full-text search takes for its own."""
    return " ".join(cleaned(term[: LONGEST_TERM * 2], Shape.EXACT).replace('"', " ").split()[:MOST_WORDS])[:LONGEST_TERM]
