"""Middleware."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from .languages import language_of


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


class QueryCountMiddleware:
    """Tell the bench, in `X-Query-Count`, how many queries a page took. Only where QUERY_COUNT is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = 0

        def count(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*args)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response.headers["X-Query-Count"] = str(queries)
        return response
