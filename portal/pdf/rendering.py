"""Templates into PDF: the one place that touches WeasyPrint.

What leaves is PDF/A-2a and PDF/UA-1 at once, tagged and in zh-Hant, with every font embedded, and the same bytes for the same
context: nothing in it comes from the clock.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

import pydyf
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from .characters import FAMILIES, characters_of, code_point, undrawable

STYLESHEET: Final = "portal/pdf/document.css"
_PDF: Final[Mapping[str, Any]] = {"pdf_variant": "pdf/a-2a", "pdf_identifier": True}
# WeasyPrint writes one standard into a file's metadata; this is the other, with the description that PDF/A asks for of what it
# does not know itself (ISO 19005-2, 6.6.2.3).
_PDF_UA: Final = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description></rdf:li>"
    b"</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
# Classes of the root element: what has no room on its one page is set smaller.
SIZES: Final = ("", "tight", "tighter")
_PICTURES: Final = ("data:image/png;", "data:image/jpeg;", "data:image/svg+xml;")
# WeasyPrint switches it on for the whole process: half a photo would pass for one.
ImageFile.LOAD_TRUNCATED_IMAGES = False
# One line a step of every document is too much.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
# Pango's font map is not thread-safe.
_lock = threading.Lock()
# Papers that were found to fit: an officer looks at the preview, and approves. Their digests only, for they are somebody's.
_tried: deque[bytes] = deque(maxlen=500)


class Unprintable(Exception):
    """The text cannot stand on paper as it is."""


class GlyphMissing(Unprintable):
    """Characters that are in none of the fonts: the document would show an empty box in somebody's name."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = tuple(characters)
        super().__init__(f"no font has {', '.join(map(code_point, characters))}")


class TooLong(Unprintable):
    """However small it is set, the text needs a second page."""


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


def render(template: str, context: Mapping[str, Any], *, language: str = "", one_page: bool = True) -> bytes:
    """The PDF of `template`, in the source language or another. Raises Unprintable before anything is drawn.

    ForbiddenSource says that the template asked for a foreign address.
    """
    source = _source(template, context, language)
    with _drawing():
        pdf: bytes = _laid_out(source, one_page=one_page).write_pdf(finisher=_say_scopes, output_intent="given", **_PDF)
    return pdf


def try_out(template: str, context: Mapping[str, Any]) -> None:
    """All of `render` but the writing, in half of the time, and once for the same paper. Raises what it raises."""
    source = _source(template, context, "")
    digest = sha256(source.encode()).digest()
    if digest not in _tried:
        with _drawing():
            _laid_out(source, one_page=True)
        _tried.append(digest)


def load() -> None:
    """Read what the first paper of a process would wait a second for. Called before processes part, which then share it.

    Pango is left alone: it may start threads, and these would not be there after a fork.
    """
    from . import signing  # pyHanko: nothing that draws or tries needs it

    signing.load_key()
    _stylesheet()
    for family in FAMILIES:
        characters_of(family)


def refuse_missing_glyphs(texts: Iterable[str]) -> None:
    """Raise GlyphMissing where a text holds what no font of ours can draw."""
    if missing := undrawable("".join(texts)):
        raise GlyphMissing(missing)


def _source(template: str, context: Mapping[str, Any], language: str) -> str:
    """The HTML; `sample` tells every template whether 範例 stands on it."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return render_to_string(template, {"sample": settings.DOCUMENT_SAMPLE, **context})


@contextmanager
def _drawing() -> Iterator[None]:
    """One document at a time."""
    with _lock:
        try:
            yield
        except FatalURLFetchingError as error:
            raise ForbiddenSource(str(error)) from error


def _laid_out(source: str, *, one_page: bool) -> Document:
    """The pages, in the largest size in which one is enough."""
    for size in SIZES if one_page else SIZES[:1]:
        html = HTML(string=source, url_fetcher=OwnFilesFetcher())
        html.etree_element.set("class", size)
        refuse_missing_glyphs(html.etree_element.itertext())
        document: Document = html.render(
            stylesheets=[_stylesheet()], font_config=_fonts(), color_profiles={"srgb": _srgb()}, output_intent="srgb", **_PDF
        )
        if not one_page or len(document.pages) == 1:
            document.metadata = _Metadata(**vars(document.metadata))  # type: ignore[no-untyped-call]
            return document
    raise TooLong(f"{len(document.pages)} pages")


def _say_scopes(document: Document, pdf: pydyf.PDF) -> None:
    """Whether a header is its row's or its column's: WeasyPrint names headers in cells only."""
    elements = {each.reference: each for each in pdf.objects if isinstance(each, pydyf.Dictionary)}
    for row in elements.values():
        if row.get("S") == "/TR":
            cells = [elements[child] for child in row["K"]]
            scope = "/Row" if any(cell["S"] == "/TD" for cell in cells) else "/Column"
            for header in (cell for cell in cells if cell["S"] == "/TH"):
                header["A"]["Scope"] = scope


class _Metadata(DocumentMetadata):
    """Says both standards."""

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        written: bytes = super().generate_rdf_metadata(variant, version, conformance)  # type: ignore[no-untyped-call]
        return written.replace(b"</rdf:RDF>", _PDF_UA + b"</rdf:RDF>")


def _srgb() -> ColorProfile:
    """The colours of a printed page, which PDF/A wants named. WeasyPrint would open its own file and leave it open."""
    profile = BytesIO((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    return ColorProfile(profile, "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet() -> CSS:
    return CSS(string=_static(STYLESHEET).decode(), url_fetcher=OwnFilesFetcher())


def _static(path: str) -> bytes:
    try:
        found = finders.find(path)
    except SuspiciousFileOperation as error:
        raise ForbiddenSource(path) from error
    if not found:
        raise ForbiddenSource(path)
    with open(found, "rb") as file:
        return file.read()
