"""What a log line may say: which address, never which case, draft, code or person.

Every handler of LOGGING, gunicorn's and Celery's included, writes through `MaskingFormatter`.
"""

import copy
import logging
import re
import traceback
from collections.abc import Iterator
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils import translation

from . import categories
from .languages import language_of

MASK: Final = "…"
IDEOGRAPHIC_SPACE: Final = "\u3000"
# Holes of addresses that name a thing everybody knows: which kind of application, which step of the form.
_PUBLIC_HOLES: Final = {"category", "kind", "step", "gateway"}
_WORD: Final = re.compile(r"[a-z]{1,20}(-[a-z]{1,20}){0,5}")
# A primary key says nothing outside of the database; nothing that a person is known by has so few digits.
_KEY: Final = re.compile(r"\d{1,7}")
_EXTENSION: Final = re.compile(r"\.[a-z0-9]{2,4}$")

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# A path, alone or behind scheme and host. It ends where a quote or a space does; one with a space in it is masked
# as an argument, before it is part of a sentence.
_ADDRESS: Final = re.compile(r"(?<![\w./<])((?:https?:)?//[^/\s'\"<>?#]+)?(/[^\s'\"<>,;()\[\]{}|\\]*)")
_VALUES: Final = (
    (re.compile(r"://[^/\s@]*@"), "://<credentials>@"),
    # What PostgreSQL repeats of a row: `Key (case_no)=(…)`, `Failing row contains (…)`.
    (re.compile(r"\)=\(.*?\)(?=\W|$)"), f")=({MASK})"),
    (re.compile(r"(Failing row contains) \(.*"), rf"\1 ({MASK})"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<email>"),
    # Draft tokens, links of emails, session keys, verification codes. Ids of things of ours are of another shape.
    (re.compile(rf"(?<![\w-])(?!{_UUID}\b)(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{{20,}}", re.ASCII), "<token>"),
    # 統一證號, bills, permits, travel documents: a character or two and digits. Cases, telephones: digits.
    (re.compile(r"(?<![\w-])[A-Za-z]{1,2}(\d{7,}\w*|\d{2,4}-\d{4,})(?![\w-])", re.ASCII), "<number>"),
    (re.compile(r"(?<![\w.-])[+]?\d{8,}(?![\w-])", re.ASCII), "<number>"),
)
# In the words of an exception: the name of a field or a setting is shown, what somebody typed is not.
_QUOTED: Final = re.compile(r"(?<!\w)(['\"])(?![A-Za-z_][A-Za-z_.]{0,60}\1)(?:(?!\1).)*\1", re.ASCII)


def masked_path(address: str) -> str:
    """The address with what fills its holes masked, and without its query: `/verify/…/`."""
    path, query, _rest = address.partition("?")
    path = unquote(path)
    words = set(path.split("/")) if path.startswith("/static/") else _words(path)
    shown = "/".join(part if not part or part in words else _masked_part(part) for part in path.split("/"))
    return shown + (f"?{MASK}" if query else "")


def _masked_part(part: str) -> str:
    extension = _EXTENSION.search(part)
    return MASK + (extension[0] if extension else "")


def _words(path: str) -> set[str]:
    """Those parts of a path that a log may show."""
    parts = set(path.split("/"))
    try:
        hidden = _holes(path)
        known, families = _known_words()
    except (AppRegistryNotReady, ImproperlyConfigured):  # before the portal has begun nothing is known
        return set()
    if hidden is None and _family(path) in families:
        return parts & known
    return {part for part in parts if part in known or (_is_plain(part) and part not in (hidden or ()))}


def _holes(path: str) -> set[str] | None:
    """What fills the private holes of an address; None for a page of the CMS and where nothing is."""
    try:
        with translation.override(language_of(path)):
            match = resolve(path)
    except Resolver404:
        return None
    if match.view_name == "wagtail_serve":
        return None
    return {str(value) for name, value in match.kwargs.items() if name not in _PUBLIC_HOLES and not isinstance(value, int)}


def _is_plain(part: str) -> bool:
    return bool(_WORD.fullmatch(part) or _KEY.fullmatch(part))


def _family(path: str) -> str:
    """The first word of a path behind its language."""
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] in dict(settings.LANGUAGES):
        parts = parts[1:]
    return parts[0] if parts else ""


@cache
def _known_words() -> tuple[set[str], set[str]]:
    """The literal parts of every address there is; and what an address with holes begins with."""
    routes = list(_routes(get_resolver().url_patterns))
    slugs = {category.slug for category in categories.all_categories()}
    parts = {part for route in routes for part in route.split("/")} | slugs | set(dict(settings.LANGUAGES))
    known = {part for part in parts if re.fullmatch(r"[\w.-]+", part, re.ASCII)}
    return known, slugs | {route.split("/")[0] for route in routes if route.split("/")[0] in known}


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).replace("^", "").replace("$", "")
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def masked_text(text: str) -> str:
    """The sentence without addresses' holes, e-mail addresses, numbers of people and cases, and tokens."""
    text = _ADDRESS.sub(lambda found: (found[1] or "") + masked_path(found[2]), text)
    for value, instead in _VALUES:
        text = value.sub(instead, text)
    return text


def one_line(text: str) -> str:
    """Whoever can put a line break, or an order to a terminal, into what is logged writes no line of their own with it."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == IDEOGRAPHIC_SPACE else ascii(each)[1:-1] for each in text)


class MaskingFormatter(logging.Formatter):
    """A formatter that masks the message, its arguments and the words of exceptions, each one line; the frames of a traceback
    stay.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        shown.msg, shown.args = self._message(record), None
        shown.exc_text = None  # another handler may have kept the words of the exception there
        return super().format(shown)

    def _message(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        if isinstance(record.args, dict):
            shown.args = {name: _masked_argument(value) for name, value in record.args.items()}
        elif record.args:
            shown.args = tuple(_masked_argument(value) for value in record.args)
        message = shown.getMessage()
        path = getattr(getattr(record, "request", None), "path", "")
        if isinstance(path, str) and len(path) > 1:
            message = message.replace(path, masked_path(path))
        return one_line(masked_text(message))

    def formatException(self, ei: Any) -> str:  # noqa: N802 -- logging's name
        error = ei[1]
        if error is None:
            return ""
        return "".join(_told(traceback.TracebackException.from_exception(error))).rstrip("\n")


def _masked_argument(value: object) -> object:
    if isinstance(value, str) and value.startswith("/"):
        return masked_path(value)
    return _words_of(str(value)) if isinstance(value, BaseException) else value


def _words_of(error: str) -> str:
    return masked_text(_QUOTED.sub(rf"\g<1>{MASK}\g<1>", error))


def _told(error: traceback.TracebackException) -> Iterator[str]:
    """As Python prints it, with the words of each exception masked."""
    if error.__cause__ is not None:
        yield from _told(error.__cause__)
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _told(error.__context__)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    if error.stack:
        yield "Traceback (most recent call last):\n"
        yield from error.stack.format()
    yield from (f"{one_line(_words_of(line.rstrip()))}\n" for line in error.format_exception_only())
