"""Uploaded PDF files: a new file is made of the pages, of nothing but what is known to be harmless (pdf_parts)."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pikepdf

from .pdf_copying import DROPPED, Copier
from .pdf_parts import OPTIONAL_CONTENT, PAGE, PAGE_INHERITED, page_content
from .problems import MAX_PAGES, ContentRefused, Reason

MAX_ANNOTATIONS = 5_000
MAX_TREE_DEPTH = 50
A4 = (0, 0, 595, 842)

_UNREADABLE = (
    *(pikepdf.PdfError, pikepdf.DataDecodingError, pikepdf.ForeignObjectError, pikepdf.DeletedObjectError),
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, OSError, ArithmeticError),
    *(NotImplementedError, struct.error, zlib.error),
)
# In the sandbox nothing can be opened any more: qpdf opens its source of random numbers now.
pikepdf.new().save(BytesIO(), encryption=pikepdf.Encryption(owner="none", user=""))


def clean_pdf(content: bytes) -> bytes:
    """The same pages in a new file. Raises ContentRefused."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _check(pdf)
            _flatten(pdf)
            return _copied(pdf)
    except pikepdf.PasswordError:
        raise ContentRefused(Reason.PASSWORD_PROTECTED) from None
    except RecursionError:
        raise ContentRefused(Reason.TOO_COMPLEX) from None
    except _UNREADABLE as error:
        raise ContentRefused(Reason.DAMAGED) from error


def _check(pdf: pikepdf.Pdf) -> None:
    if not len(pdf.pages):
        raise ContentRefused(Reason.DAMAGED)
    if len(pdf.pages) > MAX_PAGES:
        raise ContentRefused(Reason.TOO_MANY_PAGES)
    if sum(len(_annotations(page)) for page in pdf.pages) > MAX_ANNOTATIONS:
        raise ContentRefused(Reason.TOO_COMPLEX)


def _annotations(page: pikepdf.Page) -> list[Any]:
    found = page.obj.get("/Annots")
    return list(found) if isinstance(found, pikepdf.Array) else []


def _flatten(pdf: pikepdf.Pdf) -> None:
    """What annotations and filled-in fields show becomes part of the page; all else of them goes."""
    if not any(_annotations(page) for page in pdf.pages):
        return
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        if form.get("/NeedAppearances") == True:  # noqa: E712  # pikepdf types it as an object
            _draw_what_is_missing(pdf)
        form["/NeedAppearances"] = False  # what is drawn already stands as it is
    pdf.flatten_annotations("screen")


def _draw_what_is_missing(pdf: pikepdf.Pdf) -> None:
    """Appearances for the fields without one. Those that have one keep it: qpdf draws no Chinese."""
    notes = [note for page in pdf.pages for note in _annotations(page) if isinstance(note, pikepdf.Dictionary)]
    drawn = [(note, note["/AP"]) for note in notes if isinstance(note.get("/AP"), pikepdf.Dictionary)]
    pdf.generate_appearance_streams()
    for note, appearance in drawn:
        note["/AP"] = appearance


def _copied(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    with pikepdf.new() as new:
        copier = Copier(new)
        for page in pdf.pages:
            new.pages.append(pikepdf.Page(_page(copier, page.obj)))
        layers = copier.copy(pdf.Root.get("/OCProperties"), OPTIONAL_CONTENT)
        if layers is not DROPPED:
            new.Root["/OCProperties"] = layers
        new.save(
            out,
            min_version="1.7",
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _page(copier: Copier, page: pikepdf.Object) -> pikepdf.Object:
    """One page with what it inherits, and its content in one stream."""
    new = copier.target.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=pikepdf.Array(A4)))
    for key, kind in PAGE.items():
        value = _inherited(page, key) if key in PAGE_INHERITED else page.get(key)
        if (copied := copier.copy(value, kind)) is not DROPPED:
            new[key] = copied
    new["/Contents"] = page_content(copier, page.get("/Contents"))
    return new


def _inherited(page: pikepdf.Object, key: str) -> Any:
    for _ in range(MAX_TREE_DEPTH):
        if key in page:
            return page[key]
        parent = page.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return None
        page = parent
    raise ContentRefused(Reason.TOO_COMPLEX)
