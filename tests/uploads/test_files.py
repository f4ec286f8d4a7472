"""Uploads: every one of the problems with a real file, and everything that must not survive cleaning."""

import io
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageDraw, ImageFile, ImageOps, PngImagePlugin
from pytest_django.fixtures import Settings

from portal.uploads.decoder.portraits import printed_part
from portal.uploads.decoder.problems import FileWarning
from portal.uploads.file_problems import MESSAGES, FileProblem, FileRefused
from portal.uploads.files import CleanFile, clean_name, clean_upload, kept_bytes, most_bytes

ORIENTATION = 0x0112


def picture(size: tuple[int, int] = (600, 800), *, form: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A picture whose top left quarter is red."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    return encoded(image.convert(mode), form, **options)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def noise(size: tuple[int, int]) -> bytes:
    """The hardest thing to shrink."""
    return encoded(Image.effect_noise(size, 120).convert("RGB"), "JPEG", quality=95)


def document(pages: int = 1, **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(out, **options)
    return out.getvalue()


def clean(name: str, content: bytes, *, photo: bool = False) -> CleanFile:
    return clean_upload(SimpleUploadedFile(name, content), photo=photo, sender=1)


def problem(name: str, content: bytes, *, photo: bool = False) -> FileProblem:
    with pytest.raises(FileRefused) as refused:
        clean(name, content, photo=photo)
    return refused.value.reason


def opened(cleaned: CleanFile) -> Image.Image:
    return Image.open(io.BytesIO(cleaned.content), formats=["JPEG"])


# What is taken


@pytest.mark.parametrize(("name", "form"), [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.png", "PNG"), ("a.bmp", "BMP")])
def test_each_picture_format_becomes_a_jpeg_of_the_same_size(name: str, form: str) -> None:
    cleaned = clean(name, picture(form=form))
    assert (cleaned.content_type, cleaned.extension, cleaned.original_name) == ("image/jpeg", ".jpg", name)
    assert opened(cleaned).size == (600, 800)


def test_a_pdf_stays_a_pdf_with_its_pages() -> None:
    cleaned = clean("在學證明.pdf", document(20))
    assert (cleaned.content_type, cleaned.extension, cleaned.original_name) == ("application/pdf", ".pdf", "在學證明.pdf")
    with pikepdf.open(io.BytesIO(cleaned.content)) as pdf:
        assert len(pdf.pages) == 20


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_every_colour_mode_is_read(mode: str) -> None:
    cleaned = (
        clean("a.jpg", picture(form="JPEG", mode=mode)) if mode == "CMYK" else clean("a.png", picture(form="PNG", mode=mode))
    )
    assert opened(cleaned).mode in ("L", "RGB")


def test_what_is_transparent_becomes_white() -> None:
    cleaned = clean("a.png", encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert opened(cleaned).getpixel((25, 25)) == (255, 255, 255)


def test_a_16_bit_grey_scan_keeps_its_greys() -> None:
    cleaned = clean("scan.png", encoded(Image.new("I;16", (50, 50), 128 * 256), "PNG"))
    assert opened(cleaned).getpixel((25, 25)) in range(126, 131)


# What is stripped


def test_orientation_is_applied_and_exif_is_gone() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held upright: turn a quarter clockwise
    exif[0x010F] = "SECRETCAMERA"
    cleaned = clean("a.jpg", picture((800, 600), exif=exif.tobytes()))
    upright = opened(cleaned)
    assert upright.size == (600, 800)
    assert upright.getpixel((590, 10))[1] < 60  # red was top left, is now top right
    assert upright.getpixel((10, 10))[1] > 200
    assert not upright.getexif()
    assert b"SECRETCAMERA" not in cleaned.content


def test_text_written_into_a_png_is_gone() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Location", "25.03N 121.56E")
    assert b"121.56E" not in clean("a.png", picture(form="PNG", pnginfo=said)).content


def test_what_was_appended_to_a_picture_is_gone() -> None:
    assert b"<script>" not in clean("a.jpg", picture() + b"<script>alert(1)</script>").content


def test_what_was_appended_to_a_pdf_is_gone() -> None:
    assert b"<script>" not in clean("a.pdf", document() + b"<script>alert(1)</script>").content


# What is shrunk


def test_a_big_photograph_is_shrunk_below_512_kb() -> None:
    cleaned = clean("big.jpg", noise((3000, 2250)))
    assert len(cleaned.content) <= 512 * 1024
    assert opened(cleaned).width * 3 == pytest.approx(opened(cleaned).height * 4, rel=0.01)


def test_a_page_of_text_keeps_enough_pixels_to_be_read() -> None:
    page = Image.new("L", (4960, 7016), "white")
    for line in range(150, 6800, 150):
        ImageDraw.Draw(page).text((100, line), "certificate of enrolment " * 5, fill="black", font_size=80)
    cleaned = clean("scan.png", encoded(page, "PNG"))
    assert opened(cleaned).height == 2400
    assert len(cleaned.content) <= 512 * 1024


def test_a_photo_never_falls_below_413_by_531() -> None:
    cleaned = clean("me.jpg", noise((1200, 1543)), photo=True)
    assert len(cleaned.content) <= 512 * 1024
    assert opened(cleaned).width >= 413
    assert opened(cleaned).height >= 531
    assert FileWarning.SMALL_PHOTO not in cleaned.warnings


@pytest.mark.parametrize(
    ("size", "is_small", "kept"),
    [
        ((413, 531), False, (413, 531)),
        ((412, 531), True, (412, 530)),
        ((413, 530), True, (412, 530)),
        ((1200, 900), False, (700, 900)),
        ((900, 1200), False, (900, 1157)),
    ],
)
def test_a_photo_is_cut_to_what_is_printed_and_warned_of_too_few_pixels(
    size: tuple[int, int], is_small: bool, kept: tuple[int, int]
) -> None:
    cleaned = clean("me.jpg", picture(size), photo=True)
    assert (FileWarning.SMALL_PHOTO in cleaned.warnings, opened(cleaned).size) == (is_small, kept)


@pytest.mark.parametrize(("size", "is_small"), [((250, 200), True), ((599, 599), True), ((600, 200), False), ((200, 600), False)])
def test_a_document_of_too_few_pixels_is_taken_with_a_warning(size: tuple[int, int], is_small: bool) -> None:
    cleaned = clean("card.jpg", picture(size))
    assert (FileWarning.SMALL_DOCUMENT in cleaned.warnings) is is_small
    assert FileWarning.SMALL_PHOTO not in cleaned.warnings


@pytest.mark.parametrize("size", [(826, 1062), (1000, 700), (700, 1000), (640, 640)])
def test_the_cut_photo_is_printed_as_the_whole_one_would_have_been(size: tuple[int, int]) -> None:
    """By ImageOps.fit, as portal.downloads.papers does."""
    across = Image.linear_gradient("L").resize(size)
    whole = Image.merge("RGB", [across, across.rotate(180), Image.linear_gradient("L").rotate(90).resize(size)])
    fitted, cut = (ImageOps.fit(each, (413, 531)) for each in (whole, printed_part(whole)))
    assert max(high for _low, high in ImageChops.difference(fitted, cut).getextrema()) <= 2


def test_the_size_of_a_photo_is_judged_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 8
    assert FileWarning.SMALL_PHOTO not in clean("me.jpg", picture((531, 413), exif=exif.tobytes()), photo=True).warnings
    assert FileWarning.SMALL_PHOTO in clean("me.jpg", picture((531, 413)), photo=True).warnings


# What is refused


def test_every_problem_has_a_message_of_its_own() -> None:
    assert len(set(map(str, MESSAGES.values()))) == len(FileProblem) == 10


@pytest.mark.parametrize("name", ["a.gif", "a.txt", "a", "a.jpg.exe", ".jpg", "a.pdf", "a.png", "a.heic"])
def test_wrong_type_extension_and_content_must_agree(name: str) -> None:
    assert problem(name, picture()) is FileProblem.WRONG_TYPE


@pytest.mark.parametrize("content", [b"GIF89a" + b"0" * 100, b"<svg xmlns=''/>", b"MZ" + b"0" * 100, b"x" * 1025 + b"%PDF"])
def test_wrong_type_whatever_the_extension_says(content: bytes) -> None:
    assert {problem(f"a.{ending}", content) for ending in ("jpg", "png", "bmp", "heic", "pdf")} == {FileProblem.WRONG_TYPE}


def test_wrong_type_a_photo_is_no_pdf() -> None:
    with pytest.raises(FileRefused) as refused:
        clean("me.pdf", document(), photo=True)
    assert str(refused.value.message) == "檔案格式不符，照片請上傳 JPG、JPEG、PNG、BMP 或 HEIC 圖檔，且副檔名須與內容相同"


@pytest.mark.parametrize(("name", "setting"), [("a.jpg", "UPLOAD_PICTURE_BYTES"), ("a.pdf", "UPLOAD_MAX_BYTES")])
def test_too_big_in_bytes(name: str, setting: str, settings: Settings) -> None:
    content = document() if name == "a.pdf" else picture()
    setattr(settings, setting, len(content))
    assert clean(name, content).original_name == name
    setattr(settings, setting, len(content) - 1)
    assert problem(name, content) is FileProblem.TOO_BIG


def test_a_picture_may_have_25_megabytes_and_a_pdf_10() -> None:
    assert (most_bytes("a.jpg"), most_bytes("a.HEIC"), most_bytes("a．ＰＤＦ")) == (25 << 20, 25 << 20, 10 << 20)
    assert (kept_bytes("a.jpg", 25 << 20), kept_bytes("a.jpg", 7), kept_bytes("a.pdf", 10 << 20)) == (1 << 20, 7, 10 << 20)
    assert str(MESSAGES[FileProblem.TOO_BIG]) == "檔案太大，圖片不得超過 25 MB，PDF 檔不得超過 10 MB，請縮小後再上傳"


@pytest.mark.parametrize("size", [(52_001, 1000), (10_000, 10_000), (30_000, 30_000)])
def test_too_big_in_pixels_is_refused_before_decoding(size: tuple[int, int]) -> None:
    bomb = bytearray(encoded(Image.new("1", (1, 1)), "PNG"))
    bomb[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")

    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    with pytest.raises(FileRefused) as refused:
        clean("bomb.png", bytes(bomb))
    assert str(refused.value.message) == "圖片太大，不得超過 5,200 萬像素，請縮小後再上傳"


def test_too_big_in_pages() -> None:
    with pytest.raises(FileRefused) as refused:
        clean("a.pdf", document(21))
    assert refused.value.reason is FileProblem.TOO_BIG
    assert str(refused.value.message) == "檔案頁數太多，不得超過 20 頁，請分成幾個檔案或刪除不需要的頁面後再上傳"


def test_empty() -> None:
    assert problem("a.jpg", b"") is FileProblem.EMPTY


@pytest.mark.parametrize(("name", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.bmp", "BMP")])
@pytest.mark.parametrize("keep", [0.02, 0.5, 0.9])
def test_damaged_a_picture_cut_short(name: str, form: str, keep: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    whole = noise((300, 300)) if form == "JPEG" else encoded(Image.effect_noise((300, 300), 90), form)
    assert problem(name, whole[: int(len(whole) * keep)]) is FileProblem.DAMAGED


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\nnothing of the sort\n%%EOF", document(0)])
def test_damaged_a_pdf_without_pages(content: bytes) -> None:
    assert problem("a.pdf", content) is FileProblem.DAMAGED


def test_password_protected() -> None:
    locked = document(encryption=pikepdf.Encryption(owner="owner", user="secret"))
    assert problem("a.pdf", locked) is FileProblem.PASSWORD_PROTECTED


# What a PDF may not carry


def active_pdf() -> bytes:
    """Everything that a PDF can do besides being read."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('RUNME')")
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page().obj
        pdf.attachments["virus.exe"] = b"MZATTACHED"
        pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary(script))
        pdf.Root.AA = pikepdf.Dictionary(WC=script)
        pdf.Root.Names.JavaScript = pikepdf.Dictionary(Names=pikepdf.Array(["run", pikepdf.Dictionary(script)]))
        pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp>XFAFORM</xdp>"), Fields=pikepdf.Array([]))
        page.AA = pikepdf.Dictionary(O=script)
        actions = [
            script,
            pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd-LAUNCHED.exe"),
            pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://evil.example/URITARGET"),
            pikepdf.Dictionary(S=pikepdf.Name.GoToR, F="REMOTEFILE.pdf"),
            pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://evil.example/SUBMITTED"),
            pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([page, pikepdf.Name.Fit]), Next=script),
        ]
        notes = [pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action) for action in actions]
        notes.append(pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], Contents="PINNEDFILE"))
        page.Annots = pikepdf.Array([pdf.make_indirect(note) for note in notes])
        outside = pdf.make_stream(b"")
        outside.F = "https://evil.example/STREAMED"
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=outside))
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def test_scripts_launches_attachments_and_references_are_removed() -> None:
    wanted = b"RUNME ATTACHED XFAFORM LAUNCHED URITARGET REMOTEFILE SUBMITTED PINNEDFILE STREAMED".split()
    before = active_pdf()
    assert [word for word in wanted if word in before] == wanted
    with pikepdf.open(io.BytesIO(clean("a.pdf", before).content)) as pdf:
        plain = io.BytesIO()
        pdf.save(plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert "/Annots" not in pdf.pages[0].obj  # links too: what a page shows stays, what it does goes
        assert len(pdf.attachments) == 0
    assert [word for word in wanted if word in plain.getvalue()] == []


def test_a_harmless_pdf_keeps_its_text() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_stream(b"BT (ENROLLED) Tj ET")
        pdf.save(out)
    with pikepdf.open(io.BytesIO(clean("a.pdf", out.getvalue()).content)) as pdf:
        assert pdf.pages[0].obj.Contents.read_bytes() == b"BT (ENROLLED) Tj ET"


# What the file is called


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\scans\\證件.JPG", "證件.JPG"),
        ("a\u202egpj.exe\x00.pdf", "agpj.exe.pdf"),
        ("x" * 400 + ".jpeg", "x" * 250 + ".jpeg"),
    ],
)
def test_the_original_name_is_plain_text(given: str, kept: str) -> None:
    assert clean_name(given) == kept
