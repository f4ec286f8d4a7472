"""The streams of a PDF: decoded as far as can be said to be small, and without what follows or surrounds their content."""

import re
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import pikepdf

from .ccitt import without_what_follows as clean_fax
from .jbig2 import without_metadata as clean_jbig2
from .jpegs import without_metadata as clean_jpeg
from .jpx import without_metadata as clean_jpx
from .pdf_copying import DROPPED, Copier, Kind, boolean, either, fill, number, record
from .problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason

MEBIBYTE = 1024 * 1024
MAX_FILTERS = 4
MAX_STREAM = 32 * MEBIBYTE
MAX_IMAGE = 200 * MEBIBYTE
MAX_INFLATED = 500 * MEBIBYTE  # of all streams together
# Short names stand in inline images and, wrongly, elsewhere.
FLATE = ("/FlateDecode", "/Fl")
TEXTUAL = ("/ASCIIHexDecode", "/ASCII85Decode", "/LZWDecode", "/RunLengthDecode", "/AHx", "/A85", "/LZW", "/RL")
JPEG = ("/DCTDecode", "/DCT")
FAX = ("/CCITTFaxDecode", "/CCF")
PICTURES = (*JPEG, *FAX, "/JPXDecode", "/JBIG2Decode")


def _spelled(name: str) -> str:
    """A name's characters as any reader may read them: each character as such or as its number, and no further character."""
    characters = "".join(f"(?:{each}|#(?i:{ord(each):02x}))" for each in name[1:])
    return rf"{characters}(?![0-9A-Za-z_.+-])"


_PICTURE_NAME = re.compile(f"/(?=[CDJ#])(?:{'|'.join(_spelled(each) for each in PICTURES)})".encode())


class Body(NamedTuple):
    """What a stream holds, and what decodes it: no filter, or one."""

    data: bytes
    filter: str = ""
    parms: Any = None


def stream(fields: Mapping[str, Kind], *, needs: Mapping[str, str] | None = None) -> Kind:
    """A stream that is data (a font, a profile, a table), with these keys."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Stream) or any(value.get(key) != name for key, name in (needs or {}).items()):
            return DROPPED
        return _made(copier, value, kind, fields, _body(copier, value, MAX_STREAM))

    return kind


def drawing(fields: Mapping[str, Kind], *, needs: Mapping[str, str] | None = None) -> Kind:
    """A stream of drawing operators, with these keys."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Stream) or any(value.get(key) != name for key, name in (needs or {}).items()):
            return DROPPED
        return _made(copier, value, kind, fields, packed(operators(copier, value)))

    return kind


