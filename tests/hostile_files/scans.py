"""Pictures as scanners code them into a PDF, with passengers in every place that their coding has: JPEG 2000, JBIG2, fax."""

import io
import struct
from collections.abc import Iterator
from functools import cache

from PIL import Image, ImageDraw

SIDE = 64


# JPEG 2000


def box(kind: bytes, body: bytes, *, length: str = "short") -> bytes:
    """A box, its length written in one of three ways: short, long, or "to the end" of what holds it."""
    if length == "long":
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8 if length == "short" else 0, kind) + body


@cache
def _jp2() -> bytes:
    image = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(image).rectangle((8, 8, 40, 40), fill="red")
    out = io.BytesIO()
    image.save(out, "JPEG2000")
    return out.getvalue()


def boxes() -> dict[bytes, bytes]:
    """The contents of the boxes of a picture: its signature, type, header and codestream."""
    found, position = {}, 0
    while position < len(_jp2()):
        length, kind = struct.unpack_from(">I4s", _jp2(), position)
        end = position + length if length else len(_jp2())
        found[kind] = _jp2()[position + 8 : end]
        position = end
    return found


def jp2(
    *, header: bytes = b"", stream: bytes | None = None, behind: bytes = b"", file_type: bytes = b"", length: str = "short"
) -> bytes:
    """The picture, with this in its header, and with this codestream or that behind it."""
    parts = boxes()
    codestream = parts[b"jp2c"] if stream is None else stream
    return b"".join(
        (
            box(b"jP  ", parts[b"jP  "]),
            box(b"ftyp", parts[b"ftyp"] + file_type, length=length if length == "long" else "short"),
            box(b"jp2h", parts[b"jp2h"] + header, length=length if length == "long" else "short"),
            box(b"jp2c", codestream, length=length),
            behind,
        )
    )


def longer(kind: bytes, more: bytes) -> bytes:
    """The picture, with more in that box of its header than its fields take."""
    old = boxes()[b"jp2h"]
    begin = old.index(kind) - 4
    end = begin + int.from_bytes(old[begin : begin + 4], "big")
    return jp2().replace(box(b"jp2h", old), box(b"jp2h", old[:begin] + box(kind, old[begin + 8 : end] + more) + old[end:]))


def jp2_with_palette() -> bytes:
    """Samples that are numbers of colours."""
    out = io.BytesIO()
    image = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(image).rectangle((8, 8, 40, 40), fill=1)
    image.save(out, "JPEG2000", irreversible=False)
    header = (
        box(b"ihdr", struct.pack(">IIHBBBB", SIDE, SIDE, 1, 7, 7, 0, 0)),
        box(b"colr", struct.pack(">BBBI", 1, 0, 0, 16)),
        box(b"pclr", struct.pack(">HBBBB", 2, 3, 7, 7, 7) + b"\0\0\xff\xff\0\0"),
        box(b"cmap", b"".join(struct.pack(">HBB", 0, 1, column) for column in range(3))),
    )
    content = out.getvalue()
    begin = content.index(b"jp2h") - 4
    end = begin + int.from_bytes(content[begin : begin + 4], "big")
    return content[:begin] + box(b"jp2h", b"".join(header)) + content[end:]


def codestream(*, main: bytes = b"", tile: bytes = b"", behind: bytes = b"", open_ended: bool = False) -> bytes:
    """The codestream, with these marker segments in its main header and in the header of its tile part."""
    plain = boxes()[b"jp2c"]
    start, data = plain.index(b"\xff\x90"), plain.index(b"\xff\x93")
    length = 0 if open_ended else len(plain) - 2 - start + len(tile)
    first = plain[start : start + 6] + struct.pack(">I", length) + plain[start + 10 : data]
    return plain[:start] + main + first + tile + plain[data:] + behind


def marker(code: int, body: bytes) -> bytes:
    """A marker segment."""
    return struct.pack(">HH", code, len(body) + 2) + body


def jpx_pictures(mark: bytes) -> Iterator[tuple[str, bytes]]:
    """What they carry, and the picture."""
    identity, xml = bytes(range(16)), b"<x:xmpmeta>" + mark
    for length in ("short", "long", "to the end"):
        yield f"XMP in its header, {length}", jp2(header=box(b"xml ", xml, length=length))
    yield "EXIF in its header", jp2(header=box(b"uuid", identity + b"Exif\0\0" + mark))
    yield "a resolution with XMP", jp2(header=box(b"res ", box(b"resd", bytes(10)) + box(b"xml ", xml)))
    yield "a vendor's colours", jp2(header=box(b"colr", b"\4\0\0" + identity + mark))
    yield "an empty profile", jp2(header=box(b"colr", b"\2\0\0" + bytes(4) + mark))
    yield "text behind its colours", longer(b"colr", mark)
    yield "text behind its sides", longer(b"ihdr", mark)
    yield "another image header", jp2(header=box(b"ihdr", bytes(14) + mark))
    yield "rights in its header", jp2(header=box(b"jp2i", mark))
    yield "brands", jp2(file_type=mark + bytes(-len(mark) % 4))
    yield (
        "lengths of 64 bits",
        jp2(length="long", header=box(b"xml ", xml, length="long"), behind=box(b"xml ", xml, length="long")),
    )
    yield "no lengths", jp2(length="to the end", stream=codestream(behind=mark))
    for kind in (b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"xml ", b"uuid", b"uinf", b"asoc", b"free", b"mdat"):
        yield f"another box {kind.decode()}", jp2(behind=box(kind, mark))
    yield "another picture", jp2(behind=box(b"jp2c", codestream(main=marker(0xFF64, b"\0\1" + mark))))
    for name, stream in {
        "a comment": codestream(main=marker(0xFF64, b"\0\1" + mark)),
        "a comment of bytes": codestream(main=marker(0xFF64, b"\0\0" + mark)),
        "a comment of a tile": codestream(tile=marker(0xFF64, b"\0\1" + mark)),
        "comments of a tile": codestream(tile=marker(0xFF64, b"\0\1" + mark) * 50),
        "a comment of an open tile": codestream(tile=marker(0xFF64, b"\0\1" + mark), open_ended=True),
        "an unknown marker": codestream(main=marker(0xFF6F, mark)),
        "an unknown marker of a tile": codestream(tile=marker(0xFF6F, mark)),
        "lengths of tiles": codestream(main=marker(0xFF55, mark)),
        "lengths of packets": codestream(tile=marker(0xFF58, mark)),
        "registrations": codestream(main=marker(0xFF63, mark)),
        "text behind": codestream(behind=mark),
        "text behind an open tile": codestream(behind=mark, open_ended=True),
    }.items():
        yield name, stream
        yield f"boxes and {name}", jp2(stream=stream)


