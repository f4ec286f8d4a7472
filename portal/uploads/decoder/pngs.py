"""PNG files: the chunks that make the picture, without those that only tell or hide something."""

import struct
from collections.abc import Iterator

from .problems import ContentRefused, Reason

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# eXIf is read for the orientation; it is not kept.
NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"})
MAX_CHUNKS = 20_000
MAX_EXIF = 64 * 1024


def chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's type, where it begins, and where the next begins; the last one may be cut short."""
    position = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if position + 8 > len(content):
            return
        length, kind = struct.unpack_from(">I4s", content, position)
        yield kind, position, position + 12 + length
        if kind == b"IEND":
            return
        position += 12 + length
    raise ContentRefused(Reason.TOO_COMPLEX)


def without_extras(content: bytes) -> bytes:
    """A PNG with the needed chunks only; other formats as they are."""
    if not content.startswith(SIGNATURE):
        return content
    kept = [SIGNATURE]
    for kind, begin, end in chunks(content):
        if kind in NEEDED and not (kind == b"eXIf" and end - begin > MAX_EXIF):
            kept.append(content[begin:end])
    return b"".join(kept)
