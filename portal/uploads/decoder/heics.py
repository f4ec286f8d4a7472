"""HEIC files, box by box (ISO/IEC 14496-12, 23008-12): what they say to be, and how large. Nothing is decoded."""

import struct
from collections.abc import Iterator

from .problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason

# Brands of still pictures whose coding is HEVC; others (AVIF, films) share the container and are not for us.
BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
MAX_BOXES = 4_000  # in one box; a picture of 50 megapixels has two hundred tiles with a few properties each
MAX_META = 4 * 1024 * 1024
MAX_ITEMS = 1_000
_MAX_BRANDS = 1024  # bytes
_VERSION = 4  # bytes that stand before the boxes in `meta`
_DRAWN = frozenset({b"hvc1", b"grid"})  # a picture, or tiles of one


def looks_like_one(content: bytes) -> bool:
    """Whether it begins as a HEIC file does."""
    size = int.from_bytes(content[:4], "big")
    if content[4:8] != b"ftyp" or not 16 <= size <= _MAX_BRANDS:
        return False
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, min(size, len(content)) - 3, 4))}
    return bool(brands & BRANDS)


def check(content: bytes) -> None:
    """Refuse what is too large or too laborious to decode, or does not say what it is."""
    meta = _only(content, b"meta", 0, len(content))
    if meta[1] - meta[0] > MAX_META:
        raise ContentRefused(Reason.TOO_COMPLEX)
    begin, end = meta[0] + _VERSION, meta[1]
    _check_items(content, begin, end)
    _check_sizes(content, *_only(content, b"iprp", begin, end))


def _boxes(content: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box's type, and where what is in it begins and ends. Raises ContentRefused."""
    for _ in range(MAX_BOXES):
        if begin + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", content, begin)
        inside = begin + 8
        if size == 1:
            if begin + 16 > end:
                raise ContentRefused(Reason.DAMAGED)
            size, inside = struct.unpack_from(">Q", content, begin + 8)[0], begin + 16
        following = begin + size if size else end
        if not inside <= following <= end:
            raise ContentRefused(Reason.DAMAGED)
        yield kind, inside, following
        begin = following
    raise ContentRefused(Reason.TOO_COMPLEX)


def _only(content: bytes, wanted: bytes, begin: int, end: int) -> tuple[int, int]:
    found = [(inside, following) for kind, inside, following in _boxes(content, begin, end) if kind == wanted]
    if len(found) != 1:
        raise ContentRefused(Reason.DAMAGED)
    return found[0]


def _check_items(content: bytes, begin: int, end: int) -> None:
    """So many at most, and the one to be shown is a picture or tiles of one: no drawing of other pictures."""
    at, _ = _only(content, b"pitm", begin, end)
    primary = _number(content, at + 4, 2 if content[at : at + 1] == b"\0" else 4)
    at, following = _only(content, b"iinf", begin, end)
    wide = 2 if content[at : at + 1] == b"\0" else 4
    if _number(content, at + 4, wide) > MAX_ITEMS:
        raise ContentRefused(Reason.TOO_COMPLEX)
    kinds = [kind for item, kind in _items(content, at + 4 + wide, following) if item == primary]
    if len(kinds) != 1:
        raise ContentRefused(Reason.DAMAGED)
    if kinds[0] not in _DRAWN:
        raise ContentRefused(Reason.TOO_COMPLEX)


def _items(content: bytes, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    for kind, inside, following in _boxes(content, begin, end):
        if kind != b"infe" or following - inside < 12:
            continue
        wide = 4 if content[inside] == 3 else 2  # the version
        at = inside + 4
        yield _number(content, at, wide), content[at + wide + 2 : at + wide + 6]


def _check_sizes(content: bytes, begin: int, end: int) -> None:
    """Of every picture in the file: tiles are as large as they say, and so is what is made of them."""
    sizes = 0
    for kind, inside, following in _boxes(content, *_only(content, b"ipco", begin, end)):
        if kind != b"ispe":
            continue
        if following - inside < 12:
            raise ContentRefused(Reason.DAMAGED)
        width, height = struct.unpack_from(">II", content, inside + 4)
        sizes += 1
        if not width or not height:
            raise ContentRefused(Reason.DAMAGED)
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise ContentRefused(Reason.TOO_MANY_PIXELS)
    if not sizes:
        raise ContentRefused(Reason.DAMAGED)


def _number(content: bytes, at: int, wide: int) -> int:
    return int.from_bytes(content[at : at + wide], "big")
