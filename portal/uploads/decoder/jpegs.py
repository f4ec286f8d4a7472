"""JPEG files, segment by segment (ITU-T T.81 annex B): without metadata, and not decoded."""

import struct
from collections.abc import Iterator

from .problems import MAX_PIXELS, MAX_SIDE, ContentRefused, Reason

MAX_SCANS = 100
MAX_SEGMENTS = 2_000
MAX_COMPONENTS = 4
# Bytes of coefficients that a progressive picture holds until its last scan.
MAX_COEFFICIENTS = 320 * 1024 * 1024
SOI, EOI, SOS, DHT, DQT, DRI, DAC, DNL = 0xD8, 0xD9, 0xDA, 0xC4, 0xDB, 0xDD, 0xCC, 0xDC
BASELINE, EXTENDED, PROGRESSIVE = 0xC0, 0xC1, 0xC2
FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, DAC}
ADOBE = 0xEE
TABLES = frozenset({DHT, DQT, DRI})
# Bytes 0xFF that are no marker, to be looked at one by one: entropy-coded data have one in 256.
MAX_STUFFED = 250_000
NO_MARKERS = frozenset({0x00, 0xFF, *range(0xD0, 0xD8)})


class _Markers:
    """Finds the next marker; not by a regular expression, that would hold up every thread of the process."""

    def __init__(self, content: bytes) -> None:
        self.content, self.left = content, MAX_STUFFED

    def after(self, position: int) -> int | None:
        """Where the next marker begins; stuffed bytes, fill bytes and restarts are none."""
        while (position := self.content.find(b"\xff", position, len(self.content) - 1)) >= 0:
            if self.content[position + 1] not in NO_MARKERS:
                return position
            position += 1
            self.left -= 1
            if self.left < 0:
                raise ContentRefused(Reason.TOO_COMPLEX)
        return None


def segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, begin and end of each segment; that of a scan goes to the end of its data. Raises ContentRefused."""
    markers, position = _Markers(content), 2
    for _ in range(MAX_SEGMENTS):
        begin = markers.after(position)
        if begin is None or begin + 2 > len(content):
            raise ContentRefused(Reason.DAMAGED)
        marker = content[begin + 1]
        if marker == EOI:
            yield marker, begin, begin + 2
            return
        end = begin + 2 + _length(content, begin + 2)
        if marker == SOS:
            end = markers.after(end) or len(content)
        yield marker, begin, end
        position = end
        if end == len(content):
            return
    raise ContentRefused(Reason.TOO_COMPLEX)


def _length(content: bytes, position: int) -> int:
    if position + 2 > len(content):
        raise ContentRefused(Reason.DAMAGED)
    length = max(int.from_bytes(content[position : position + 2], "big"), 2)
    if position + length > len(content):
        raise ContentRefused(Reason.DAMAGED)
    return length


def check(content: bytes) -> None:
    """Refuse what is too large or too laborious to decode."""
    scans = frames = 0
    for marker, begin, _end in segments(content):
        if marker in FRAMES:
            frames += 1
            _check_frame(marker, content[begin + 4 : begin + 4 + 6 + 3 * MAX_COMPONENTS])
        scans += marker == SOS
        if marker in (DAC, DNL) or scans > MAX_SCANS or frames > 1:
            raise ContentRefused(Reason.TOO_COMPLEX)
    if frames != 1 or not scans:
        raise ContentRefused(Reason.DAMAGED)


def _check_frame(marker: int, header: bytes) -> None:
    if marker not in (BASELINE, EXTENDED, PROGRESSIVE):  # arithmetic coding, lossless, hierarchical
        raise ContentRefused(Reason.TOO_COMPLEX)
    if len(header) < 6:
        raise ContentRefused(Reason.DAMAGED)
    _precision, height, width, components = struct.unpack_from(">BHHB", header)
    if not width or not height or components not in (1, 3, 4) or len(header) < 6 + 3 * components:
        raise ContentRefused(Reason.DAMAGED)
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)
    if marker == PROGRESSIVE and _coefficients(header, width * height, components) > MAX_COEFFICIENTS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)


def _coefficients(header: bytes, pixels: int, components: int) -> int:
    factors = [divmod(header[7 + 3 * each], 16) for each in range(components)]
    widest, highest = max(1, *(across for across, _ in factors)), max(1, *(down for _, down in factors))
    return sum(2 * pixels * across * down // (widest * highest) for across, down in factors)


def without_metadata(content: bytes) -> bytes:
    """The same picture, bit for bit, without comments, EXIF, profiles, previews, and what was written behind its end."""
    if not content.startswith(b"\xff\xd8\xff"):
        raise ContentRefused(Reason.DAMAGED)
    check(content)
    kept = [b"\xff\xd8"]
    for marker, begin, end in segments(content):
        if marker == ADOBE and content[begin + 4 : begin + 9] == b"Adobe":
            kept.append(b"\xff\xee\x00\x0e" + content[begin + 4 : begin + 16])  # how its colours are meant
        elif marker in FRAMES or marker in TABLES or marker == SOS:
            kept.append(content[begin:end])
    return b"".join([*kept, b"\xff\xd9"])
