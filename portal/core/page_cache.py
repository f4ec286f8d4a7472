"""Whole pages of the CMS from the cache. They are the same for every visitor, so the address is the whole key.

Publishing throws all of them away by beginning a new edition. A page that was being drawn at that moment is kept under the
edition that it was begun in, and so is never shown: nothing stale survives a publishing. What many pages have in common
(`furniture`: whom to call, notices, languages) each process remembers for one edition.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import inf
from secrets import token_urlsafe
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)
EDITION: Final = "edition"
# A browser asks each time whether its copy still holds: a notice must be seen at once.
REVALIDATE: Final = "public, max-age=0, must-revalidate"
_NOT_KEPT: Final = frozenset({"set-cookie", "vary", "date"})
# Without its cache the portal draws each page anew.
_CACHE_IS_DOWN = (RedisError, OSError)


@dataclass(frozen=True)
class KeptPage:
    """A page as it leaves: body and headers, and nothing of whoever asked for it first."""

    edition: str
    body: bytes
    headers: dict[str, str]

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page, or 304 for a browser that has it."""
        response = HttpResponse(self.body, headers=self.headers)
        return get_conditional_response(request, etag=self.headers["ETag"], response=response) or response


def keep(response: HttpResponse, *, seconds: float) -> HttpResponse:
    """Mark a page that every visitor sees alike: it may be kept so long, and PAGE_CACHE_SECONDS at most."""
    response.kept_for = min(seconds, settings.PAGE_CACHE_SECONDS)  # type: ignore[attr-defined]
    return response


def shows_until(request: HttpRequest, moment: datetime | None) -> None:
    """What the page shows ends then: it is not kept longer."""
    request.shows_until = moment  # type: ignore[attr-defined]


def throw_away_after_commit() -> None:
    """Every kept page is old news once the editors' transaction is through."""
    transaction.on_commit(throw_away)


def throw_away() -> None:
    """Begin a new edition."""
    try:
        caches["pages"].set(EDITION, token_urlsafe(9), timeout=None)
    except _CACHE_IS_DOWN as error:
        log.error("kept pages could not be thrown away: %s", type(error).__name__)


def _first_edition() -> str:
    """The edition of a cache that knows none yet; nothing, if it keeps nothing."""
    try:
        caches["pages"].add(EDITION, token_urlsafe(9), timeout=None)
        edition: str = caches["pages"].get(EDITION, "")
    except _CACHE_IS_DOWN:
        return ""
    return edition


_remembered: tuple[str, dict[str, Any]] = ("", {})


def furniture(request: HttpRequest, name: str, make: Callable[[], T]) -> T:
    """What `make` returned the first time in this edition, in this process; without the cache, what it returns now."""
    global _remembered
    if not (edition := _edition_of(request)):
        return make()
    if _remembered[0] != edition:
        _remembered = (edition, {})
    remembered = _remembered[1]
    if name not in remembered:
        remembered[name] = make()
    found: T = remembered[name]
    return found


def _edition_of(request: HttpRequest) -> str:
    """Read once a request, and before what is remembered under it."""
    if not hasattr(request, "edition"):
        request.edition = _look_up(EDITION).get(EDITION) or _first_edition()  # type: ignore[attr-defined]
    edition: str = request.edition  # type: ignore[attr-defined]
    return edition


class PageCacheMiddleware:
    """Answer with the kept page, or keep the page that the view marked with `keep`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_be_kept(request):
            return self.get_response(request)
        key = sha256(request.path_info.encode(errors="surrogateescape")).hexdigest()
        found = _look_up(EDITION, key)
        edition, kept = found.get(EDITION) or _first_edition(), found.get(key)
        request.edition = edition  # type: ignore[attr-defined]
        if kept is not None and kept.edition == edition:
            answer: HttpResponse = kept.response(request)
            return answer
        response = self.get_response(request)
        if request.method == "GET" and (seconds := getattr(response, "kept_for", 0)):
            _keep(key, response, edition=edition, seconds=min(seconds, _seconds_left(request)))
        return response


def _seconds_left(request: HttpRequest) -> float:
    ends: datetime | None = getattr(request, "shows_until", None)
    return (ends - timezone.now()).total_seconds() if ends else inf


def _may_be_kept(request: HttpRequest) -> bool:
    """A plain address. Wagtail draws an editor's preview by a dummy request to the page's own."""
    plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING") and not hasattr(request, "is_dummy")
    return plain and settings.PAGE_CACHE_SECONDS > 0


def _look_up(*keys: str) -> dict[str, Any]:
    try:
        return caches["pages"].get_many(keys)
    except _CACHE_IS_DOWN as error:
        log.warning("no page from the cache: %s", type(error).__name__)
        return {}


def _keep(key: str, response: HttpResponse, *, edition: str, seconds: float) -> None:
    if seconds <= 0:
        return
    response.headers["Cache-Control"] = REVALIDATE
    set_response_etag(response)
    headers = {name: value for name, value in response.headers.items() if name.lower() not in _NOT_KEPT}
    try:
        caches["pages"].set(key, KeptPage(edition, response.content, headers), timeout=seconds)
    except _CACHE_IS_DOWN as error:
        log.warning("a page was not kept: %s", type(error).__name__)
