"""How big a request may be. settings.BODY_LIMITS says it by address; nothing bigger is read, parsed or spooled to disk."""

import re
import time
from dataclasses import dataclass
from functools import cache
from typing import IO, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.site import typed

# Of a body that is refused so much is read and thrown away, so that a browser that is still sending reads the answer.
DRAIN_BYTES: Final = 64 * 1024 * 1024
DRAIN_SECONDS: Final = 10.0
_CHUNK: Final = 64 * 1024
# Addresses for machines: a gateway reads one line, not a page.
_FOR_MACHINES: Final = re.compile(r"/(payments|sandbank/api|captcha|healthz|readyz)(/|$)")
REFUSED_DATA: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True)
class Limit:
    """Most bytes of a body. `members_only`: a visitor who is not logged in gets the ordinary limit there."""

    bytes: int
    members_only: bool = False


@cache
def _compiled(rows: tuple[tuple[str, int, bool], ...]) -> tuple[tuple[re.Pattern[str], Limit], ...]:
    return tuple((re.compile(pattern), Limit(most, members_only)) for pattern, most, members_only in rows)


def limit_of(path: str) -> Limit:
    """The first row of settings.BODY_LIMITS that matches the address, else settings.BODY_LIMIT."""
    rows = _compiled(tuple(settings.BODY_LIMITS))
    return next((limit for pattern, limit in rows if pattern.match(path)), Limit(settings.BODY_LIMIT))


def announced(request: HttpRequest) -> int | None:
    """The length of the body as the request says; None if it says none that can be believed."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    unmeasured = request.META.get("HTTP_TRANSFER_ENCODING", "") not in ("", "identity")
    return None if unmeasured or not re.fullmatch(r"[0-9]{1,15}", said, re.ASCII) else int(said)


def refuse(request: HttpRequest, status: int, *, logged_in: bool = True, is_known: bool = False) -> HttpResponse:
    """413 (too big), 411 (a body of unknown length) or 414 (too long an address): one line for machines, a page for people.

    Who `is_known` gets back what they typed beside files that are too big.
    """
    posted: typed.Typed = {}
    if is_known and status == 413 and (announced(request) or 0) <= DRAIN_BYTES and _is_a_persons(request):
        posted = typed.beside_files(request, seconds=DRAIN_SECONDS)
    else:
        drain(request)
    if _FOR_MACHINES.match(request.path_info):
        words = {411: "LENGTH REQUIRED", 413: "TOO LARGE", 414: "ADDRESS TOO LONG"}[status]
        return HttpResponse(words, status=status, content_type="text/plain")
    most = limit_of(request.path_info)
    context = {"code": status, "takes_files": most.members_only, "logged_in": logged_in}
    return typed.page(request, "413.html", posted, status=status, **context)


def _is_a_persons(request: HttpRequest) -> bool:
    return typed.is_from_here(request) and not typed.is_by_script(request)


def drain(request: HttpRequest) -> None:
    """Read some of the refused body and keep none of it."""
    stream: IO[bytes] | None = request.META.get("wsgi.input")
    rest = min(announced(request) or 0, DRAIN_BYTES)
    until = time.monotonic() + DRAIN_SECONDS
    while stream is not None and rest > 0 and time.monotonic() < until:
        read = len(stream.read(min(_CHUNK, rest)))
        rest = rest - read if read else 0


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: a form with too much in it is kept apart from a broken one."""
    if isinstance(exception, REFUSED_DATA):
        return refuse(request, 413)
    return render(request, "400.html", status=400)
