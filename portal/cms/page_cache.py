"""Whole pages of the CMS, kept in the memory of each process. They are the same for every visitor: host and address are the key.

What is kept belongs to a *generation*. Publishing begins a new one, in the cache that all processes share; each asks it once a
second at most, and forgets what it kept under an older one. A page that was being drawn while something was published is kept
under the generation that it was begun in, and so is never shown: nothing stale survives a publishing by more than that second.
What many pages have in common (`cached_fragment`: whom to call, notices, languages) is kept the same way.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
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
GENERATION: Final = "generation"
BELIEVED_SECONDS: Final = 1.0
# Far more than a site has; an address may be written in many ways (`//`).
MOST_PAGES: Final = 1000
# A browser asks each time whether its copy still holds: a notice must be seen at once.
REVALIDATE: Final = "public, max-age=0, must-revalidate"
# Of a browser from which somebody works in the admin: its pages are drawn anew, with 編輯此頁 (cms.page_admin).
STAFF_COOKIE: Final = "staff"
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
    """What this process keeps, of one generation. Threads share it: attributes are replaced as a whole, never changed in part."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.kept: tuple[str, dict[str, Any]] = ("", {})
        self.set_generation("", seconds=0)

    def set_generation(self, generation: str, *, seconds: float) -> None:
        self.belief = (generation, time.monotonic() + seconds)

    def generation(self) -> str:
        """The generation that all processes share; "" where no cache can tell, and then nothing is kept."""
        generation, until = self.belief
        if time.monotonic() >= until:
            generation = _asked_generation()
            self.set_generation(generation, seconds=BELIEVED_SECONDS)
        return generation

    def of(self, generation: str) -> dict[str, Any]:
        """What is kept of that generation."""
        if self.kept[0] != generation:
            self.kept = (generation, {})
        return self.kept[1]


_memory = _Memory()
forget = _memory.forget


def cache_response(response: HttpResponse, *, seconds: float) -> HttpResponse:
    """Mark a page that every visitor sees alike: it may be kept so long, and PAGE_CACHE_SECONDS at most."""
    response.kept_for = min(seconds, settings.PAGE_CACHE_SECONDS)  # type: ignore[attr-defined]
    return response


def cap_lifetime(request: HttpRequest, moment: datetime | None) -> None:
    """What the page shows ends then: it is not kept longer."""
    request.cap_lifetime = moment  # type: ignore[attr-defined]


def invalidate_on_commit() -> None:
    """Every kept page is old news once the editors' transaction is through."""
    transaction.on_commit(invalidate)


def invalidate() -> None:
    """Begin a new generation: here at once, in other processes within BELIEVED_SECONDS."""
    generation = token_urlsafe(9)
    try:
        caches["pages"].set(GENERATION, generation, timeout=None)
    except (RedisError, OSError) as error:
        log.error("kept pages could not be thrown away: %s", type(error).__name__)
    _memory.set_generation("", seconds=0)


def cached_fragment(request: HttpRequest, name: str, make: Callable[[], T]) -> T:
    """What `make` returned the first time in this generation, in this process; without the cache, what it returns now."""
    if not (generation := _generation_of(request)):
        return make()
    kept = _memory.of(generation)
    if name not in kept:
        kept[name] = make()
    found: T = kept[name]
    return found


def _generation_of(request: HttpRequest) -> str:
    """Read once a request, and before anything that is kept under it."""
    if not hasattr(request, "generation"):
        request.generation = _memory.generation()  # type: ignore[attr-defined]
    generation: str = request.generation  # type: ignore[attr-defined]
    return generation


def _asked_generation() -> str:
    try:
        caches["pages"].add(GENERATION, token_urlsafe(9), timeout=None)
        generation: str = caches["pages"].get(GENERATION, "")
    except (RedisError, OSError) as error:
        log.warning("pages are not kept: %s", type(error).__name__)
        return ""
    return generation


class PageCacheMiddleware:
    """Answer with the kept page, or keep the page that the view marked with `cache_response`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (_may_be_kept(request) and (generation := _generation_of(request))):
            return _for_one(request, self.get_response(request))
        kept = _memory.of(generation).get(_key(request))
        if kept is not None and timezone.now() < kept.until:
            answer: HttpResponse = kept.response(request)
            return answer
        began = timezone.now()
        response = self.get_response(request)
        if request.method == "GET" and _is_for_everybody(request, response):
            _store(request, response, generation=generation, began=began)
        return response


def _may_be_kept(request: HttpRequest) -> bool:
    """A plain address. Wagtail draws an editor's preview by a dummy request to the page's own."""
    plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING") and not hasattr(request, "is_dummy")
    return plain and settings.PAGE_CACHE_SECONDS > 0 and STAFF_COOKIE not in request.COOKIES


def _for_one(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No browser or proxy shows a page with 編輯此頁 to anybody else."""
    if hasattr(response, "kept_for") and STAFF_COOKIE in request.COOKIES:
        response.headers["Cache-Control"] = "private, no-store"
    return response


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


def _store(request: HttpRequest, response: HttpResponse, *, generation: str, began: datetime) -> None:
    """Until midnight at most: which documents are asked for changes with the day."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(began) + timedelta(days=1), time_of_day()))
    until = min(began + timedelta(seconds=response.kept_for), midnight)  # type: ignore[attr-defined]
    if ends := getattr(request, "cap_lifetime", None):
        until = min(until, ends)
    response.headers["Cache-Control"] = REVALIDATE
    set_response_etag(response)
    headers = {name: value for name, value in response.headers.items() if name.lower() not in _NOT_KEPT}
    kept = _memory.of(generation)
    if len(kept) < MOST_PAGES:
        kept[_key(request)] = KeptPage(until, response.content, headers)
