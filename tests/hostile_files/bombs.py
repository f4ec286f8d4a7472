"""Small files that are a lot of work: by name, each a function that makes the file's name and bytes."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache, partial

import pikepdf
from PIL import Image

from tests.hostile_files.heics import HEADS
from tests.hostile_files.parts import PNG, chunk, jpeg_segments, raw_pdf

Made = tuple[str, bytes]
MEGABYTE = 1024 * 1024


@cache
def _flushed() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)


def zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, packed: a kilobyte each."""
    check = (megabytes * MEGABYTE % 65521) << 16 | 1
    return b"\x78\x9c" + _flushed() * megabytes + b"\x03\x00" + struct.pack(">I", check)


def png(width: int, height: int, depth: int, colour: int, *, interlaced: bool = False, extra: bytes = b"") -> Made:
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    size = height * (1 + (width * depth * samples + 7) // 8)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    palette = chunk(b"PLTE", bytes(range(48))) if colour == 3 else b""
    data = zeros(min(size // MEGABYTE + 2, 3000))
    return "bomb.png", PNG + header + extra + palette + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def small_png(extra: bytes) -> Made:
    return png(100, 100, 8, 2, extra=extra)


def png_of_empty_chunks() -> Made:
    return small_png(chunk(b"tEXt", b"") * 700_000)


def png_with_long_data() -> Made:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0))
    return "bomb.png", PNG + header + chunk(b"IDAT", zeros(8000)) + chunk(b"IEND", b"")


def animated_png() -> Made:
    control = chunk(b"acTL", struct.pack(">II", 15_000, 0))
    frames = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * n, 100, 100, 0, 0, 1, 100, 0, 0))
        + chunk(b"fdAT", struct.pack(">I", n) + zeros(1))
        for n in range(2_000)
    )
    name, content = small_png(control)
    return name, content.replace(chunk(b"IEND", b""), frames + chunk(b"IEND", b""))


@cache
def _progressive(width: int, height: int, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, "JPEG", progressive=True, quality=50, subsampling=0)
    return out.getvalue()


def scans(count: int, width: int = 5000, height: int = 4000, mode: str = "RGB") -> Made:
    """The last scan again and again."""
    whole = _progressive(width, height, mode)
    last = whole.rindex(b"\xff\xda")
    return "bomb.jpg", whole[:last] + whole[last:-2] * count + b"\xff\xd9"


def resized_jpeg(width: int, height: int, *, progressive: bool = False, marker: int | None = None) -> Made:
    """A small picture that says to be so large, or to be coded in another way."""
    whole = bytearray(_progressive(64, 64) if progressive else jpeg_segments(b""))
    at = max(whole.find(b"\xff\xc0"), whole.find(b"\xff\xc2"))
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    if marker:
        whole[at + 1] = marker
    return "bomb.jpg", bytes(whole)


def jpeg_with(segment: bytes) -> Made:
    return "bomb.jpg", jpeg_segments(segment)


def looping_exif() -> Made:
    """A directory whose next one is itself, and whose entries say to be a gigabyte."""
    entries = b"".join(struct.pack("<HHII", 0x8769 + n % 3, 4, 0x3FFFFFFF, 8) for n in range(200))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 200) + entries + struct.pack("<I", 8)
    return jpeg_with(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)


def bmp(width: int, height: int, depth: int, packing: int, data: bytes = b"") -> Made:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, packing, len(data), 0, 0, 256 if depth == 8 else 16, 0)
    palette = bytes(1024 if depth == 8 else 64) if depth < 16 else b""
    offset = 14 + 40 + len(palette)
    return "bomb.bmp", b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + header + palette + data


