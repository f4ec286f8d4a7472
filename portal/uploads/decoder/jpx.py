"""JPEG 2000 pictures (ISO 15444-1): the boxes and markers of the picture, without texts and what others put there."""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from .problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason

MAX_BOXES = 200
MAX_SEGMENTS = 2_000  # of a header of the codestream
MAX_TILE_PARTS = 10_000
SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
CODESTREAM = b"\xff\x4f\xff\x51"
BRANDS = frozenset({b"jp2 ", b"jpx ", b"jpxb", b"jph ", b"jpm "})
_SIZ, _SOT, _SOD, _EOC = 0xFF51, 0xFF90, 0xFF93, b"\xff\xd9"
# Marker segments that are needed to decode, and how long each can be. The others are comments, what nobody knows, and lists of
# lengths (TLM, PLM, PLT) that no decoder needs and that would be wrong once something was taken out.
_NO_LIMIT = 0xFFFF
TILE_SEGMENTS: Final = {
    0xFF52: 45,  # COD
    0xFF53: 47,  # COC
    0xFF5C: 197,  # QCD
    0xFF5D: 199,  # QCC
    0xFF5E: 6,  # RGN
    0xFF5F: _NO_LIMIT,  # POC
    0xFF61: _NO_LIMIT,  # PPT
}
MAIN_SEGMENTS: Final = {**TILE_SEGMENTS, 0xFF50: 70, _SIZ: _NO_LIMIT, 0xFF60: _NO_LIMIT}  # CAP, SIZ, PPM


def without_metadata(content: bytes) -> bytes:
    """The same picture without XML, UUID and other boxes, wherever they stand, and without comments. It is written anew."""
    if content.startswith(CODESTREAM):
        return _codestream(content)
    if not content.startswith(SIGNATURE):
        raise ContentRefused(Reason.DAMAGED)
    found: dict[bytes, bytes] = {}
    for kind, body in _boxes(content):
        found.setdefault(kind, body)  # PDF readers show the first picture of several
    if b"jp2h" not in found or b"jp2c" not in found:
        raise ContentRefused(Reason.DAMAGED)
    return b"".join(
        (
            SIGNATURE,
            _box(b"ftyp", _file_type(found.get(b"ftyp", b""))),
            _box(b"jp2h", _header(found[b"jp2h"])),
            _box(b"jp2c", _codestream(found[b"jp2c"])),
        )
    )


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box, however its length is written."""
    position = 0
    for _ in range(MAX_BOXES):
        if position + 8 > len(content):
            return
        length, kind = struct.unpack_from(">I4s", content, position)
        size = 8
        if length == 1:
            if position + 16 > len(content):
                raise ContentRefused(Reason.DAMAGED)
            length, size = struct.unpack_from(">Q", content, position + 8)[0], 16
        end = position + length if length else len(content)
        if end > len(content) or end < position + size:
            raise ContentRefused(Reason.DAMAGED)
        yield kind, content[position + size : end]
        position = end
    raise ContentRefused(Reason.TOO_COMPLEX)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _file_type(body: bytes) -> bytes:
    """The brands that are known; the version of one is always 0."""
    given = [body[at : at + 4] for at in (0, *range(8, min(len(body), 64), 4))]
    brands = [each for each in given if each in BRANDS] or [b"jp2 "]
    return brands[0] + bytes(4) + b"".join(brands)


def _header(content: bytes) -> bytes:
    """The boxes that say how samples become colours; a resolution says nothing to a PDF's reader."""
    parts: list[bytes] = []
    seen: set[bytes] = set()
    components = 0
    for kind, body in _boxes(content):
        if not parts and kind != b"ihdr":
            raise ContentRefused(Reason.DAMAGED)
        if kind not in HEADER_BOXES or (kind in seen and kind != b"colr"):
            continue
        seen.add(kind)
        if kind == b"ihdr":
            components = int.from_bytes(body[8:10], "big")
        if cut := HEADER_BOXES[kind](body, components):
            parts.append(_box(kind, cut))
    if not parts:
        raise ContentRefused(Reason.DAMAGED)
    return b"".join(parts)


def _image_header(body: bytes, components: int) -> bytes:
    if len(body) < 14:
        raise ContentRefused(Reason.DAMAGED)
    return body[:13] + b"\0"  # no rights are described


def _depths(body: bytes, components: int) -> bytes:
    return body[:components]


