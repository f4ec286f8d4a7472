"""Around every page of the bank: it exists in a demonstration only, speaks three languages, and none of its pages is kept."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

P = ParamSpec("P")
COOKIE: Final = "sandbank_language"


def demo_only(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Outside of a demonstration there is nothing here."""

    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        chosen = _known(request.GET.get("language"))
        with translation.override(chosen or _known(request.COOKIES.get(COOKIE)) or settings.LANGUAGE_CODE):
            response = view(request, *args, **kwargs)
        if chosen:
            remember(response, chosen)
        add_never_cache_headers(response)
        return response

    return inner


def is_ours(url: str) -> bool:
    """Whether the address is the portal's own. Its keys are known to everybody: whoever signs an order with them would else have
    this machine call whatever address it names, or lead people there.
    """
    named, own = urlsplit(url), urlsplit(settings.BASE_URL)
    return (named.scheme, named.netloc) == (own.scheme, own.netloc)


def remember(response: HttpResponse, language: str | None) -> HttpResponse:
    """The pages that follow are in that language, if the bank speaks it."""
    if known := _known(language):
        response.set_cookie(COOKIE, known, path="/sandbank/", httponly=True, samesite="Lax")
    return response


def _known(language: str | None) -> str | None:
    return language if language in dict(settings.LANGUAGES) else None
