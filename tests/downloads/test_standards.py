"""PDF/A-2a and PDF/UA-1, as far as it can be read from the files: metadata, structure, fonts, size, and what is seen."""

import random
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageStat

from portal.accounts.models import User
from portal.cases.models import Case
from portal.downloads import operations
from portal.downloads.models import IssuedDocument
from portal.payments.models import Receipt
from portal.pdf.characters import undrawable
from tests import papers as read
from tests.factories import cases

from .conftest import photo
from .test_permit import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CODE = "7KQ2M9XWHT4VBZ8RD6NP"
REFERENCES = Path(__file__).parent / "references"


@pytest.fixture(params=["permit", "receipt"])
def paper(request: pytest.FixtureRequest, receipt: Receipt, case: Case) -> bytes:
    """Always the same one: its code is not drawn by lot."""
    IssuedDocument.objects.all().delete()
    if request.param == "permit":
        IssuedDocument.objects.create(kind="permit", number=case.case_no, case=case, verification_code=CODE)
        return content_of(operations.issue_permit(case))
    IssuedDocument.objects.create(kind="receipt", number=receipt.number, receipt=receipt, verification_code=CODE)
    return content_of(operations.issue_receipt(receipt))


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """The structure tree below a node, in reading order."""
    below = node.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def test_both_standards_are_named(paper: bytes) -> None:
    with pikepdf.open(BytesIO(paper)) as made:
        written = made.Root.Metadata.read_bytes().decode()
        meta = made.open_metadata()
        named = meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]
        (intent,) = made.Root.OutputIntents

        assert named == ("2", "A", "1")
        assert "http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in written
        assert intent["/S"] == "/GTS_PDFA1"
        assert made.Root.Lang == "zh-Hant"
        assert made.Root.MarkInfo.Marked is True
        assert made.Root.ViewerPreferences.DisplayDocTitle is True
        assert made.docinfo["/Author"] == "內政部移民署"
        assert str(made.docinfo["/Title"]).split()[1] in {"115150000018", "R115-000001"}
        assert len(made.trailer["/ID"]) == 2
        assert not made.is_encrypted


def test_the_signature_breaks_neither(paper: bytes) -> None:
    """PDF/A: its widget is to be printed, and not hidden. PDF/UA: it is off the page, and the page has an order of tabs."""
    with pikepdf.open(BytesIO(paper)) as made:
        (page,) = made.pages
        (widget,) = page.Annots

        assert widget["/F"] & 0b100111 == 0b100
        assert all(float(edge) < 0 for edge in widget["/Rect"])
        assert page.Tabs == "/S"


def test_nothing_that_pdf_a_forbids(paper: bytes) -> None:
    with pikepdf.open(BytesIO(paper)) as made:
        for each in made.objects:
            if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
                assert not {"/JavaScript", "/JS", "/Launch", "/EF", "/OPI", "/Ref"} & set(each.keys())
                assert each.get("/Filter") not in {"/LZWDecode", "/Crypt"}
                assert not each.get("/Interpolate", False)
        assert "/Names" not in made.Root or "/EmbeddedFiles" not in made.Root.Names
        assert "/OpenAction" not in made.Root


def test_the_structure_is_whole(paper: bytes) -> None:
    with pikepdf.open(BytesIO(paper)) as made:
        tree = list(elements(made.Root.StructTreeRoot))
        kinds = [str(each["/S"]) for each in tree]
        figures = [each for each in tree if each["/S"] == "/Figure"]
        headers = [each for each in tree if each["/S"] == "/TH"]
        cells = [each for each in tree if each["/S"] == "/TD"]
        outline = [item.title for item in made.open_outline().root]

        assert kinds.count("/H1") == 1
        assert kinds.index("/H1") < min((kinds.index(kind) for kind in ("/H2", "/Table") if kind in kinds), default=999)
        assert kinds.count("/Table") == 1
        assert headers
        assert all(each["/A"]["/Scope"] == "/Column" for each in headers)
        names = {str(each["/ID"]) for each in headers}
        assert all({str(name) for name in cell["/A"]["/Headers"]} <= names and len(cell["/A"]["/Headers"]) == 1 for cell in cells)
        assert figures
        assert all(len(str(each["/Alt"])) > 5 for each in figures)
        assert len(outline) == 1


