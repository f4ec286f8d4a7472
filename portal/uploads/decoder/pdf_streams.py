"""The streams of a PDF: decoded as far as can be told to be small, and without what follows or surrounds their content."""

import re
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import pikepdf

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
PICTURES = (*JPEG, "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode")
_INLINE = re.compile(rb"(?:^|[\s\x00])BI[\s\x00/]")


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
    """The decoded drawing operators, that draw no inline JPEG: it would bring its metadata along."""
    body = _body(copier, value, MAX_STREAM)
    data = body.data
    if body.filter:
        data = _inflated(copier, data, MAX_STREAM)[0] if body.parms is None else _by_qpdf(copier, body)
    if _INLINE.search(data):
        _refuse_inline_jpegs(copier, data)
    return data


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
    elif filter_ not in PICTURES:
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


def _refuse_inline_jpegs(copier: Copier, data: bytes) -> None:
    with pikepdf.new() as scratch:
        found = pikepdf.parse_content_stream(scratch.make_stream(data))
        for each in found:
            if isinstance(each, pikepdf.ContentStreamInlineImage):
                filters = {str(name) for name in each.iimage.filters}
                if filters & {*PICTURES}:
                    raise ContentRefused(Reason.TOO_COMPLEX)


GLOBALS = stream({})
PARMS = record(
    {
        **dict.fromkeys(("/Predictor", "/Colors", "/BitsPerComponent", "/Columns", "/EarlyChange", "/K", "/Rows"), number),
        **dict.fromkeys(("/DamagedRowsBeforeError", "/ColorTransform"), number),
        **dict.fromkeys(("/EndOfLine", "/EncodedByteAlign", "/EndOfBlock", "/BlackIs1"), either(boolean, number)),
        "/JBIG2Globals": GLOBALS,
    }
)
