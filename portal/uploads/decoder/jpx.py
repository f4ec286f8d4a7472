"""JPEG 2000 pictures (ISO 15444-1): the boxes and markers of the picture, without texts and what others put there."""

import struct
from collections.abc import Iterator

from .problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason

MAX_BOXES = 200
SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
CODESTREAM = b"\xff\x4f\xff\x51"
KEPT = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_SIZ, _SOT, _SOD, _COMMENT = 0xFF51, 0xFF90, 0xFF93, 0xFF64
MAX_TILE_PARTS = 10_000


def without_metadata(content: bytes) -> bytes:
    """The same picture without XML, UUID and other boxes, and without comments."""
    if content.startswith(CODESTREAM):
        return _without_comments(content)
    if not content.startswith(SIGNATURE):
        raise ContentRefused(Reason.DAMAGED)
    kept = []
    for kind, header, body in _boxes(content):
        if kind == b"jp2c":
            stream = _without_comments(body)
            kept.append(struct.pack(">I4s", len(stream) + 8, kind) + stream)
        elif kind in KEPT:
            kept.append(header + body)
    return b"".join(kept)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
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
        yield kind, content[position : position + size], content[position + size : end]
        position = end
    raise ContentRefused(Reason.TOO_COMPLEX)


def _without_comments(stream: bytes) -> bytes:
    """The main header without its comments; a tile's comments are blanked, for lengths count them."""
    if not stream.startswith(CODESTREAM):
        raise ContentRefused(Reason.DAMAGED)
    kept, position = [stream[:2]], 2
    while True:
        if position + 4 > len(stream):
            raise ContentRefused(Reason.DAMAGED)
        marker, length = struct.unpack_from(">HH", stream, position)
        if marker == _SOT:
            return b"".join([*kept, _blanked(stream[position:])])
        if marker == _SIZ:
            _check_size(stream[position + 4 : position + 22])
        if marker != _COMMENT:
            kept.append(stream[position : position + 2 + length])
        position += 2 + max(length, 2)


def _blanked(tiles: bytes) -> bytes:
    """The tile parts with the texts of their comments overwritten, and without what follows the last of them."""
    data, position = bytearray(tiles), 0
    for _ in range(MAX_TILE_PARTS):
        if position + 12 > len(data) or struct.unpack_from(">H", data, position)[0] != _SOT:
            return bytes(data[:position]) + b"\xff\xd9"
        length = struct.unpack_from(">I", data, position + 6)[0]
        end = min(position + length, len(data)) if length else len(data)
        if end < position + 12:
            raise ContentRefused(Reason.DAMAGED)
        _blank_comments(data, position + 12, end)
        position = end
    raise ContentRefused(Reason.TOO_COMPLEX)


def _blank_comments(data: bytearray, position: int, end: int) -> None:
    while position + 4 <= end:
        marker, length = struct.unpack_from(">HH", data, position)
        if marker == _SOD:
            return
        if marker == _COMMENT:
            stop = min(position + 2 + length, end)
            data[position + 6 : stop] = bytes(max(stop - position - 6, 0))
        position += 2 + max(length, 2)
    raise ContentRefused(Reason.DAMAGED)


def _check_size(header: bytes) -> None:
    if len(header) < 18:
        raise ContentRefused(Reason.DAMAGED)
    _capabilities, width, height, left, top = struct.unpack(">HIIII", header)
    if width <= left or height <= top:
        raise ContentRefused(Reason.DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)
