"""PNG files: the chunks that make the picture, without those that only tell or hide something."""

import struct
import zlib
from collections.abc import Iterator

from .problems import ContentRefused, Reason

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# eXIf is read for the orientation; it is not kept.
NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"})
MAX_CHUNKS = 20_000
MAX_EXIF = 64 * 1024
MAX_PROFILE = 4 * 1024 * 1024
# Bytes of the transparency of a picture in grey and in RGB; others have as many as they have colours.
TRANSPARENCY = {0: 2, 2: 6}
_TELLING = frozenset({b"eXIf", b"tRNS"})


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
    """A PNG with the needed chunks only, of what is said about the picture what can be understood; other formats as they are."""
    if not content.startswith(SIGNATURE):
        return content
    kept = [SIGNATURE]
    for kind, begin, end in chunks(content):
        if kind in _TELLING:
            kept.append(_telling(content, kind, begin, end))
        elif kind in NEEDED:
            kept.append(content[begin:end])
    return b"".join(kept)


def _telling(content: bytes, kind: bytes, begin: int, end: int) -> bytes:
    """The chunk with the right checksum, or nothing: a reader that stumbles over it would have the whole picture broken."""
    body = content[begin + 8 : end - 4]
    wanted = TRANSPARENCY.get(content[len(SIGNATURE) + 17], len(body))
    if end > len(content) or len(body) > MAX_EXIF or (kind == b"tRNS" and len(body) != wanted):
        return b""
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def profile(content: bytes) -> bytes | None:
    """The colour profile of a PNG; none of other formats, nor one that cannot be unpacked."""
    if not content.startswith(SIGNATURE):
        return None
    body = next((content[begin + 8 : end - 4] for kind, begin, end in chunks(content) if kind == b"iCCP"), b"")
    packed = body.partition(b"\0")[2][1:]
    try:
        unpacked = zlib.decompressobj().decompress(packed, MAX_PROFILE + 1)
    except zlib.error:
        return None
    return unpacked if 0 < len(unpacked) <= MAX_PROFILE else None
