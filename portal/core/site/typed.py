"""What was typed into a form that was not taken: it goes back to the browser with the answer, to be sent again.

Whatever refuses a form (a token that is too old, a log-in that is over, a body that is too big, an error of ours) answers with
components/typed.html, which holds these fields.
"""

import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render

Typed = dict[str, list[str]]
NOT_REPEATED: Final = re.compile("password|token|captcha", re.IGNORECASE)
# Nothing is repeated of forms that take one-time codes, beside which somebody may type a password, nor of a bank's.
SECRETIVE: Final = re.compile("/admin/(second-factor|set-up)/|/sandbank/")
# Unless somebody reads it again: what has a blank, or a character that is not in the names and codes of forms.
PROSE: Final = re.compile(r"[^\x21-\x7e]")
UNREADABLE: Final = (
    BadRequest,
    MultiPartParserError,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    UnreadablePostError,
    StopUpload,
)


def of(request: HttpRequest) -> Typed:
    """Every field and value that was posted, but for passwords, tokens and files."""
    if SECRETIVE.match(request.path_info):
        return {}
    try:
        posted = dict(request.POST.lists())
    except UNREADABLE:
        return {}
    named = {name: values for name, values in posted.items() if not NOT_REPEATED.search(name)}
    kept = {name: [value.replace("\0", "") for value in values] for name, values in named.items()}
    return kept if any(value.strip() for values in kept.values() for value in values) else {}


def is_from_here(request: HttpRequest) -> bool:
    """The form stood on a page of ours: browsers say where it was, and scripts cannot say otherwise."""
    ours = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == ours


def is_by_script(request: HttpRequest) -> bool:
    """A script asks, not the browser for a page: what is typed stays where it is, and the script says what happened."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") not in {"navigate", "nested-navigate"}


def beside_files(request: HttpRequest, *, seconds: float) -> Typed:
    """The texts of a form whose files are too much: these are read past and not kept."""
    request.upload_handlers = [_ReadPast(request, until=time.monotonic() + seconds)]
    return of(request)


class _ReadPast(FileUploadHandler):
    """Files go by; who sends too slowly is not waited for."""

    def __init__(self, request: HttpRequest, *, until: float) -> None:
        super().__init__(request)
        self.until = until

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if time.monotonic() > self.until:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        return None


def context(request: HttpRequest, typed: Typed) -> dict[str, Any]:
    """What components/typed.html is drawn with; asks the database for nothing."""
    if "CSRF_COOKIE" not in request.META:  # refused before that middleware was asked
        CsrfViewMiddleware(lambda request: HttpResponse()).process_request(request)
    return {
        "typed": [(name, value) for name, values in typed.items() for value in values],
        "prose": [text for values in typed.values() for value in values if PROSE.search(text := words(value).strip())],
        "address": request.get_full_path(),
        "csrf_token": get_token(request),
    }


def page(request: HttpRequest, template: str, typed: Typed, *, status: int, **more: Any) -> HttpResponse:
    """A page that holds what was typed."""
    response = render(request, template, {**context(request, typed), **more}, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def words(value: str) -> str:
    """What a person would read of it: of Wagtail's rich text the words, as they were typed."""
    if not value.startswith('{"'):
        return value
    try:
        blocks = json.loads(value)["blocks"]
        return "\n".join(str(block["text"]) for block in blocks if isinstance(block, Mapping))
    except (ValueError, KeyError, TypeError, RecursionError):
        return value