def content_pdf(data: bytes, filters: str, parms: str = "") -> Made:
    """One page whose drawing operators are this stream."""
    stream = b"<< /Length %d /Filter %s %s >>\nstream\n%s\nendstream" % (len(data), filters.encode(), parms.encode(), data)
    return "bomb.pdf", raw_pdf({3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>", 4: stream})


def nested_flate(levels: int, megabytes: int) -> Made:
    data = zeros(megabytes)
    for _ in range(levels - 1):
        data = zlib.compress(data, 9)
    return content_pdf(data, "[" + " /FlateDecode" * levels + " ]")


def nested_arrays(depth: int, opening: bytes, closing: bytes) -> Made:
    return "bomb.pdf", raw_pdf({4: opening * depth + closing * depth})


def many_pages(count: int) -> Made:
    kids = b"3 0 R " * count
    return "bomb.pdf", raw_pdf({2: b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (count, kids)})


def distinct_pages(count: int) -> Made:
    pages: dict[int, bytes] = {10 + n: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>" for n in range(count)}
    kids = b" ".join(b"%d 0 R" % number for number in pages)
    return "bomb.pdf", raw_pdf({2: b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (count, kids), **pages})


def looping_tree() -> Made:
    return "bomb.pdf", raw_pdf({2: b"<< /Type /Pages /Count 9 /Kids [ 2 0 R 2 0 R 3 0 R ] >>"})


def deep_tree(depth: int) -> Made:
    nodes = {10 + n: b"<< /Type /Pages /Parent %d 0 R /Count 1 /Kids [ %d 0 R ] >>" % (9 + n, 11 + n) for n in range(depth)}
    nodes[10 + depth] = b"<< /Type /Page /Parent %d 0 R >>" % (9 + depth)
    return "bomb.pdf", raw_pdf({2: b"<< /Type /Pages /Count 1 /Kids [ 10 0 R ] >>", **nodes})


def parent_loop() -> Made:
    return "bomb.pdf", raw_pdf({3: b"<< /Type /Page /Parent 3 0 R /Resources 9 0 R >>"})


def page_with(resources: bytes, **objects: bytes) -> Made:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> >>" % resources
    return "bomb.pdf", raw_pdf({3: page, **{int(number[1:]): body for number, body in objects.items()}})


def form(resources: bytes, data: bytes = b"") -> bytes:
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s >> /Length %d >>" % (resources, len(data))
    return head + b"\nstream\n" + data + b"\nendstream"


def form_in_itself() -> Made:
    return page_with(b"/XObject << /A 4 0 R >>", o4=form(b"/XObject << /A 4 0 R >>", b"/A Do"))


def forms_of_forms(levels: int, each: int) -> Made:
    """Each form draws the next one ten times: what a reader draws is ten to the power of the levels."""
    objects = {
        f"o{4 + n}": form(b"/XObject << %s >>" % b" ".join(b"/F%d %d 0 R" % (m, 5 + n) for m in range(each)), b"/F0 Do " * each)
        for n in range(levels)
    }
    objects[f"o{4 + levels}"] = form(b"", b"0 0 9 9 re f")
    return page_with(b"/XObject << /A 4 0 R >>", **objects)


def direct_doubling(levels: int) -> Made:
    """Arrays of twice the same array."""
    objects = {f"o{10 + n}": b"[ %d 0 R %d 0 R ]" % (11 + n, 11 + n) for n in range(levels)}
    return page_with(b"/ColorSpace << /A [ /DeviceN 10 0 R /DeviceRGB 10 0 R ] >>", **objects)


def functions_of_functions(depth: int) -> Made:
    nest = b"<< /FunctionType 3 /Domain [0 1] /Functions [ " * depth + b"] >>" * depth
    return page_with(b"/ColorSpace << /A [ /Separation /S /DeviceRGB %s ] >>" % nest)


def spaces_of_spaces(depth: int) -> Made:
    return page_with(b"/ColorSpace << /A %s /DeviceRGB %s >>" % (b"[ /Indexed " * depth, b" 255 (x) ]" * depth))


def picture_pdf(width: int, height: int, filters: bytes, data: bytes, more: bytes = b"") -> Made:
    head = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB" % (width, height)
    body = head + b" /Filter %s %s /Length %d >>\nstream\n%s\nendstream" % (filters, more, len(data), data)
    return page_with(b"/XObject << /A 4 0 R >>", o4=body)


def annotations(count: int) -> Made:
    note = b"<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] /AP << /N 5 0 R >> >> "
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [ %s ] >>" % (note * count)
    return "bomb.pdf", raw_pdf({3: page, 5: form(b"", b"0 0 9 9 re f")})


def field_loop() -> Made:
    root = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /NeedAppearances true /Fields [ 6 0 R ] >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [ 6 0 R ] >>"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /V (x) /Parent 6 0 R /Kids [ 6 0 R ] >>"
    return "bomb.pdf", raw_pdf({1: root, 3: page, 6: field})


def object_stream(megabytes: int) -> Made:
    packed = zeros(megabytes)
    body = b"<< /Type /ObjStm /N 1000 /First 10 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return "bomb.pdf", raw_pdf({9: body})


def cross_reference_stream(megabytes: int, levels: int = 1) -> Made:
    packed = zeros(megabytes)
    for _ in range(levels - 1):
        packed = zlib.compress(packed, 9)
    filters = b"[" + b" /FlateDecode" * levels + b"]"
    head = b"%%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size 999999999 /W [1 2 1] /Root 2 0 R /Filter %s /Length %d >>\nstream\n"
    return "bomb.pdf", head % (filters, len(packed)) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def revision_loop() -> Made:
    name, content = "bomb.pdf", raw_pdf({})
    start = content.rindex(b"xref\n0")
    return name, content.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % start)


def revisions(count: int) -> Made:
    content = raw_pdf({})
    start = content.rindex(b"xref\n0")
    return "bomb.pdf", content + b"".join(
        b"xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 9 /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (start, start) for _ in range(count)
    )


def lzw(megabytes: int) -> Made:
    """LZW's longest runs: each code is the one before and a byte more."""
    bits, value, written = [], 0, 0
    while written < megabytes * MEGABYTE:
        codes = [256, 0, *range(258, 4090)]
        for at, code in enumerate(codes):
            wide = 9 if at < 254 else 10 if at < 766 else 11 if at < 1790 else 12
            bits.append(f"{code:0{wide}b}")
        written += 3832 * 3832 // 2
    joined = "".join(bits) + "100000001"
    joined += "0" * (-len(joined) % 8)
    value = int(joined, 2)
    return content_pdf(value.to_bytes(len(joined) // 8, "big"), "/LZWDecode")


def run_lengths() -> Made:
    return content_pdf(zlib.compress(b"\x81\x00" * (20 * MEGABYTE), 9), "[ /FlateDecode /RunLengthDecode ]")


def pdf_of(text: bytes) -> Made:
    return "bomb.pdf", b"%PDF-1.7\n" + text + b"\n%%EOF\n"


def packed_document(count: int) -> Made:
    """So many objects in object streams: a hundred kilobytes."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Many = pikepdf.Array([pdf.make_indirect(pikepdf.Array([])) for _ in range(count)])
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return "bomb.pdf", out.getvalue()


BOMBS: dict[str, Callable[[], Made]] = {
    **{
        f"png of 49 million pixels, depth {depth}, colour type {colour}": partial(png, 7000, 7000, depth, colour)
        for depth, colour in ((1, 0), (8, 0), (16, 0), (8, 3), (8, 2), (16, 2), (8, 4), (16, 4), (8, 6), (16, 6))
    },
    "png, long": partial(png, 30_000, 1_660, 8, 6),
    "png, tall": partial(png, 1_660, 30_000, 8, 6),
    "png, longer": partial(png, 1_000_000, 40, 8, 2),
    "png, interlaced": partial(png, 7000, 7000, 8, 6, interlaced=True),
    "png of 3600 million pixels": partial(png, 60_000, 60_000, 1, 0),
    "png of the largest sides": partial(png, 2**31 - 1, 2**31 - 1, 16, 6),
    "png, compressed text": partial(small_png, chunk(b"zTXt", b"a\0\0" + zeros(3000))),
    "png, a hundred compressed texts": partial(small_png, chunk(b"zTXt", b"a\0\0" + zeros(60)) * 100),
    "png, international text": partial(small_png, chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(3000))),
    "png, colour profile": partial(small_png, chunk(b"iCCP", b"a\0\0" + zeros(3000))),
    "png, exif": partial(small_png, chunk(b"eXIf", b"II*\0\x08\0\0\0" + bytes(5 * MEGABYTE))),
    "png of empty chunks": png_of_empty_chunks,
    "png with eight gigabytes for a hundred pixels": png_with_long_data,
    "png, animated": animated_png,
    **{f"jpeg of {count} scans": partial(scans, count) for count in (60, 95, 101, 1_000, 10_000)},
    "jpeg of 90 scans and 49 million pixels": partial(scans, 90, 7000, 7000),
    "jpeg of four colours and 49 million pixels": partial(scans, 1, 7000, 7000, "CMYK"),
    "jpeg that says 65500 x 65500": partial(resized_jpeg, 65_500, 65_500),
    "jpeg that says 7000 x 7000": partial(resized_jpeg, 7000, 7000),
    "progressive jpeg that says 7000 x 7000": partial(resized_jpeg, 7000, 7000, progressive=True),
    "jpeg without height": partial(resized_jpeg, 7000, 0),
    **{
        f"jpeg, {way}": partial(resized_jpeg, 64, 64, marker=marker)
        for way, marker in {"lossless": 0xC3, "hierarchical": 0xC5, "arithmetic": 0xC9, "arithmetic progressive": 0xCA}.items()
    },
    "jpeg of fill bytes": partial(jpeg_with, b"\xff" * (9 * MEGABYTE)),
    "jpeg of empty segments": partial(jpeg_with, b"\xff\xe2\0\2" * (2 * MEGABYTE)),
    "jpeg, a profile in 255 parts": partial(
        jpeg_with, b"".join(b"\xff\xe2\xff\xff" + b"ICC_PROFILE\0" + bytes([n + 1, 150]) + bytes(65_519) for n in range(150))
    ),
    "jpeg, exif that goes round": looping_exif,
    "bmp, run length of 100 million pixels": partial(bmp, 10_000, 10_000, 8, 1, b"\xff\0" * 1000),
    "bmp, run length of 10 million pixels": partial(bmp, 3_160, 3_160, 8, 1, b"\x01\0" * (4 * MEGABYTE)),
    "bmp, run length of 4 bits": partial(bmp, 3_160, 3_160, 4, 2, b"\x01\0" * (4 * MEGABYTE)),
    "bmp, run length that goes nowhere": partial(bmp, 3_160, 3_160, 8, 1, b"\0\2\0\0" * (2 * MEGABYTE)),
    "bmp that says 30000 x 30000": partial(bmp, 30_000, 30_000, 24, 0, bytes(100)),
    "bmp that says minus 7000": partial(bmp, 7000, -7000, 24, 0, bytes(100)),
    "bmp of the largest sides": partial(bmp, 2**31 - 1, -(2**31), 32, 0, bytes(100)),
    "pdf, a page of a gigabyte": partial(nested_flate, 1, 1000),
    "pdf, a page of nine gigabytes": partial(nested_flate, 1, 9000),
    **{f"pdf, {levels} flate filters": partial(nested_flate, levels, 3000) for levels in (2, 3, 4, 10)},
    "pdf, two flate filters, three times": partial(nested_flate, 3, 8000),
    "pdf, lzw": partial(lzw, 500),
    "pdf, run lengths": run_lengths,
    "pdf, hexadecimal in flate": partial(content_pdf, zlib.compress(b"00" * (60 * MEGABYTE)), "[ /FlateDecode /ASCIIHexDecode ]"),
    "pdf, a predictor with endless columns": partial(
        content_pdf, zeros(20), "/FlateDecode", "/DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 4 >>"
    ),
    "pdf, a predictor of one column": partial(
        content_pdf, zeros(30), "/FlateDecode", "/DecodeParms << /Predictor 15 /Columns 1 >>"
    ),
    "pdf, an object stream of two gigabytes": partial(object_stream, 2000),
    "pdf, a cross reference of two gigabytes": partial(cross_reference_stream, 2000),
    "pdf, a cross reference in three filters": partial(cross_reference_stream, 5000, 3),
    "pdf, arrays in arrays": partial(nested_arrays, 2_000_000, b"[", b"]"),
    "pdf, dictionaries in dictionaries": partial(nested_arrays, 500_000, b"<< /A ", b" >>"),
    "pdf, arrays never closed": partial(pdf_of, b"1 0 obj\n" + b"[" * (5 * MEGABYTE)),
    "pdf, strings never closed": partial(pdf_of, b"1 0 obj\n" + b"(" * (5 * MEGABYTE)),
    "pdf, a page 100000 times": partial(many_pages, 100_000),
    "pdf, 19000 pages": partial(distinct_pages, 19_000),
    "pdf, pages that go round": looping_tree,
    "pdf, a tree of 15000 levels": partial(deep_tree, 15_000),
    "pdf, a parent that is its child": parent_loop,
    "pdf, a form in itself": form_in_itself,
    "pdf, forms of forms": partial(forms_of_forms, 30, 10),
    "pdf, forms of forms, deep": partial(forms_of_forms, 5_000, 1),
    "pdf, arrays of twice an array": partial(direct_doubling, 60),
    "pdf, functions of functions": partial(functions_of_functions, 400),
    "pdf, colour spaces of colour spaces": partial(spaces_of_spaces, 400),
    "pdf, a picture of 900 million pixels": partial(picture_pdf, 30_000, 30_000, b"/FlateDecode", zeros(2600)),
    "pdf, a picture of a gigabyte": partial(picture_pdf, 7000, 7000, b"/FlateDecode", zeros(1000)),
    "pdf, a jpeg of 1000 scans": lambda: picture_pdf(5000, 4000, b"/DCTDecode", scans(1000)[1]),
    "pdf, a jpeg in three filters": lambda: picture_pdf(
        64, 64, b"[ /FlateDecode /FlateDecode /DCTDecode ]", zlib.compress(zeros(2000))
    ),
    "pdf, 100000 annotations": partial(annotations, 100_000),
    "pdf, 4900 annotations": partial(annotations, 4_900),
    "pdf, a field in itself": field_loop,
    "pdf, revisions that go round": revision_loop,
    "pdf, 90 revisions": partial(revisions, 90),
    "pdf, 5000 revisions": partial(revisions, 5_000),
    "pdf, 60000 objects": lambda: packed_document(60_000),
    "pdf, objects without end": partial(pdf_of, b"1 0 obj\n" * MEGABYTE),
    "pdf, inline pictures": lambda: content_pdf(zlib.compress(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n" * 400_000), "/FlateDecode"),
    "pdf, nonsense of ten megabytes": partial(pdf_of, b"endobj 7 0 R << >> " * 500_000),
    **{f"heic, {name}": made for name, (made, _reason) in HEADS.items()},
}