def image(fields: Mapping[str, Kind]) -> Kind:
    """A picture, with these keys."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Stream) or value.get("/Subtype") != "/Image":
            return DROPPED
        _check_sides(value)
        return _made(copier, value, kind, fields, _body(copier, value, MAX_IMAGE))

    return kind


def operators(copier: Copier, value: pikepdf.Object) -> bytes:
    """The decoded drawing operators, that draw no inline JPEG."""
    data = plain(copier, value)
    refuse_inline_jpegs(data)
    return data


def plain(copier: Copier, value: pikepdf.Object) -> bytes:
    """What the stream holds, decoded."""
    body = _body(copier, value, MAX_STREAM)
    if not body.filter:
        return body.data
    return _inflated(copier, body.data, MAX_STREAM)[0] if body.parms is None else _by_qpdf(copier, body)


def refuse_inline_jpegs(data: bytes) -> None:
    """A picture between the operators, in a coding of pictures, would bring along what such pictures can carry.

    Readers do not agree where words begin and end: one or another reads BI in `0BI`, `qBI` and `BIx`, and goes on without ID.
    So the two characters anywhere are enough, with the name of such a coding somewhere behind them.
    """
    begin = data.find(b"BI")
    if begin >= 0 and _PICTURE_NAME.search(data, begin):
        raise ContentRefused(Reason.TOO_COMPLEX)


def packed(data: bytes) -> Body:
    """Compressed, once."""
    return Body(zlib.compress(data, 6 if len(data) < MEBIBYTE else 1), FLATE[0])


def _made(copier: Copier, value: pikepdf.Object, kind: Kind, fields: Mapping[str, Kind], body: Body) -> Any:
    new = copier.target.make_stream(b"")
    copier.announce(value, kind, new)
    if body.filter:
        new.write(body.data, filter=pikepdf.Name(body.filter), decode_parms=body.parms)
    else:
        new.write(body.data)
    fill(copier, value, new, fields)
    return new


def _check_sides(value: pikepdf.Object) -> None:
    width: Any = value.get("/Width")
    height: Any = value.get("/Height")
    if not (isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0):
        raise ContentRefused(Reason.DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)


def _body(copier: Copier, value: pikepdf.Object, most: int) -> Body:
    """The content behind one filter at most."""
    if "/F" in value:  # it is elsewhere
        return Body(b"")
    data, filters, parms = value.read_raw_bytes(), *_filters(value)
    while len(filters) > 1 and filters[0] in FLATE and parms[0] is None:
        data, filters, parms = _inflated(copier, data, most)[0], filters[1:], parms[1:]
    if len(filters) > 1 or (filters and filters[0] in TEXTUAL):
        last = filters[-1] if filters[-1] in PICTURES else ""
        before = len(filters) - 1 if last else len(filters)
        data = _decoded(copier, data, filters[:before], parms[:before], most)
        filters, parms = ([last], parms[-1:]) if last else ([], [])
    if not filters:
        return packed(data) if "/Filter" in value else Body(data)
    return _one(copier, data, filters[0], parms[0], most)


def _filters(value: pikepdf.Object) -> tuple[list[str], list[Any]]:
    found, parms = value.get("/Filter"), value.get("/DecodeParms")
    filters = [str(each) for each in found] if isinstance(found, pikepdf.Array) else [str(found)] if found is not None else []
    if len(filters) > MAX_FILTERS:
        raise ContentRefused(Reason.TOO_COMPLEX)
    found_parms: list[Any] = list(parms) if isinstance(parms, pikepdf.Array) else [parms]
    given: list[Any] = [each if isinstance(each, pikepdf.Dictionary) and len(each) else None for each in found_parms]
    return filters, (given + [None] * len(filters))[: len(filters)]


def _one(copier: Copier, data: bytes, filter_: str, parms: Any, most: int) -> Body:
    """What stands behind the last filter, cleaned."""
    if filter_ in FLATE:
        data = _inflated(copier, data, most)[1]
    elif filter_ in JPEG:
        data = clean_jpeg(data)
    elif filter_ == "/JPXDecode":
        data = clean_jpx(data)
    elif filter_ == "/JBIG2Decode":
        data = clean_jbig2(data)
    elif filter_ in FAX:
        data = clean_fax(data, aligned=parms is not None and bool(parms.get("/EncodedByteAlign", False)))
    else:
        raise ContentRefused(Reason.DAMAGED)
    copied = copier.copy(parms, PARMS)
    return Body(data, filter_, None if copied is DROPPED else copied)


def _inflated(copier: Copier, data: bytes, most: int) -> tuple[bytes, bytes]:
    """What unpacks, and the packed bytes without what was written behind them. A picture is only counted, not held."""
    unpacker, parts, length = zlib.decompressobj(), [], 0
    rest = data
    try:
        while rest and not unpacker.eof:
            part = unpacker.decompress(rest, MEBIBYTE)
            rest = unpacker.unconsumed_tail
            length += len(part)
            copier.inflated += len(part)
            if length > most or copier.inflated > MAX_INFLATED:
                raise ContentRefused(Reason.TOO_COMPLEX)
            if length <= MAX_STREAM:
                parts.append(part)
    except zlib.error:
        if not length:
            raise
        return b"".join(parts), zlib.compress(b"".join(parts))  # cut short or with a wrong sum: what readers show of it
    behind = len(unpacker.unused_data)
    return b"".join(parts), data[: len(data) - behind] if behind else data


def _decoded(copier: Copier, data: bytes, filters: list[str], parms: list[Any], most: int) -> bytes:
    """Decoded by qpdf, in the memory that the process may have."""
    if not set(filters) <= {*FLATE, *TEXTUAL}:
        raise ContentRefused(Reason.DAMAGED)
    copies = [copier.copy(each, PARMS) for each in parms]
    with pikepdf.new() as scratch:
        packed_ = scratch.make_stream(b"")
        settings = pikepdf.Array([pikepdf.Dictionary() if each is DROPPED else each for each in copies])
        packed_.write(data, filter=pikepdf.Array([pikepdf.Name(each) for each in filters]), decode_parms=settings)
        plain = packed_.read_bytes()
    copier.inflated += len(plain)
    if len(plain) > most or copier.inflated > MAX_INFLATED:
        raise ContentRefused(Reason.TOO_COMPLEX)
    return plain


def _by_qpdf(copier: Copier, body: Body) -> bytes:
    return _decoded(copier, body.data, [body.filter], [body.parms], MAX_STREAM)


def _shared_segments(copier: Copier, value: Any) -> Any:
    """What several JBIG2 pictures refer to."""
    if not isinstance(value, pikepdf.Stream):
        return DROPPED
    return _made(copier, value, _shared_segments, {}, packed(clean_jbig2(plain(copier, value), shared=True)))


PARMS = record(
    {
        **dict.fromkeys(("/Predictor", "/Colors", "/BitsPerComponent", "/Columns", "/EarlyChange", "/K", "/Rows"), number),
        **dict.fromkeys(("/DamagedRowsBeforeError", "/ColorTransform"), number),
        **dict.fromkeys(("/EndOfLine", "/EncodedByteAlign", "/EndOfBlock", "/BlackIs1"), either(boolean, number)),
        "/JBIG2Globals": _shared_segments,
    }
)
