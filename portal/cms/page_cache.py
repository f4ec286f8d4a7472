"""Whole pages of the CMS, kept in the memory of each process. They are the same for every visitor: host and address are the key.

What is kept belongs to an *edition*. Publishing begins a new one, in the cache that all processes share; each asks it once a
second at most, and forgets what it kept under an older one. A page that was being drawn while something was published is kept
under the edition that it was begun in, and so is never shown: nothing stale survives a publishing by more than that second.
What many pages have in common (`furniture`: whom to call, notices, languages) is kept the same way.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
BELIEVED_SECONDS: Final = 1.0
# Far more than a site has; an address may be written in many ways (`//`).
MOST_PAGES: Final = 1000
# A browser asks each time whether its copy still holds: a notice must be seen at once.
REVALIDATE: Final = "public, max-age=0, must-revalidate"
_NOT_KEPT: Final = frozenset({"set-cookie", "vary", "date"})


@dataclass(frozen=True)
class KeptPage:
    """A page as it leaves: body and headers, and nothing of whoever asked for it first."""

    until: datetime
    body: bytes
    headers: dict[str, str]

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page, or 304 for a browser that has it."""
        response = HttpResponse(self.body, headers=self.headers)
        return get_conditional_response(request, etag=self.headers["ETag"], response=response) or response


class _Memory:
    """What this process keeps, of one edition. Threads share it: each attribute is replaced as a whole, never changed in part."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.kept: tuple[str, dict[str, Any]] = ("", {})
        self.believe("", seconds=0)

    def believe(self, edition: str, *, seconds: float) -> None:
        self.belief = (edition, time.monotonic() + seconds)

    def edition(self) -> str:
        """The edition that all processes share; "" where no cache can tell, and then nothing is kept."""
        edition, until = self.belief
        if time.monotonic() >= until:
            edition = _ask_edition()
            self.believe(edition, seconds=BELIEVED_SECONDS)
        return edition

    def of(self, edition: str) -> dict[str, Any]:
        """What is kept of that edition."""
        if self.kept[0] != edition:
            self.kept = (edition, {})
        return self.kept[1]


_memory = _Memory()
forget = _memory.forget


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
    """Begin a new edition: here at once, in other processes within BELIEVED_SECONDS."""
    edition = token_urlsafe(9)
    try:
        caches["pages"].set(EDITION, edition, timeout=None)
    except (RedisError, OSError) as error:
        log.error("kept pages could not be thrown away: %s", type(error).__name__)
    _memory.believe("", seconds=0)


def furniture(request: HttpRequest, name: str, make: Callable[[], T]) -> T:
    """What `make` returned the first time in this edition, in this process; without the cache, what it returns now."""
    if not (edition := _edition_of(request)):
        return make()
    kept = _memory.of(edition)
    if name not in kept:
        kept[name] = make()
    found: T = kept[name]
    return found


def _edition_of(request: HttpRequest) -> str:
    """Read once a request, and before anything that is kept under it."""
    if not hasattr(request, "edition"):
        request.edition = _memory.edition()  # type: ignore[attr-defined]
    edition: str = request.edition  # type: ignore[attr-defined]
    return edition


def _ask_edition() -> str:
    try:
        caches["pages"].add(EDITION, token_urlsafe(9), timeout=None)
        edition: str = caches["pages"].get(EDITION, "")
    except (RedisError, OSError) as error:
        log.warning("pages are not kept: %s", type(error).__name__)
        return ""
    return edition


class PageCacheMiddleware:
    """Answer with the kept page, or keep the page that the view marked with `keep`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (_may_be_kept(request) and (edition := _edition_of(request))):
            return self.get_response(request)
        kept = _memory.of(edition).get(_key(request))
        if kept is not None and timezone.now() < kept.until:
            answer: HttpResponse = kept.response(request)
            return answer
        response = self.get_response(request)
        if request.method == "GET" and _is_for_everybody(request, response):
            _keep(request, response, edition=edition)
        return response


def _may_be_kept(request: HttpRequest) -> bool:
    """A plain address. Wagtail draws an editor's preview by a dummy request to the page's own."""
    plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING") and not hasattr(request, "is_dummy")
    return plain and settings.PAGE_CACHE_SECONDS > 0


def _key(request: HttpRequest) -> str:
    """Scheme, host and path: the sites of the CMS differ by host. A host that is not ours never comes this far."""
    return f"{request.scheme}://{request.get_host()}{request.path_info}"


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Marked by its view, whole, and drawn without a look at the visitor's session, which would speak of cookies."""
    if not hasattr(response, "kept_for") or response.status_code != 200 or response.streaming:
        return False
    if response.cookies or (response.has_header("Vary") and "cookie" in response.headers["Vary"].lower()):
        log.error("a page that reads its visitor's cookies is not kept: %s", request.path_info)
        return False
    return True


def _keep(request: HttpRequest, response: HttpResponse, *, edition: str) -> None:
    until = timezone.now() + timedelta(seconds=response.kept_for)  # type: ignore[attr-defined]
    if ends := getattr(request, "shows_until", None):
        until = min(until, ends)
    response.headers["Cache-Control"] = REVALIDATE
    set_response_etag(response)
    headers = {name: value for name, value in response.headers.items() if name.lower() not in _NOT_KEPT}
    kept = _memory.of(edition)
    if len(kept) < MOST_PAGES:
        kept[_key(request)] = KeptPage(until, response.content, headers)
