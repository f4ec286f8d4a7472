"""JBIG2 pictures as they stand in a PDF (ITU-T T.88 annex D.3): the segments of the picture, and not decoded."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from .problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason

MAX_SEGMENTS = 10_000
MAX_REFERRED = 4_000
UNKNOWN = 0xFFFFFFFF  # a length or a height that was not known when it was written
PAGE, END_OF_PAGE, END_OF_STRIPE, END_OF_FILE = 48, 49, 50, 51
GENERIC = 38
REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, GENERIC, 39, 40, 42, 43})
# The fewest bytes that each can have. Comments (62), profiles (52) and what nobody knows are not kept.
KEPT: Final = {0: 10, 16: 8, PAGE: 19, END_OF_STRIPE: 4, 53: 9, **dict.fromkeys(REGIONS, 18)}
_EXACT = frozenset({PAGE, END_OF_STRIPE})


class _Segment(NamedTuple):
    """Where it begins, where its content begins and ends, and what it is."""

    type: int
    begin: int
    body: int
    end: int


def without_metadata(content: bytes, *, shared: bool = False) -> bytes:
    """The same picture without comments and what stands behind its end. `shared` are the segments of several pictures."""
    kept, regions = [], 0
    for each in _segments(content):
        if each.type in KEPT:
            kept.append(_checked(content, each))
            regions += each.type in REGIONS
    if not regions and not shared:
        raise ContentRefused(Reason.DAMAGED)
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[_Segment]:
    """Until the end of the page, or what is no segment."""
    position = 0
    for _ in range(MAX_SEGMENTS):
        found = _segment(content, position)
        if found is None or found.type in (END_OF_PAGE, END_OF_FILE):
            return
        yield found
        position = found.end
    raise ContentRefused(Reason.TOO_COMPLEX)


def _segment(content: bytes, begin: int) -> _Segment | None:
    if begin + 11 > len(content):
        return None
    number, flags, referred = struct.unpack_from(">IBB", content, begin)
    kind, count, position = flags & 0x3F, referred >> 5, begin + 6
    if count == 7:
        count = struct.unpack_from(">I", content, begin + 5)[0] & 0x1FFFFFFF
        position = begin + 9 + (count + 8) // 8
    if count > MAX_REFERRED:
        return None
    position += count * (1 if number <= 256 else 2 if number <= 65536 else 4) + (4 if flags & 0x40 else 1)
    if position + 4 > len(content):
        return None
    length, body = struct.unpack_from(">I", content, position)[0], position + 4
    end = body + length
    if length == UNKNOWN and kind == GENERIC:
        end = _end_of_generic(content, body)
    if kind in KEPT and end - body < KEPT[kind]:
        return None
    if end > len(content):
        if kind in KEPT:
            raise ContentRefused(Reason.DAMAGED)
        return None
    return _Segment(kind, begin, body, end)


def _end_of_generic(content: bytes, body: int) -> int:
    """T.88 7.2.7: the coded rows end with a mark that cannot stand in them, and their number follows."""
    if body + 18 > len(content):
        raise ContentRefused(Reason.DAMAGED)
    mark = content.find(b"\x00\x00" if content[body + 17] & 1 else b"\xff\xac", body + 18)
    if mark < 0:
        raise ContentRefused(Reason.DAMAGED)
    return mark + 6


def _checked(content: bytes, segment: _Segment) -> bytes:
    """The segment, if what it says to draw is not too large."""
    if segment.type in _EXACT and segment.end - segment.body != KEPT[segment.type]:
        raise ContentRefused(Reason.DAMAGED)
    if segment.type == PAGE or segment.type in REGIONS:
        width, height = struct.unpack_from(">II", content, segment.body)
        height = 1 if segment.type == PAGE and height == UNKNOWN else height
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise ContentRefused(Reason.TOO_MANY_PIXELS)
    return content[segment.begin : segment.end]