# Fax


@cache
def fax(compression: str = "group4") -> bytes:
    """A picture of 64 x 64 pixels; group 3 without its mark of the end."""
    image = Image.new("1", (SIDE, SIDE), 1)
    ImageDraw.Draw(image).rectangle((8, 8, 40, 40), fill=0)
    out = io.BytesIO()
    image.save(out, "TIFF", compression=compression)
    directory = Image.open(io.BytesIO(out.getvalue())).tag_v2
    begin, length = directory[273][0], directory[279][0]
    return out.getvalue()[begin : begin + length]


def shifted(content: bytes, bits: int) -> bytes:
    """Group 4 with so many rows before it, each a bit that says: like the white row above. The picture moves down."""
    size = 8 * (len(content) + 1)
    value = ((1 << bits) - 1) << (size - bits) | int.from_bytes(content) << (8 - bits)
    return value.to_bytes(size // 8)


END_OF_LINES = bytes.fromhex("001001001001001001")


# JBIG2


def jbig2_segment(number: int, kind: int, body: bytes, *, page: int = 1, length: int | None = None, head: bytes = b"\0") -> bytes:
    """A segment, with the segments that it refers to in its `head`."""
    return struct.pack(">IB", number, kind) + head + struct.pack(">BI", page, len(body) if length is None else length) + body


def jbig2_region(*, more: bytes = b"") -> bytes:
    """A region whose rows are coded as in group 4."""
    return struct.pack(">IIIIBB", SIDE, SIDE, 0, 0, 0, 1) + fax() + more


def jbig2(*, before: bytes = b"", between: bytes = b"", behind: bytes = b"", region: bytes | None = None) -> bytes:
    """A page of one region, with other segments around it."""
    page = jbig2_segment(1, 48, struct.pack(">IIIIBH", SIDE, SIDE, 0, 0, 0, 0))
    return before + page + between + (jbig2_segment(3, 38, jbig2_region()) if region is None else region) + behind


def jbig2_shared() -> bytes:
    """A dictionary of one pattern, that several pictures could use."""
    return jbig2_segment(0, 16, struct.pack(">BBBI", 1, SIDE, SIDE, 0) + fax(), page=0)


def halftone() -> bytes:
    """A region drawn with the one pattern: a grid of one cell, and no planes, for one pattern needs no number."""
    region = struct.pack(">IIIIB", SIDE, SIDE, 0, 0, 0)
    return jbig2_segment(3, 23, region + struct.pack(">BIIiiHH", 1, 1, 1, 0, 0, SIDE << 8, 0), head=b"\x20\0")


def unknown_length() -> bytes:
    """A region whose length was not known when its header was written."""
    return jbig2_segment(3, 38, jbig2_region(more=b"\0\0" + struct.pack(">I", SIDE)), length=0xFFFFFFFF)


def jbig2_pictures(mark: bytes) -> Iterator[tuple[str, bytes]]:
    """What they carry, and the picture."""
    comment = jbig2_segment(2, 62, b"\x20\0\0\0Author\0" + mark + b"\0\0")
    yield "a comment before", jbig2(before=comment)
    yield "a comment between", jbig2(between=comment)
    yield "a comment behind", jbig2(behind=comment)
    yield "a comment on a long page number", jbig2(between=struct.pack(">IBBII", 2, 62 | 0x40, 0, 1, len(mark)) + mark)
    yield "a comment on many segments", jbig2(between=jbig2_segment(2, 62, mark, head=b"\xe0\0\0\5\0" + bytes(5)))
    yield "profiles", jbig2(between=jbig2_segment(2, 52, mark))
    yield "an unknown segment", jbig2(between=jbig2_segment(2, 61, mark))
    yield "a palette", jbig2(between=jbig2_segment(2, 54, mark))
    yield "an end of the page with text", jbig2(behind=jbig2_segment(4, 49, mark))
    yield "text behind the page", jbig2(behind=jbig2_segment(4, 49, b"") + mark)
    yield "segments behind the page", jbig2(behind=jbig2_segment(4, 49, b"") + jbig2_segment(5, 36, jbig2_region(more=mark)))
    yield "segments behind the file", jbig2(behind=jbig2_segment(4, 51, b"") + jbig2_segment(5, 36, jbig2_region(more=mark)))
    yield "text behind", jbig2(behind=mark)
    yield "text behind an unknown length", jbig2(region=unknown_length(), behind=mark)