def _colours(body: bytes, components: int) -> bytes:
    """A number from the standard's list, or an ICC profile as long as it says; what vendors invented is not kept."""
    method = body[0] if len(body) >= 7 else 0
    if method == 1:
        return body[:7]
    length = int.from_bytes(body[3:7], "big")
    return body[: 3 + length] if method == 2 and 128 <= length <= len(body) - 3 else b""


def _palette(body: bytes, components: int) -> bytes:
    if len(body) < 3:
        raise ContentRefused(Reason.DAMAGED)
    entries, columns = struct.unpack_from(">HB", body)
    row = sum(((depth & 0x7F) + 8) // 8 for depth in body[3 : 3 + columns])
    return _cut(body, 3 + columns + entries * row)


def _mapping(body: bytes, components: int) -> bytes:
    """Component, way and column of each channel, of which a byte counts 255."""
    if any(component >= components or way > 1 for component, way, _ in struct.iter_unpack(">HBB", body)):
        raise ContentRefused(Reason.DAMAGED)
    return _cut(body, min(len(body), 4 * 255))


def _definitions(body: bytes, components: int) -> bytes:
    return _cut(body, 2 + 6 * min(int.from_bytes(body[:2], "big"), 255))


def _cut(body: bytes, length: int) -> bytes:
    if length > len(body):
        raise ContentRefused(Reason.DAMAGED)
    return body[:length]


# A box that is cut to what its fields say; to nothing, and it is not kept.
HEADER_BOXES: Final[Mapping[bytes, Callable[[bytes, int], bytes]]] = {
    b"ihdr": _image_header,
    b"bpcc": _depths,
    b"colr": _colours,
    b"pclr": _palette,
    b"cmap": _mapping,
    b"cdef": _definitions,
}


def _codestream(stream: bytes) -> bytes:
    """The main header and the tile parts, without what follows the last of them."""
    if not stream.startswith(CODESTREAM):
        raise ContentRefused(Reason.DAMAGED)
    header, position = _segments(stream, 2, len(stream), MAIN_SEGMENTS, until=_SOT)
    parts = [stream[:2], header]
    for _ in range(MAX_TILE_PARTS):
        if position + 12 > len(stream) or struct.unpack_from(">H", stream, position)[0] != _SOT:
            return b"".join([*parts, _EOC])
        length = struct.unpack_from(">I", stream, position + 6)[0]
        end = min(position + length, len(stream)) if length else len(stream)
        parts.append(_tile_part(stream, position, end, open_ended=not length))
        position = end
    raise ContentRefused(Reason.TOO_COMPLEX)


def _tile_part(stream: bytes, begin: int, end: int, *, open_ended: bool) -> bytes:
    """One tile part, with its length counted anew."""
    header, position = _segments(stream, begin + 12, end, TILE_SEGMENTS, until=_SOD)
    if open_ended and (stop := stream.find(_EOC, position, end)) >= 0:  # packets are stuffed: no marker stands in them
        end = stop
    length = 12 + len(header) + end - position
    start = stream[begin : begin + 6] + struct.pack(">I", length) + stream[begin + 10 : begin + 12]
    return start + header + stream[position:end]


def _segments(stream: bytes, position: int, end: int, kept: Mapping[int, int], *, until: int) -> tuple[bytes, int]:
    """Those marker segments that are kept, and where the last marker stands."""
    parts: list[bytes] = []
    for _ in range(MAX_SEGMENTS):
        if position + 2 > end:
            raise ContentRefused(Reason.DAMAGED)
        marker = struct.unpack_from(">H", stream, position)[0]
        if marker == until:
            return b"".join(parts), position
        length = int.from_bytes(stream[position + 2 : position + 4], "big")
        if length < 2 or position + 2 + length > end or length > kept.get(marker, _NO_LIMIT):
            raise ContentRefused(Reason.DAMAGED)
        if marker == _SIZ:
            _check_size(stream[position + 4 : position + 2 + length])
        if marker in kept:
            parts.append(stream[position : position + 2 + length])
        position += 2 + length
    raise ContentRefused(Reason.TOO_COMPLEX)


def _check_size(header: bytes) -> None:
    if len(header) < 36:
        raise ContentRefused(Reason.DAMAGED)
    _capabilities, width, height, left, top = struct.unpack_from(">HIIII", header)
    components = int.from_bytes(header[34:36], "big")
    if width <= left or height <= top or len(header) != 36 + 3 * components:
        raise ContentRefused(Reason.DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)
