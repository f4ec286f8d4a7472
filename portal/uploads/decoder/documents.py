"""Uploaded PDF files: pages only. Scripts, actions, attachments and references outward are taken out."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

from .problems import MAX_PAGES, ContentRefused, Reason

# Keys whose value runs, carries or fetches something, in whatever dictionary they stand.
DROPPED_KEYS = {
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/XFA", "/EF", "/EmbeddedFiles", "/AF", "/Collection", "/PA", "/URI", "/Ref"),
    *("/OPI", "/RichMediaContent", "/RichMediaSettings"),
}
KEPT_ACTION = "/GoTo"
DROPPED_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
EXTERNAL_STREAM = {"/F", "/FFilter", "/FDecodeParms"}


def clean_pdf(content: bytes) -> bytes:
    """The same pages with everything active removed. Raises ContentRefused."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _check(pdf)
            for thing in list(pdf.objects):
                _strip(thing)
            _strip(pdf.trailer)
            out = BytesIO()
            pdf.save(out)
    except pikepdf.PasswordError:
        raise ContentRefused(Reason.PASSWORD_PROTECTED) from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise ContentRefused(Reason.DAMAGED) from error
    return out.getvalue()


def _check(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise ContentRefused(Reason.PASSWORD_PROTECTED)
    if not len(pdf.pages):
        raise ContentRefused(Reason.DAMAGED)
    if len(pdf.pages) > MAX_PAGES:
        raise ContentRefused(Reason.TOO_MANY_PAGES)


def _strip(thing: pikepdf.Object) -> None:
    """Take the active parts out of an object and out of what is written directly inside it."""
    waiting = [thing]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Dictionary | pikepdf.Stream):
            _strip_dictionary(current)
        waiting.extend(child for child in _children(current) if not child.is_indirect)


def _strip_dictionary(thing: pikepdf.Object) -> None:
    for key in set(thing.keys()) & DROPPED_KEYS:
        del thing[key]
    if "/S" in thing and "/Next" in thing:  # an action's follower
        del thing["/Next"]
    if _is_action_to_drop(thing.get("/A")):
        del thing["/A"]
    if "/Annots" in thing:
        thing["/Annots"] = pikepdf.Array([note for note in _items(thing["/Annots"]) if not _is_active_note(note)])
    if isinstance(thing, pikepdf.Stream):
        for key in EXTERNAL_STREAM & set(thing.keys()):
            del thing[key]


def _is_action_to_drop(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary) and "/S" in value and value["/S"] != KEPT_ACTION


def _is_active_note(note: pikepdf.Object) -> bool:
    return isinstance(note, pikepdf.Dictionary) and str(note.get("/Subtype")) in DROPPED_ANNOTATIONS


def _items(array: pikepdf.Object) -> list[pikepdf.Object]:
    return list(array) if isinstance(array, pikepdf.Array) else []


def _children(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        values: list[object] = [thing[key] for key in thing.keys()]  # noqa: SIM118 - a stream is not iterable
    elif isinstance(thing, pikepdf.Array):
        values = list(thing)
    else:
        values = []
    return (value for value in values if isinstance(value, pikepdf.Object))