def test_alternatives_of_pictures_say_what_they_show(case: Case) -> None:
    with pikepdf.open(BytesIO(content_of(operations.issue_permit(case)))) as made:
        said = [str(each["/Alt"]) for each in elements(made.Root.StructTreeRoot) if each["/S"] == "/Figure"]
        heads = [str(each["/S"]) for each in elements(made.Root.StructTreeRoot) if str(each["/S"]) in {"/H1", "/H2"}]

    assert said[0] == "持證人照片 Photograph of the holder"
    assert said[1] == "許可證號條碼 Permit number as a bar code: 115150000018"
    assert said[2].startswith("QR 碼，查驗網址 QR code of the address to verify at: http://localhost:8000/verify/")
    assert heads == ["/H1", "/H2", "/H2", "/H2", "/H2", "/H2"]


def test_only_subsets_are_embedded(paper: bytes) -> None:
    fonts = read.fonts(paper)
    assert fonts
    for line in fonts:
        assert line[6] == "+"
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]


def noise() -> bytes:
    """A photo as large as one can be."""
    lot = random.Random(1)  # noqa: S311  # a picture
    picture = Image.frombytes("RGB", (413, 531), lot.randbytes(413 * 531 * 3))
    out = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.mark.parametrize("picture", [photo, noise])
def test_a_quarter_of_a_megabyte_is_enough(close: Callable[..., Case], picture: Callable[[], bytes]) -> None:
    case = close(documents=[cases.document(content=picture(), content_type="image/jpeg")])

    assert len(content_of(operations.issue_permit(case))) <= 250 * 1024


@pytest.mark.parametrize("name", ["歐陽䶮", "李堃", "張𠅤", "刘晓龙"])
def test_rare_and_simplified_characters_are_on_both(close: Callable[..., Case], owner: User, name: str) -> None:
    from .conftest import pay

    case = close(answers={**cases.ANSWERS, "chinese_name": name})
    receipt = pay(case)

    assert undrawable(name) == []
    assert name in read.text(content_of(operations.issue_permit(case)))
    assert name in read.text(content_of(operations.issue_receipt(receipt)))


def test_machines_read_it_from_a_grey_print_at_150_dpi(paper: bytes) -> None:
    image = Image.open(BytesIO(read.pixels(paper, dpi=150))).convert("L")

    found = {code.format: code.text for code in zxingcpp.read_barcodes(image)}

    assert found[zxingcpp.BarcodeFormat.QRCode] == f"http://localhost:8000/verify/{CODE}/"
    assert found.get(zxingcpp.BarcodeFormat.Code39, "115150000018") == "115150000018"
    assert (zxingcpp.BarcodeFormat.Code39 in found) is (image.height > image.width)


def test_the_code_stands_in_groups_that_never_wrap(paper: bytes) -> None:
    assert all(group in read.text(paper).split() for group in ("7KQ2M", "9XWHT", "4VBZ8", "RD6NP"))


# -- what is seen -------------------------------------------------------------------------------------


def seen(paper: bytes) -> Image.Image:
    return Image.open(BytesIO(read.pixels(paper, dpi=50))).convert("L")


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """The mean and the largest difference, of 255, of two pictures seen from so far that no hair counts."""
    far = [picture.filter(ImageFilter.BoxBlur(3)) for picture in (one, other)]
    apart = ImageChops.difference(*far)
    return ImageStat.Stat(apart).mean[0], apart.getextrema()[1]


def name_of(paper: bytes) -> str:
    return "permit" if "許可證號" in read.text(paper) else "receipt"


def test_it_looks_as_the_reference_picture_does(paper: bytes, tmp_path: Path) -> None:
    """To take another look for the right one, copy the picture that the failure names over the reference."""
    now = seen(paper)
    now.save(tmp_path / "now.png", optimize=True)
    reference = Image.open(REFERENCES / f"{name_of(paper)}.png")

    assert now.size == reference.size
    mean, most = difference(now, reference)

    assert mean < 1, tmp_path / "now.png"
    assert most < 40, tmp_path / "now.png"


def test_a_block_that_moved_is_seen(paper: bytes) -> None:
    reference = Image.open(REFERENCES / f"{name_of(paper)}.png")
    moved = reference.copy()
    box = (20, 60, 200, 120)
    moved.paste(255, box)
    moved.paste(reference.crop(box), (20, 66))

    assert difference(reference, moved)[1] > 40


def test_a_setting_removes_the_mark_of_a_sample(case: Case, settings: object) -> None:
    settings.DOCUMENT_SAMPLE = False  # type: ignore[attr-defined]

    text = read.text(content_of(operations.issue_permit(case)))

    assert "SAMPLE" not in text
    assert "範例" not in text
