"""Files that carry what must not be kept: by name, each a function that makes the file's name and bytes.

Wherever something is hidden it says MARK, so that a search finds it whatever it is.
"""

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.hostile_files import scans
from tests.hostile_files.parts import PNG, chunk, jpeg, jpeg_segments, raw_pdf, segment

Made = tuple[str, bytes]
MARK = b"KILROYWASHERE"
TEXT = MARK.decode()

ACTIONS = (
    *("Launch", "JavaScript", "URI", "GoToR", "GoToE", "GoTo", "SubmitForm", "ImportData", "ResetForm", "Hide", "Named", "Movie"),
    *("Sound", "Rendition", "Trans", "GoTo3DView", "SetOCGState", "RichMediaExecute", "Thread", "GoToDp", "NotYetInvented"),
)


def action(kind: str) -> Dictionary:
    """An action of that kind, with whatever any kind can have."""
    return Dictionary(
        Type=Name.Action,
        S=Name(f"/{kind}"),
        JS=TEXT,
        F=Dictionary(Type=Name.Filespec, F=TEXT, UF=TEXT),
        URI=TEXT,
        D=TEXT,
        N=Name(f"/{TEXT}"),
        Win=Dictionary(F=TEXT, P=TEXT),
        Next=Array([Dictionary(S=Name.JavaScript, JS=TEXT)]),
    )


