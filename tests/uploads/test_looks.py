"""What a page shows it shows still, pixel for pixel: poppler draws each file before and after it was cleaned."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops
from weasyprint import HTML

from portal.uploads.decoder.documents import clean_pdf
from tests.hostile_files import scans
from tests.hostile_files.carriers import document, scan_of_fax, scan_of_jbig2
from tests.hostile_files.parts import jpeg


def drawn(content: bytes, folder: Path) -> list[Image.Image]:
    """The pages, at 60 dots per inch."""
    folder.mkdir()
    (folder / "a.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "60", "-png", folder / "a.pdf", folder / "page"], check=True, capture_output=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png"))]


def assert_looks_the_same(content: bytes, tmp_path: Path) -> None:
    before, after = drawn(content, tmp_path / "before"), drawn(clean_pdf(content), tmp_path / "after")
    assert len(before) == len(after) > 0
    for old, new in zip(before, after, strict=True):
        assert old.size == new.size
        assert len(old.getcolors(old.width * old.height) or []) > 1  # something is drawn
        assert ImageChops.difference(old, new).getbbox() is None


def _picture(data: bytes, filters: Name, **more: object) -> Callable[[pikepdf.Pdf], None]:
    def change(new: pikepdf.Pdf) -> None:
        picture = new.make_stream(
            data, Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=8, ColorSpace=Name.DeviceRGB, **more
        )
        picture.Filter = filters
        new.pages[0].obj.Resources.XObject = Dictionary(Im0=picture)
        new.pages[0].obj.Contents = new.make_stream(b"100 0 0 100 20 20 cm /Im0 Do")

    return change


def _masked(new: pikepdf.Pdf) -> None:
    mask = new.make_stream(
        bytes(range(64)) * 64, Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )
    _picture(jpeg(), Name.DCTDecode, SMask=mask)(new)


def _filled_form(new: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    shown = new.make_stream(
        b"/Tx BMC BT /F0 12 Tf 2 4 Td (ENROLLED) Tj ET EMC",
        Subtype=Name.Form,
        BBox=Array([0, 0, 100, 20]),
        Resources=Dictionary(Font=Dictionary(F0=font)),
    )
    ticked = new.make_stream(b"0 0 10 10 re f", Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
    notes = [
        Dictionary(
            Subtype=Name.Widget, FT=Name.Tx, T="name", V="ENROLLED", F=4, Rect=Array([20, 20, 120, 40]), AP=Dictionary(N=shown)
        ),
        Dictionary(
            Subtype=Name.Widget,
            FT=Name.Btn,
            T="tick",
            F=4,
            AS=Name.Yes,
            Rect=Array([20, 60, 30, 70]),
            AP=Dictionary(N=Dictionary(Yes=ticked)),
        ),
        Dictionary(Subtype=Name.Stamp, F=4, Rect=Array([20, 100, 30, 110]), AP=Dictionary(N=ticked)),
        Dictionary(Subtype=Name.Widget, FT=Name.Btn, T="hidden", F=2, Rect=Array([200, 60, 230, 90]), AP=Dictionary(N=ticked)),
    ]
    widgets = Array([new.make_indirect(note) for note in notes])
    new.pages[0].obj.Annots = widgets
    new.Root.AcroForm = Dictionary(Fields=widgets, NeedAppearances=False, DR=Dictionary(Font=Dictionary(F0=font)))


def _hidden_layer(new: pikepdf.Pdf) -> None:
    layers = [new.make_indirect(Dictionary(Type=Name.OCG, Name=each)) for each in ("shown", "hidden")]
    new.Root.OCProperties = Dictionary(OCGs=Array(layers), D=Dictionary(ON=Array(layers[:1]), OFF=Array(layers[1:])))
    new.pages[0].obj.Resources.Properties = Dictionary(A=layers[0], B=layers[1])
    new.pages[0].obj.Contents = new.make_stream(b"/OC /A BDC 0 0 50 50 re f EMC /OC /B BDC 1 0 0 rg 60 60 50 50 re f EMC")


def _colours(new: pikepdf.Pdf) -> None:
    curve = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 0, 0]), N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 300, 0]), Function=curve)
    tile = new.make_stream(
        b"0 0 1 rg 0 0 5 5 re f",
        PatternType=1,
        PaintType=1,
        TilingType=1,
        BBox=Array([0, 0, 10, 10]),
        XStep=10,
        YStep=10,
        Resources=Dictionary(),
    )
    resources = new.pages[0].obj.Resources
    resources.Shading = Dictionary(S0=shading)
    resources.Pattern = Dictionary(P0=tile)
    resources.ColorSpace = Dictionary(
        C0=Array([Name.Separation, Name.Spot, Name.DeviceRGB, curve]),
        C1=Array([Name.Indexed, Name.DeviceRGB, 1, b"\xff\0\0\0\xff\0"]),
    )
    resources.ExtGState = Dictionary(G0=Dictionary(Type=Name.ExtGState, ca=0.5, BM=Name.Multiply))
    new.pages[0].obj.Contents = new.make_stream(
        b"/S0 sh /Pattern cs /P0 scn 20 20 60 60 re f /C0 cs 0.5 scn 100 20 60 60 re f /C1 cs 1 scn /G0 gs 180 20 60 60 re f"
    )


def _inherited(new: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman"))
    page = new.pages[0].obj
    new.Root.Pages.Resources = Dictionary(Font=Dictionary(F0=font))
    new.Root.Pages.MediaBox, new.Root.Pages.Rotate = Array([0, 0, 200, 300]), 90
    del page.Resources, page.MediaBox
    page.Contents = Array([new.make_stream(b"BT /F0 20 Tf"), new.make_stream(b"20 20 Td (TWO STREAMS) Tj ET")])


def _drawn_font(new: pikepdf.Pdf) -> None:
    glyph = new.make_stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 750, 750]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(square=glyph),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.square])),
        FirstChar=97,
        LastChar=97,
        Widths=Array([1000]),
        Resources=Dictionary(),
    )
    new.pages[0].obj.Resources.Font = Dictionary(F0=font)
    new.pages[0].obj.Contents = new.make_stream(b"BT /F0 40 Tf 20 20 Td (aaa) Tj ET BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI")


def _palette(new: pikepdf.Pdf) -> None:
    """Its own colours, for there is no colour space in the document."""
    _picture(scans.jp2_with_palette(), Name.JPXDecode)(new)
    del new.pages[0].obj.Resources.XObject.Im0.ColorSpace


COMMENT = scans.marker(0xFF64, b"\0\1a comment")
CASES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "a photo": _picture(jpeg(), Name.DCTDecode),
    "a JPEG 2000": _picture(scans.jp2(), Name.JPXDecode),
    "a JPEG 2000 with comments": _picture(scans.jp2(stream=scans.codestream(tile=COMMENT, main=COMMENT)), Name.JPXDecode),
    "a JPEG 2000 with an open tile": _picture(scans.jp2(stream=scans.codestream(tile=COMMENT, open_ended=True)), Name.JPXDecode),
    "a JPEG 2000 with long boxes": _picture(scans.jp2(length="long", header=scans.box(b"xml ", b"<x/>")), Name.JPXDecode),
    "a JPEG 2000 without lengths": _picture(scans.jp2(length="to the end"), Name.JPXDecode),
    "a JPEG 2000 without boxes": _picture(scans.codestream(main=COMMENT), Name.JPXDecode),
    "a JPEG 2000 with a palette": _palette,
    "a mask": _masked,
    "a filled form": _filled_form,
    "a hidden layer": _hidden_layer,
    "colours": _colours,
    "what is inherited": _inherited,
    "a drawn font": _drawn_font,
}


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_a_page_looks_the_same(change: Callable[[pikepdf.Pdf], None], tmp_path: Path) -> None:
    assert_looks_the_same(document(change)[1], tmp_path)


SCANS = {
    "fax of group 4": scan_of_fax(scans.fax()),
    "fax of group 4 with more behind": scan_of_fax(scans.fax() + b"more"),
    "fax of group 3": scan_of_fax(scans.fax("group3"), group=3),
    "fax of group 3 with an end": scan_of_fax(scans.fax("group3") + scans.END_OF_LINES + b"more", group=3),
    "JBIG2": scan_of_jbig2(scans.jbig2()),
    "JBIG2 of unknown length": scan_of_jbig2(scans.jbig2(region=scans.unknown_length())),
    "JBIG2 with an end": scan_of_jbig2(scans.jbig2(behind=scans.jbig2_segment(4, 49, b"") + b"more")),
    "JBIG2 with a comment": scan_of_jbig2(scans.jbig2(between=scans.jbig2_segment(2, 62, b"a comment"))),
    "JBIG2 of shared patterns": scan_of_jbig2(scans.jbig2(region=scans.halftone()), scans.jbig2_shared()),
}


@pytest.mark.parametrize("scan", SCANS.values(), ids=SCANS)
def test_a_scan_looks_the_same(scan: tuple[str, bytes], tmp_path: Path) -> None:
    assert_looks_the_same(scan[1], tmp_path)


def test_a_scan_made_by_pillow_looks_the_same(tmp_path: Path) -> None:
    out = io.BytesIO()
    first, second = Image.effect_noise((400, 300), 60).convert("RGB"), Image.effect_noise((300, 400), 60).convert("1")
    first.save(out, "PDF", save_all=True, append_images=[second])
    assert_looks_the_same(out.getvalue(), tmp_path)


def test_a_document_with_embedded_fonts_looks_the_same(tmp_path: Path) -> None:
    page = '<html lang="zh-Hant"><title>x</title><h1>在學證明 CERTIFICATE</h1><p style="color: red"><a href="https://a.example">王小明</a>'
    content: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    assert_looks_the_same(content, tmp_path)


def _undrawn_form(new: pikepdf.Pdf) -> None:
    """A program filled it in and left the drawing to the reader."""
    _filled_form(new)
    for note in new.pages[0].obj.Annots:
        if note.get("/V") is not None:
            del note.AP
            note.DA = b"/F0 12 Tf 0 g"
    new.Root.AcroForm.NeedAppearances = True


def test_what_was_filled_in_is_read_though_nothing_was_drawn(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(clean_pdf(document(_undrawn_form)[1]))
    assert b"ENROLLED" in subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], check=True, capture_output=True).stdout
