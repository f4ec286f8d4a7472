"""Refusals that cost nothing, in the web process: headers are read by bounded code, nothing is decoded.

The decoder trusts none of this and has limits of its own; a bomb that is refused here takes nobody's turn.
"""

import struct
from collections.abc import Iterator
from typing import Final

from .decoder import heics, jpegs, pngs
from .decoder.problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason
from .file_problems import FileRefused

MAX_RAW: Final = 256 * 1024 * 1024  # bytes of a PNG's pixels as they come out of the packing
MAX_PACKING: Final = 1040  # deflate packs no tighter, 1032 to 1
MAX_RUN_LENGTH_PIXELS: Final = 10_000_000
SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a PNG's pixel, by its colour type
DEPTHS: Final = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
# Of a PDF, where it is not packed away: what no scan or certificate has so many of.
MAX_OBJECTS: Final = 20_000
MAX_REVISIONS: Final = 100
MAX_FILTERS: Final = 3


def screen(content: bytes) -> None:
    """Raise FileRefused for what can be said from its headers to be too much."""
    try:
        for signature, check in _CHECKS.items():
            if content.startswith(signature):
                check(content)
        if heics.looks_like_one(content):
            heics.check(content)
    except ContentRefused as refused:
        raise FileRefused.by_decoder(refused.reason) from None


def _check_png(content: bytes) -> None:
    header, packed = b"", 0
    for kind, begin, end in pngs.chunks(content):
        if not header:
            if kind != b"IHDR" or end > len(content):
                raise ContentRefused(Reason.DAMAGED)
            header = content[begin + 8 : end - 4]
        elif kind == b"IHDR":
            raise ContentRefused(Reason.DAMAGED)
        packed += end - begin if kind == b"IDAT" else 0
    if len(header) != 13:
        raise ContentRefused(Reason.DAMAGED)
    width, height, depth, colour = struct.unpack_from(">IIBB", header)
    if depth not in DEPTHS.get(colour, set()):
        raise ContentRefused(Reason.DAMAGED)
    _check_sides(width, height)
    raw = height * (1 + (width * depth * SAMPLES[colour] + 7) // 8)
    if raw > MAX_RAW:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)
    if raw > packed * MAX_PACKING:
        raise ContentRefused(Reason.DAMAGED)


def _check_bmp(content: bytes) -> None:
    if len(content) < 26:
        raise ContentRefused(Reason.DAMAGED)
    size = struct.unpack_from("<I", content, 14)[0]
    if size == 12:
        width, height, _planes, depth = struct.unpack_from("<HHHH", content, 18)
        packing = 0
    elif 40 <= size <= 124 and len(content) >= 54:
        width, height, _planes, depth, packing = struct.unpack_from("<iiHHI", content, 18)
    else:
        raise ContentRefused(Reason.DAMAGED)
    if depth not in (1, 4, 8, 16, 24, 32) or packing not in (0, 1, 2, 3):
        raise ContentRefused(Reason.DAMAGED)
    _check_sides(width, abs(height))
    if packing in (1, 2):
        if width * abs(height) > MAX_RUN_LENGTH_PIXELS:
            raise ContentRefused(Reason.TOO_COMPLEX)
    elif (width * depth + 31) // 32 * 4 * abs(height) > len(content):
        raise ContentRefused(Reason.DAMAGED)


def _check_sides(width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise ContentRefused(Reason.DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)


def _check_pdf(content: bytes) -> None:
    if content.count(b"%%EOF") > MAX_REVISIONS or content.count(b"startxref") > MAX_REVISIONS:
        raise ContentRefused(Reason.TOO_COMPLEX)
    if content.count(b" obj") > MAX_OBJECTS:
        raise ContentRefused(Reason.TOO_COMPLEX)
    if any(filters.partition(b"]")[0].count(b"/") > MAX_FILTERS for filters in _what_follows(content, b"/Filter")):
        raise ContentRefused(Reason.TOO_COMPLEX)


def _what_follows(content: bytes, key: bytes) -> Iterator[bytes]:
    """The hundred bytes behind each array under that key."""
    position = -1
    for _ in range(MAX_OBJECTS):
        position = content.find(key, position + 1)
        if position < 0:
            return
        found = content[position + len(key) : position + len(key) + 100].lstrip()
        if found.startswith(b"["):
            yield found
    raise ContentRefused(Reason.TOO_COMPLEX)


_CHECKS: Final = {b"\xff\xd8\xff": jpegs.check, pngs.SIGNATURE: _check_png, b"BM": _check_bmp, b"%PDF-": _check_pdf}