def _note(pdf: pikepdf.Pdf, **more: pikepdf.Object) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Contents=TEXT, **more)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def _on_root(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(act)


def _on_root_events(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.Root.AA = Dictionary(WC=act)


def _on_page_events(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=act)


def _on_note(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    _note(pdf, A=act)


def _on_note_events(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    _note(pdf, AA=Dictionary(E=pdf.make_indirect(act)))


def _on_unknown_key(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    _note(pdf, NA=act, PA=act, Zz=Array([Array([act])]))


def _in_outline(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    item = pdf.make_indirect(Dictionary(Title=TEXT, A=act))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def _in_names(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([TEXT, act])), Renditions=Dictionary(Names=Array([TEXT, act])))


def _in_field(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    appearance = pdf.make_stream(b"0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), A=act)
    field = Dictionary(Subtype=Name.Widget, FT=Name.Btn, T=TEXT, Rect=Array([0, 0, 9, 9]), A=act, AA=Dictionary(K=act))
    field.AP = Dictionary(N=appearance)
    widget = pdf.make_indirect(field)
    pdf.pages[0].obj.Annots = Array([widget])
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), CO=Array([widget]), XFA=pdf.make_stream(MARK))


def _in_state(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.pages[0].obj.Resources.ExtGState = Dictionary(G0=Dictionary(CA=1, HT=act, TR2=act, Zz=act, SMask=act))


def _in_font(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=act, Zz=act, FontDescriptor=act)
    pdf.pages[0].obj.Resources.Font = Dictionary(F0=font, F1=act)


def _in_picture(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    picture = pdf.make_stream(jpeg(), Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=8, ColorSpace=Name.DeviceRGB)
    picture.Filter = Name.DCTDecode
    picture.OPI, picture.Alternates, picture.Metadata, picture.A = act, Array([act]), act, act
    pdf.pages[0].obj.Resources.XObject = Dictionary(Im0=picture, Im1=act)


def _in_form(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    form = pdf.make_stream(b"q Q", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Ref=act, PieceInfo=act, PS=act, Group=act)
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=form)


def _in_resources(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    resources = pdf.pages[0].obj.Resources
    resources.Properties = Dictionary(P0=act, P1=Dictionary(Type=Name.OCG, Name="layer", Usage=act, A=act))
    resources.Pattern = Dictionary(P0=act)
    resources.Shading = Dictionary(S0=act)
    resources.ColorSpace = Dictionary(C0=act, C1=Array([Name.DeviceN, Array([]), Name.DeviceRGB, act, act]))
    resources.Zz = act


def _in_layers(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="layer", Usage=act, Intent=act))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(AS=Array([act]), Order=Array([layer, act]), A=act), A=act
    )


def _in_trailer(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.trailer.A = pdf.make_indirect(act)
    pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=TEXT, Author=TEXT, A=act))


def _unreferenced(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.trailer.Zz = Array([pdf.make_indirect(Dictionary(Kept=pdf.make_indirect(act)))])


def _in_page(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    page = pdf.pages[0].obj
    page.A, page.Trans, page.PresSteps, page.PieceInfo, page.B = act, act, act, act, Array([act])
    page.Group = act


def _in_pages(pdf: pikepdf.Pdf, act: Dictionary) -> None:
    pdf.Root.Pages.A = act
    pdf.Root.Pages.Resources = Dictionary(Zz=act)


PLACES: dict[str, Callable[[pikepdf.Pdf, Dictionary], None]] = {
    each.__name__[1:].replace("_", " "): each
    for each in (
        *(
            _on_root,
            _on_root_events,
            _on_page_events,
            _on_note,
            _on_note_events,
            _on_unknown_key,
            _in_outline,
            _in_names,
            _in_field,
        ),
        *(_in_state, _in_font, _in_picture, _in_form, _in_resources, _in_layers, _in_trailer, _unreferenced, _in_page, _in_pages),
    )
}


def document(change: Callable[[pikepdf.Pdf], object]) -> Made:
    """A PDF of one page, changed."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 200))
        pdf.pages[0].obj.Resources = Dictionary()
        pdf.pages[0].obj.Contents = pdf.make_stream(b"0 0 1 rg 10 10 100 100 re f")
        change(pdf)
        pdf.save(out)
    return "carrier.pdf", out.getvalue()


def with_action(kind: str, place: str) -> Made:
    return document(lambda pdf: PLACES[place](pdf, action(kind)))


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[TEXT] = MARK


def _orphan_attachment(pdf: pikepdf.Pdf) -> None:
    inside = pdf.make_stream(MARK, Type=Name.EmbeddedFile)
    pdf.Root.Zz = pdf.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary(F=inside)))
    pdf.pages[0].obj.AF = Array([pdf.Root.Zz])


def _metadata(pdf: pikepdf.Pdf) -> None:
    for holder in (pdf.Root, pdf.pages[0].obj):
        holder.Metadata = pdf.make_stream(MARK, Type=Name.Metadata, Subtype=Name.XML)


def _spider(pdf: pikepdf.Pdf) -> None:
    pdf.Root.SpiderInfo = Dictionary(V=1, C=Array([Dictionary(URL=TEXT)]))
    pdf.Root.URI = Dictionary(Base=TEXT)


def _structure(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(K=Dictionary(S=Name.P, Alt=TEXT, ActualText=TEXT)))


def _thumbnail(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Thumb = pdf.make_stream(MARK, Width=1, Height=1)


def _collection(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Collection = Dictionary(D=TEXT)
    pdf.Root.Perms, pdf.Root.Legal = Dictionary(DocMDP=Dictionary(Reason=TEXT)), Dictionary(Attestation=TEXT)


def _reference(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Ref=Dictionary(F=TEXT, Page=0))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=form)


def _postscript(pdf: pikepdf.Pdf) -> None:
    first = pdf.make_stream(MARK, Subtype=Name.PS)
    second = pdf.make_stream(b"", Subtype=Name.Form, Subtype2=Name.PS, PS=first, BBox=Array([0, 0, 9, 9]))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=first, Fm1=second)


def _external(pdf: pikepdf.Pdf) -> None:
    outside = pdf.make_stream(b"", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    outside.F, outside.FFilter = TEXT, Name.FlateDecode
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=outside)


def _photo(data: bytes, filters: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        picture = pdf.make_stream(data, Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=8, ColorSpace=Name.DeviceRGB)
        picture.Filter = filters
        pdf.pages[0].obj.Resources.XObject = Dictionary(Im0=picture)

    return change


def _behind_the_packing(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.write(zlib.compress(b"0 0 9 9 re f") + MARK, filter=Name.FlateDecode)


def _property_list(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Properties = Dictionary(P0=Dictionary(ActualText=TEXT, Metadata=pdf.make_stream(MARK)))


def _note_of(subtype: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        more = Dictionary(F=TEXT, EF=TEXT)
        note = Dictionary(
            Subtype=Name(f"/{subtype}"), Rect=Array([0, 0, 9, 9]), Contents=TEXT, RC=TEXT, FS=more, Movie=more, Sound=more
        )
        note.RichMediaContent, note["/3DD"], note.QuadPoints = more, more, Array([0, 0, 9, 9])
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def revised() -> Made:
    """What an earlier revision showed is in the file still."""
    before = raw_pdf({4: b"(" + MARK + b")"})
    return "carrier.pdf", before + b"4 0 obj\n(nothing)\nendobj\ntrailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%EOF\n"


def _scan(data: bytes, filter_: Name, shared: bytes = b"", **parms: int) -> Callable[[pikepdf.Pdf], None]:
    """A page that is a picture of one colour."""

    def change(pdf: pikepdf.Pdf) -> None:
        picture = pdf.make_stream(data, Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=1, ColorSpace=Name.DeviceGray)
        settings = Dictionary(**parms)
        if shared:
            settings.JBIG2Globals = pdf.make_stream(shared)
        picture.Filter, picture.DecodeParms = filter_, settings
        pdf.pages[0].obj.Resources.XObject = Dictionary(Im0=picture)
        pdf.pages[0].obj.Contents = pdf.make_stream(b"100 0 0 100 20 20 cm /Im0 Do")

    return change


def scan_of_fax(data: bytes, group: int = 4) -> Made:
    return document(_scan(data, Name.CCITTFaxDecode, K=-1 if group == 4 else 0, Columns=64, Rows=64))


def scan_of_jbig2(data: bytes, shared: bytes = b"") -> Made:
    return document(_scan(data, Name.JBIG2Decode, shared))


def png_with(extra: bytes, after: bytes = b"") -> Made:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20, 20, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff\0\0" * 20) * 20))
    return "carrier.png", PNG + header + extra + data + chunk(b"IEND", b"") + after


def jpeg_with(segments: bytes, after: bytes = b"") -> Made:
    return "carrier.jpg", jpeg_segments(segments, after)


def bmp_with(gap: bytes, after: bytes) -> Made:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "BMP")
    content = bytearray(out.getvalue())
    content[10:14] = struct.pack("<I", 54 + len(gap))
    return "carrier.bmp", bytes(content[:54]) + gap + bytes(content[54:]) + after


def exif() -> bytes:
    found = Image.Exif()
    found[0x010E], found[0x013B], found[0x9286] = TEXT, TEXT, TEXT
    return found.tobytes()


def second_picture() -> Made:
    """What phones append: another whole picture, with its own metadata."""
    return jpeg_with(segment(0xE2, b"MPF\0" + MARK), jpeg_segments(segment(0xFE, MARK)))


_SCRIPT = b"<script>" + MARK + b"</script>"
CARRIERS: dict[str, Callable[[], Made]] = {
    **{f"pdf, {kind} {place}": partial(with_action, kind, place) for kind in ACTIONS for place in PLACES},
    "pdf, attachment": partial(document, _attachment),
    "pdf, orphan attachment": partial(document, _orphan_attachment),
    "pdf, XMP": partial(document, _metadata),
    "pdf, spider info": partial(document, _spider),
    "pdf, structure": partial(document, _structure),
    "pdf, thumbnail": partial(document, _thumbnail),
    "pdf, collection": partial(document, _collection),
    "pdf, reference": partial(document, _reference),
    "pdf, PostScript": partial(document, _postscript),
    "pdf, external stream": partial(document, _external),
    "pdf, behind the packing": partial(document, _behind_the_packing),
    "pdf, property list": partial(document, _property_list),
    "pdf, behind the end": lambda: ("carrier.pdf", raw_pdf({}) + _SCRIPT),
    "pdf, before the objects": lambda: ("carrier.pdf", raw_pdf({}).replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + _SCRIPT + b"\n")),
    "pdf, earlier revision": revised,
    **{
        f"pdf, photo with {name}": partial(document, _photo(jpeg_segments(data), Name.DCTDecode))
        for name, data in {
            "EXIF": segment(0xE1, b"Exif\0\0" + exif()),
            "XMP": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + MARK),
            "a comment": segment(0xFE, MARK),
            "a profile": segment(0xE2, b"ICC_PROFILE\0\1\1" + MARK),
            "a long Adobe segment": segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + MARK),
        }.items()
    },
    "pdf, photo with something behind": partial(document, _photo(jpeg() + MARK, Name.DCTDecode)),
    "pdf, packed photo with EXIF": partial(
        document,
        _photo(zlib.compress(jpeg_segments(segment(0xE1, b"Exif\0\0" + exif()))), Array([Name.FlateDecode, Name.DCTDecode])),
    ),
    **{f"pdf, JPEG 2000 with {name}": partial(document, _photo(data, Name.JPXDecode)) for name, data in scans.jpx_pictures(MARK)},
    **{f"pdf, JBIG2 with {name}": partial(scan_of_jbig2, data) for name, data in scans.jbig2_pictures(MARK)},
    "pdf, JBIG2 with shared segments and a comment": lambda: scan_of_jbig2(
        scans.jbig2(), scans.jbig2_shared() + scans.jbig2_segment(9, 62, MARK, page=0) + MARK
    ),
    "pdf, JBIG2 with shared segments that are a comment": lambda: scan_of_jbig2(
        scans.jbig2(), scans.jbig2_segment(9, 62, MARK, page=0)
    ),
    **{
        f"pdf, fax with text behind, moved by {bits}": partial(scan_of_fax, scans.shifted(scans.fax(), bits) + MARK)
        for bits in range(8)
    },
    "pdf, fax of group 3 with text behind": lambda: scan_of_fax(scans.fax("group3") + scans.END_OF_LINES + MARK, group=3),
    **{
        f"pdf, note {subtype}": partial(document, _note_of(subtype))
        for subtype in (
            *(
                "Text",
                "FreeText",
                "FileAttachment",
                "Movie",
                "Sound",
                "Screen",
                "RichMedia",
                "3D",
                "Popup",
                "Highlight",
                "Watermark",
            ),
            *("Redact", "Projection", "PrinterMark", "TrapNet", "Stamp", "Ink", "Caret", "NotYetInvented"),
        )
    },
    **{
        f"jpeg, {name}": partial(jpeg_with, data)
        for name, data in {
            "comment": segment(0xFE, MARK),
            "EXIF": segment(0xE1, b"Exif\0\0" + exif()),
            "XMP": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + MARK + b"</x>"),
            "extended XMP": segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + MARK),
            "profile": segment(0xE2, b"ICC_PROFILE\0\1\1" + MARK * 20),
            "Photoshop": segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(MARK)) + MARK + b"\0"),
            "JFXX thumbnail": segment(0xE0, b"JFXX\0\x10" + MARK),
            **{f"APP{n}": segment(0xE0 + n, MARK) for n in range(3, 16)},
            "many comments": segment(0xFE, MARK) * 300,
        }.items()
    },
    "jpeg, script behind": partial(jpeg_with, b"", _SCRIPT),
    "jpeg, archive behind": partial(jpeg_with, b"", b"PK\x03\x04" + MARK),
    "jpeg, second picture": second_picture,
    **{
        f"png, {name.decode()}": partial(png_with, chunk(name, data))
        for name, data in {
            b"tEXt": b"Comment\0" + MARK,
            b"zTXt": b"Comment\0\0" + zlib.compress(MARK),
            b"iTXt": b"XML:com.adobe.xmp\0\0\0\0\0" + MARK,
            b"eXIf": exif()[6:],
            b"iCCP": b"profile\0\0" + zlib.compress(MARK * 20),
            b"sPLT": MARK + b"\0\x08",
            b"kiLR": MARK,
            b"caBX": MARK,
            b"dSIG": MARK,
        }.items()
    },
    "png, script behind": partial(png_with, b"", _SCRIPT),
    "bmp, behind": partial(bmp_with, b"", _SCRIPT),
    "bmp, between": partial(bmp_with, _SCRIPT + bytes(16 - len(_SCRIPT) % 4), b""),
}
