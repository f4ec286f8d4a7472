"""What may be in a kept file, written anew from the standards: nothing of the cleaner is imported here.

Each function gives what it found and should not have, in words; an empty list is a clean file.
"""

import io
import re
import struct
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

# Every key that may stand in a kept PDF. Keys below RESOURCES are names that the file chose.
KEYS = frozenset(
    f"/{key}"
    for key in """
    Type Subtype Pages Kids Count Parent MediaBox CropBox Rotate UserUnit Contents Resources Group OCProperties OCGs OCG D
    ON OFF BaseState OC P S CS I K Length Filter DecodeParms Predictor Colors BitsPerComponent Columns EarlyChange K Rows
    EndOfLine EncodedByteAlign EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform JBIG2Globals Width Height
    SMaskInData ColorSpace Intent ImageMask Interpolate Decode Matte Mask SMask FormType BBox Matrix N Range Alternate
    WhitePoint BlackPoint Gamma FunctionType BitsPerSample Order Domain Size Encode C0 C1 Bounds Functions Name BaseFont
    FirstChar LastChar DW Widths FontDescriptor Encoding ToUnicode DescendantFonts CIDSystemInfo W DW2 W2 CIDToGIDMap
    FontBBox FontMatrix CharProcs Registry Ordering Supplement CMapName WMode UseCMap BaseEncoding Differences FontName
    FontStretch FontFamily CharSet FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH
    AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CIDSet Length1 Length2 Length3 ShadingType
    BitsPerCoordinate BitsPerFlag VerticesPerRow Background Coords AntiAlias Function Extend PatternType PaintType
    TilingType XStep YStep Shading ExtGState LW LC LJ ML OPM FL SM CA ca OP op SA AIS TK RI Font BM G BC TR ProcSet
    Pattern Properties XObject Root Size ID Index First Extends
    """.split()  # noqa: SIM905  # a list of a hundred lines
)
RESOURCES = {"/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject", "/CharProcs"}
# /S in a transparency group and in a soft mask; everywhere else it is the type of an action or of a transition.
HARMLESS_S = {"/Transparency", "/Alpha", "/Luminosity"}
SUBTYPES = {
    *("/Image", "/Form", "/Type1", "/MMType1", "/TrueType", "/Type3", "/Type0", "/CIDFontType0", "/CIDFontType2"),
    *("/Type1C", "/CIDFontType0C", "/OpenType"),
}
FILTERS = {"/FlateDecode", "/Fl", "/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}


def faults_of_pdf(content: bytes) -> list[str]:
    """Every object of the file, reachable or not, and what stands before and behind."""
    found = []
    if not content.startswith(b"%PDF-") or not content.rstrip().endswith(b"%%EOF") or content.count(b"%%EOF") != 1:
        found.append("something stands before or behind the file, or it has revisions")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in [*pdf.objects, pdf.trailer]:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Type") in ("/ObjStm", "/XRef"):
                continue
            found += _faults(thing, inside="")
        if not len(pdf.pages):
            found.append("no page")
        reached = _reachable(pdf)
        found += [f"unreachable object {each.objgen}" for each in pdf.objects if _is_lost(each, reached)]
    return found


def _is_lost(thing: Any, reached: set[tuple[int, int]]) -> bool:
    technical = isinstance(thing, pikepdf.Stream) and thing.get("/Type") in ("/ObjStm", "/XRef")
    return isinstance(thing, pikepdf.Object) and thing.objgen not in reached and not technical


def _reachable(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [pdf.trailer]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, pikepdf.Object):
            continue
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            waiting += [thing[key] for key in thing.keys()]  # noqa: SIM118  # not a dict
        elif isinstance(thing, pikepdf.Array):
            waiting += list(thing)
    return seen


def _faults(thing: Any, *, inside: str) -> Iterator[str]:
    if isinstance(thing, pikepdf.Array):
        yield from _faults_below(enumerate(thing), inside)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield from _faults_of_keys(thing, inside)
        yield from _faults_below(((key, thing[key]) for key in thing.keys()), "")  # noqa: SIM118  # not a dict
    if isinstance(thing, pikepdf.Stream):
        yield from _faults_of_stream(thing)


def _faults_below(items: Iterable[tuple[Any, Any]], inside: str) -> Iterator[str]:
    """Of what is written directly inside; objects with a number of their own are visited by themselves."""
    for key, value in items:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _faults(value, inside=inside or str(key))


def _faults_of_keys(thing: Any, inside: str) -> Iterator[str]:
    names_are_free = inside in RESOURCES and not isinstance(thing, pikepdf.Stream) and "/Type" not in thing and "/S" not in thing
    if not names_are_free:
        yield from (f"the key {key} in {inside or 'an object'}" for key in thing.keys() if key not in KEYS)  # noqa: SIM118
    if "/S" in thing and str(thing["/S"]) not in HARMLESS_S:
        yield f"the shape of an action: /S {thing['/S']}"
    if "/Subtype" in thing and str(thing["/Subtype"]) not in SUBTYPES:
        yield f"the subtype {thing['/Subtype']}"


def _faults_of_stream(thing: pikepdf.Stream) -> Iterator[str]:
    filters = thing.get("/Filter")
    if not _is_picture(thing) and b"\xff\xd8\xff" in thing.read_bytes():
        yield "a JPEG between drawing operators"
    if filters is None:
        return
    if isinstance(filters, pikepdf.Array) or str(filters) not in FILTERS:
        yield f"the filters {filters}"
        return
    try:
        yield from list(_faults_of_picture(str(filters), thing))
    except (struct.error, ValueError, IndexError):
        yield "a picture that ends too early, or with something else"


def _faults_of_picture(coding: str, thing: pikepdf.Stream) -> Iterator[str]:
    content = thing.read_raw_bytes()
    if coding in ("/DCTDecode", "/DCT"):
        yield from faults_of_jpeg(content, jfif=False)
    elif coding == "/JPXDecode":
        yield from faults_of_jpx(content)
    elif coding == "/JBIG2Decode":
        yield from faults_of_jbig2(content)
        shared = thing.get("/DecodeParms", {}).get("/JBIG2Globals")
        yield from faults_of_jbig2(shared.read_bytes() if shared is not None else b"", shared=True)
    elif coding in ("/CCITTFaxDecode", "/CCF"):
        yield from faults_of_fax(content)


def faults_of_jpeg(content: bytes, *, jfif: bool = True) -> list[str]:
    """Every segment of the picture: frames, tables, scans; one APP0 that says JFIF, or one APP14 that says Adobe."""
    if content[:2] != b"\xff\xd8":
        return ["no JPEG"]
    found, position = [], 2
    while content[position : position + 2] != b"\xff\xd9":
        if position + 4 > len(content) or content[position] != 0xFF:
            return [*found, f"no segment at {position}"]
        marker, length = content[position + 1], struct.unpack_from(">H", content, position + 2)[0]
        found += _faults_of_segment(marker, content[position + 4 : position + 2 + length], jfif)
        position += 2 + length
        if marker == 0xDA:
            position = _end_of_scan(content, position)
    return found if position + 2 == len(content) else [*found, "bytes behind the end"]


def _faults_of_segment(marker: int, body: bytes, jfif: bool) -> list[str]:
    if marker == 0xE0 and jfif and body.startswith(b"JFIF\0") and len(body) == 14:
        return []
    if marker == 0xEE and not jfif and body.startswith(b"Adobe") and len(body) == 12:
        return []
    return [] if marker in (0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA) else [f"the segment {marker:02X}"]


def _end_of_scan(content: bytes, position: int) -> int:
    while position < len(content) - 1 and (content[position] != 0xFF or content[position + 1] in (0, *range(0xD0, 0xD8))):
        position = content.find(b"\xff", position + 1)
        if position < 0:
            return len(content)
    return position


def faults_of_jpx(content: bytes) -> list[str]:
    """The boxes of a JPEG 2000 picture, those in its header, and the markers of its codestream (ISO 15444-1)."""
    if content.startswith(b"\xff\x4f"):
        return [*_faults_of_codestream(content)]
    outside = list(_boxes(content))
    found = [f"the boxes {[kind for kind, _ in outside]}"] if [kind for kind, _ in outside] != JP2 else []
    for kind, body in outside:
        if kind == b"jP  " and body != b"\r\n\x87\n":
            found.append("a signature with more")
        elif kind == b"ftyp" and any(body[at : at + 4] not in (b"jp2 ", b"jpx ", b"jpxb") for at in range(8, len(body), 4)):
            found.append("an unknown brand")
        elif kind == b"jp2h":
            found += _faults_of_header(list(_boxes(body)))
        elif kind == b"jp2c":
            found += _faults_of_codestream(body)
    return found


JP2 = [b"jP  ", b"ftyp", b"jp2h", b"jp2c"]


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position < len(content):
        length, kind = struct.unpack_from(">I4s", content, position)
        size = 8
        if length == 1:
            length, size = struct.unpack_from(">Q", content, position + 8)[0], 16
        end = position + (length or len(content) - position)
        yield kind, content[position + size : end]
        position = end


def _faults_of_header(boxes: list[tuple[bytes, bytes]]) -> Iterator[str]:
    if [len(body) for kind, body in boxes if kind == b"ihdr"] != [14]:
        yield "an image header that is longer, or not the only one"
    for kind, body in boxes:
        if kind not in (b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"):
            yield f"the box {kind!r} in the header"
        elif kind == b"colr" and not (body[0] == 1 and len(body) == 7) and not (body[0] == 2 and len(body) >= 3 + 128):
            yield "colours that are neither a number nor a profile"


def _faults_of_codestream(content: bytes) -> Iterator[str]:
    """SIZ, then those of CAP, COD, COC, QCD, QCC, RGN, POC, PPM, PPT; tile parts one behind the other; the end."""
    markers, position = _markers(content, 2, 0xFF90)
    if markers[0] != 0xFF51 or not {*markers[1:]} <= {0xFF50, *CODING, 0xFF60}:
        yield f"the markers {[f'{each:04X}' for each in markers]}"
    while content[position : position + 2] == b"\xff\x90":
        length = struct.unpack_from(">I", content, position + 6)[0]
        markers, _ = _markers(content, position + 12, 0xFF93)
        if not {*markers} <= {*CODING, 0xFF61}:
            yield f"the markers {[f'{each:04X}' for each in markers]} of a tile"
        position = position + length if length else len(content)
    if content[position:] != b"\xff\xd9":
        yield "the codestream does not end with its last tile part"


CODING = frozenset({0xFF52, 0xFF53, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF5F})


def _markers(content: bytes, position: int, last: int) -> tuple[list[int], int]:
    found = []
    while (marker := struct.unpack_from(">H", content, position)[0]) != last:
        found.append(marker)
        position += 2 + int(struct.unpack_from(">H", content, position + 2)[0])
    return found, position


def faults_of_jbig2(content: bytes, *, shared: bool = False) -> Iterator[str]:
    """The segments (ITU-T T.88, 7.2): dictionaries, regions, tables, a page and its stripes, to the last byte."""
    position, kinds = 0, []
    while position < len(content):
        number, flags, count = struct.unpack_from(">IBB", content, position)
        kinds.append(flags & 0x3F)
        referred, position = count >> 5, position + 6
        if referred == 7:
            referred = struct.unpack_from(">I", content, position - 1)[0] & 0x1FFFFFFF
            position += 3 + (referred + 8) // 8
        position += referred * (1 if number <= 256 else 2 if number <= 65536 else 4) + (4 if flags & 0x40 else 1)
        length = struct.unpack_from(">I", content, position)[0]
        if length == 0xFFFFFFFF:
            mark = content.index(b"\0\0" if content[position + 4 + 17] & 1 else b"\xff\xac", position + 4 + 18)
            length = mark + 6 - position - 4
        position += 4 + length
    if position != len(content):
        yield "something that is no segment"
    if not {*kinds} <= {0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 50, 53}:
        yield f"segments of the types {kinds}"
    if kinds.count(48) != (0 if shared else 1):
        yield f"pages: {kinds.count(48)}"


def faults_of_fax(content: bytes) -> list[str]:
    """ITU-T T.6: nothing behind the mark of the end, which is two ends of lines."""
    bits = "".join(f"{each:08b}" for each in content)
    found = re.search("000000000001(1?000000000001)+", bits)
    return ["bytes behind the end"] if found and len(bits) - found.end() >= 8 else []


def texts(content: bytes) -> Iterator[bytes]:
    """The file as it stands, and everything in it unpacked."""
    yield content
    if content.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for thing in pdf.objects:
                yield thing.unparse() if isinstance(thing, pikepdf.Object) else str(thing).encode()
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_raw_bytes() if _is_picture(thing) else thing.read_bytes()


def _is_picture(thing: pikepdf.Stream) -> bool:
    return str(thing.get("/Filter")) not in ("None", "/FlateDecode", "/Fl")
