"""Templates into PDF: the one place that touches WeasyPrint.

What leaves is PDF/UA-1, tagged and in zh-Hant, with every font embedded, and the same bytes for the same context:
nothing in it comes from the clock.
"""

import logging
import subprocess
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# In order of preference; static/pdf/document.css names the same. One face, because each costs 70 ms to cut down.
FAMILIES: Final = ("Noto Sans CJK TC", "HanaMinA", "HanaMinB")
STYLESHEET: Final = "portal/pdf/document.css"
_PICTURES: Final = ("data:image/png;", "data:image/jpeg;", "data:image/svg+xml;")
# One line a step of every document is too much.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
# Pango's font map is not thread-safe.
_lock = threading.Lock()


class GlyphMissing(Exception):
    """A character of the text is in none of the fonts: the document would show an empty box in somebody's name."""

    def __init__(self, character: str) -> None:
        self.code_point = f"U+{ord(character):04X}"
        super().__init__(f"no font has {self.code_point}")


class ForbiddenSource(Exception):
    """The template asked for something that is neither our own static file nor a picture made by us."""


class OwnFilesFetcher(URLFetcher):
    """Reads `static:<path>` from our static files and `data:` pictures; refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)  # type: ignore[no-untyped-call]

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("static:"):
            return URLFetcherResponse(url, _static(url.removeprefix("static:")))
        if not url.startswith(_PICTURES):
            raise ForbiddenSource(url[:80])
        response: URLFetcherResponse = super().fetch(url, headers)  # type: ignore[no-untyped-call]
        return response


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """The PDF of `template`. Raises GlyphMissing before anything is drawn, ForbiddenSource for a foreign address."""
    with translation.override(settings.LANGUAGE_CODE):
        source = render_to_string(template, dict(context))
    with _lock:
        try:
            html = HTML(string=source, url_fetcher=OwnFilesFetcher())
            refuse_missing_glyphs(html.etree_element.itertext())
            pdf: bytes = html.write_pdf(
                stylesheets=[_stylesheet()], font_config=_fonts(), pdf_variant="pdf/ua-1", pdf_identifier=True
            )
        except FatalURLFetchingError as error:
            raise ForbiddenSource(str(error)) from error
    return pdf


def refuse_missing_glyphs(texts: Iterable[str]) -> None:
    """Raise GlyphMissing for the first character that no font of ours can draw."""
    missing = {character for text in texts for character in text if _is_drawn(character)}
    for family in FAMILIES:
        missing -= {character for character in missing if ord(character) in _characters(family)}
        if not missing:
            return
    raise GlyphMissing(min(missing))


def _is_drawn(character: str) -> bool:
    code = ord(character)
    selects_a_variant = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return not (character.isspace() or selects_a_variant or unicodedata.category(character) in {"Cc", "Cf"})


@cache
def _characters(family: str) -> frozenset[int]:
    """The code points of an installed font, without its private ones; nothing if it is not installed."""
    question = ["fc-match", "--format=%{family[0]}\t%{file}\t%{index}", f"{family}:weight=80"]
    answer = subprocess.run(question, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own constants
    found, path, index = answer.split("\t")
    if found != family:
        return frozenset()
    with TTFont(path, fontNumber=int(index), lazy=True) as font:
        return frozenset(code for code in font.getBestCmap() if unicodedata.category(chr(code)) != "Co")


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet() -> CSS:
    return CSS(string=_static(STYLESHEET).decode(), font_config=_fonts(), url_fetcher=OwnFilesFetcher())


def _static(path: str) -> bytes:
    try:
        found = finders.find(path)
    except SuspiciousFileOperation as error:
        raise ForbiddenSource(path) from error
    if not found:
        raise ForbiddenSource(path)
    with open(found, "rb") as file:
        return file.read()
