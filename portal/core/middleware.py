"""Middleware."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import translation

from .languages import language_of

log = logging.getLogger(__name__)
# Machines ask under the name that they know.
FOR_MACHINES: Final = re.compile(r"/(healthz|readyz|payments)/")
# Views that Wagtail brings and this portal has not.
CLOSED_VIEWS: Final = frozenset(
    {
        # Every page and document is public (docs/adr/0023-the-admins-policy-and-editors-files.md).
        "wagtailadmin_pages:set_privacy",
        "wagtailadmin_collections:set_privacy",
        # Decodes CSV, TSV, XLS and XLSX of any size in the web worker.
        "wagtailredirects:start_import",
        "wagtailredirects:process_import",
        # Draws a picture in whatever size the address says.
        "wagtailimages:preview",
        "wagtailimages:url_generator",
        "wagtailimages:url_generator_output",
        # Makes the server fetch what stands at an address; no text of the site holds embeds.
        "wagtailembeds:chooser",
        "wagtailembeds:chooser_upload",
        # Staff get a link to a new password from an administrator.
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
        # Raises an error on purpose.
        "wagtailadmin_error_test",
    }
)
# Things are written in their own lists, not while one is chosen; Wagtail's address for it fails.
CLOSED_ENDINGS: Final = {"wagtailsnippetchoosers_": ":create"}


def is_closed(view_name: str) -> bool:
    """Whether Wagtail brings the view and this portal has it not."""
    ends = (view_name.startswith(start) and view_name.endswith(end) for start, end in CLOSED_ENDINGS.items())
    return view_name in CLOSED_VIEWS or any(ends)


class LanguageAddressMiddleware:
    """The address alone says the language, so that a page is the same for everybody who opens it.

    Django's LocaleMiddleware would also listen to cookies and to Accept-Language, and say so in `Vary`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class CanonicalHostMiddleware:
    """A page that is asked for under another name of the same site is at the one that emails and papers name.

    Cookies, log-ins and the policies of pages hold for one name. Where settings.ONE_HOST is empty every name is as good.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        one = settings.ONE_HOST
        is_look = request.method in {"GET", "HEAD"} and not FOR_MACHINES.match(request.path_info)
        if one and is_look and request.get_host() != urlsplit(one).netloc:
            return HttpResponsePermanentRedirect(one + request.get_full_path())
        return self.get_response(request)


class NoNulMiddleware:
    """PostgreSQL cannot be asked for a NUL: an address with one is a missing page, a cookie with one is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        if any("\0" in value for value in request.COOKIES.values()):
            request.COOKIES = {}
        return self.get_response(request)


class ClosedViewsMiddleware:
    """What is closed is a missing page, whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Asked by name: Wagtail may move an address, and its links to it still resolve."""
        if request.resolver_match is not None and is_closed(request.resolver_match.view_name):
            raise Http404


class QueryCountMiddleware:
    """Tell the bench, in `X-Query-Count`, how many queries a page took. Only where QUERY_COUNT is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        counter = QueryCounter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        response.headers["X-Query-Count"] = str(counter.queries)
        return response


class TimedAnswerMiddleware:
    """Tell a developer how many queries an answer took and how long: the browser in `Server-Timing`, the terminal in a line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        counter, began = QueryCounter(), time.perf_counter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        total, database = (time.perf_counter() - began) * 1000, counter.seconds * 1000
        response.headers["Server-Timing"] = f'total;dur={total:.0f}, db;dur={database:.0f};desc="{counter.queries} queries"'
        log.info(
            "%s %s %s: %s queries in %.0f of %.0f ms",
            *(request.method, request.path, response.status_code),
            *(counter.queries, database, total),
        )
        return response


class QueryCounter:
    """A wrapper for `connection.execute_wrapper` that counts what goes through it, and how long that took."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - began
