"""Pieces of files, written by hand."""

import io
import struct
import zlib
from collections.abc import Mapping
from functools import cache

from PIL import Image, ImageDraw

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG's chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@cache
def jpeg() -> bytes:
    """A picture of 64 x 64 pixels."""
    image = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(image).rectangle((8, 8, 40, 40), fill="red")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def jpeg_segments(segments: bytes, after: bytes = b"") -> bytes:
    """The picture with these segments at its beginning, and this behind its end."""
    return jpeg()[:2] + segments + jpeg()[2:] + after


def segment(marker: int, body: bytes) -> bytes:
    """A JPEG's segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def raw_pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of these objects: 1 is the catalog, 2 the pages, 3 the page, unless given."""
    given = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        **objects,
    }
    out, offsets = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in given.items():
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, size = out.tell(), max(given) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d %05d %s \n" % ((offsets[number], 0, b"n") if number in offsets else (0, 65535, b"f")))
    out.write(b"trailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()
