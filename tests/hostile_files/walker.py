"""What may be in a kept file, written anew from the standards: nothing of the cleaner is imported here.

Each function gives what it found and should not have, in words; an empty list is a clean file.
"""

import io
import struct
from collections.abc import Iterator
from typing import Any

import pikepdf

# Every key that may stand in a kept PDF. Keys below RESOURCES are names that the file chose.
KEYS = frozenset(
    "/" + key
    for key in (
        "Type Subtype Pages Kids Count Parent MediaBox CropBox Rotate UserUnit Contents Resources Group OCProperties OCGs OCG D ON OFF "
        "BaseState OC P S CS I K Length Filter DecodeParms Predictor Colors BitsPerComponent Columns EarlyChange K Rows EndOfLine "
        "EncodedByteAlign EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform JBIG2Globals Width Height SMaskInData ColorSpace "
        "Intent ImageMask Interpolate Decode Matte Mask SMask FormType BBox Matrix N Range Alternate WhitePoint BlackPoint Gamma "
        "FunctionType BitsPerSample Order Domain Size Encode C0 C1 Bounds Functions Name BaseFont FirstChar LastChar DW Widths "
        "FontDescriptor Encoding ToUnicode DescendantFonts CIDSystemInfo W DW2 W2 CIDToGIDMap FontBBox FontMatrix CharProcs Registry "
        "Ordering Supplement CMapName WMode UseCMap BaseEncoding Differences FontName FontStretch FontFamily CharSet FontWeight Flags "
        "ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 "
        "CIDSet Length1 Length2 Length3 ShadingType BitsPerCoordinate BitsPerFlag VerticesPerRow Background Coords AntiAlias Function "
        "Extend PatternType PaintType TilingType XStep YStep Shading ExtGState LW LC LJ ML OPM FL SM CA ca OP op SA AIS TK RI Font BM G "
        "BC TR ProcSet Pattern Properties XObject Root Size ID Index First Extends"
    ).split()
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
        for item in thing:
            if isinstance(item, pikepdf.Object) and not item.is_indirect:
                yield from _faults(item, inside=inside)
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    names_are_free = inside in RESOURCES and not isinstance(thing, pikepdf.Stream) and "/Type" not in thing and "/S" not in thing
    for key in thing.keys():  # noqa: SIM118  # not a dict
        if key not in KEYS and not names_are_free:
            yield f"the key {key} in {inside or 'an object'}"
        value = thing[key]
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _faults(value, inside=key)
    if "/S" in thing and str(thing["/S"]) not in HARMLESS_S:
        yield f"the shape of an action: /S {thing['/S']}"
    if "/Subtype" in thing and str(thing["/Subtype"]) not in SUBTYPES:
        yield f"the subtype {thing['/Subtype']}"
    if isinstance(thing, pikepdf.Stream):
        yield from _faults_of_stream(thing)


def _faults_of_stream(thing: pikepdf.Stream) -> Iterator[str]:
    filters = thing.get("/Filter")
    if filters is None:
        return
    if isinstance(filters, pikepdf.Array) or str(filters) not in FILTERS:
        yield f"the filters {filters}"
    elif str(filters) in ("/DCTDecode", "/DCT"):
        yield from faults_of_jpeg(thing.read_raw_bytes(), jfif=False)
    elif str(filters) == "/JPXDecode":
        yield from faults_of_jpx(thing.read_raw_bytes())


def faults_of_jpeg(content: bytes, *, jfif: bool = True) -> list[str]:
    """Every segment of the picture: frames, tables, scans; one APP0 that says JFIF, or one APP14 that says Adobe."""
    found, position = [], 2
    if content[:2] != b"\xff\xd8":
        return ["no JPEG"]
    while position < len(content):
        if content[position] != 0xFF:
            return [*found, f"bytes between segments at {position}"]
        marker = content[position + 1]
        if marker == 0xD9:
            return [*found, "bytes behind the end"] if position + 2 != len(content) else found
        length = struct.unpack_from(">H", content, position + 2)[0]
        body = content[position + 4 : position + 2 + length]
        if marker == 0xE0:
            if not jfif or not body.startswith(b"JFIF\0") or len(body) != 14:
                found.append("an APP0 that is more than JFIF")
        elif marker == 0xEE:
            if jfif or not body.startswith(b"Adobe") or len(body) != 12:
                found.append("an APP14 that is more than Adobe's")
        elif marker not in (0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA):
            found.append(f"the segment {marker:02X}")
        position += 2 + length
        if marker == 0xDA:
            while content[position] != 0xFF or content[position + 1] in (0, *range(0xD0, 0xD8)):
                position = content.find(b"\xff", position + 1)
                if position < 0:
                    return [*found, "no end"]
    return [*found, "no end"]


def faults_of_jpx(content: bytes) -> list[str]:
    """The boxes of a JPEG 2000 picture."""
    if content.startswith(b"\xff\x4f"):
        return ["a comment"] if b"\xff\x64" in content[: content.find(b"\xff\x90")] else []
    found, position = [], 0
    while position < len(content):
        length, kind = struct.unpack_from(">I4s", content, position)
        if kind not in (b"jP  ", b"ftyp", b"jp2h", b"jp2c"):
            found.append(f"the box {kind!r}")
        if kind == b"jp2c":
            found += faults_of_jpx(content[position + 8 :])
            break
        position += length or len(content)
    return found


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
