"""Files that are fine though odd: what programs and phones really write is taken; what is not says how to go on."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms
from pytest_django import Settings

from portal.uploads import screening
from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import CleanFile, clean_upload
from tests.hostile_files.parts import PNG, chunk, jpeg, jpeg_segments, segment

from .heic_files import heic, quarters

Make = Callable[[], bytes]


def clean(name: str, content: bytes, *, photo: bool = False) -> CleanFile:
    return clean_upload(SimpleUploadedFile(name, content), photo=photo, sender=1)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def png(*before: bytes, after: bytes = b"", colour: int = 2) -> bytes:
    """A picture of 64 x 64 with these chunks before its pixels, and this behind its end."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, colour, 0, 0, 0))
    row = b"\0" + b"\xff\0\0" * 64 if colour == 2 else b"\0" + b"\x80" * 64
    return PNG + header + b"".join(before) + chunk(b"IDAT", zlib.compress(row * 64)) + chunk(b"IEND", b"") + after


def wrong_sum(kind: bytes, body: bytes) -> bytes:
    return chunk(kind, body)[:-4] + b"\1\2\3\4"


def page(**options: object) -> bytes:
    """A PDF of one page that says ENROLLED."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page().obj.Contents = pdf.make_stream(b"BT (ENROLLED) Tj ET")
        pdf.save(out, **options)
    return out.getvalue()


def locked(user: str = "", *, strength: int = 6) -> bytes:
    modern = strength > 3
    return page(encryption=pikepdf.Encryption(owner="owner", user=user, R=strength, aes=modern, metadata=modern))


def plain(size: tuple[int, int], form: str) -> bytes:
    return encoded(Image.new("RGB", size, "red"), form)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
ICC = b"ICC_PROFILE\0\1\1"
# What is odd, the file's name, and how it is made.
TAKEN: dict[str, tuple[str, Make]] = {
    "jfif": ("在學證明.jfif", jpeg),
    "jpe": ("a.jpe", jpeg),
    "full width": ("照片．ＪＰＧ", jpeg),
    "full width characters": ("照片.ｐｎｇ", png),
    "a space behind the name": ("a.jpg ", jpeg),
    "heic": ("IMG_0001.HEIC", heic),
    "heif": ("a.heif", heic),
    "hif of a camera": ("a.hif", heic),
    "jpeg, nonsense for EXIF": ("a.jpg", lambda: jpeg_segments(segment(0xE1, b"Exif\0\0" + b"nonsense" * 9))),
    "jpeg, EXIF cut short": ("a.jpg", lambda: jpeg_segments(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x09\1\x12"))),
    "jpeg, EXIF of a wrong type": (
        "a.jpg",
        lambda: jpeg_segments(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\2\0\0\0\4abc\0\0\0\0\0")),
    ),
    "jpeg, nonsense for a profile": ("a.jpg", lambda: jpeg_segments(segment(0xE2, ICC + b"nonsense" * 20))),
    "jpeg, a part of a profile": ("a.jpg", lambda: jpeg_segments(segment(0xE2, b"ICC_PROFILE\0\2\3" + SRGB[:200]))),
    "jpeg, nonsense for several pictures": ("a.jpg", lambda: jpeg_segments(segment(0xE2, b"MPF\0" + b"nonsense" * 9))),
    "jpeg, nonsense of a program": ("a.jpg", lambda: jpeg_segments(segment(0xED, b"Photoshop 3.0\x008BIM" + b"\xff" * 9))),
    "jpeg, a comment that is no text": ("a.jpg", lambda: jpeg_segments(segment(0xFE, bytes(range(256))))),
    "jpeg, no density": ("a.jpg", lambda: jpeg_segments(segment(0xE0, b"JFIF\0\1\2\0\0\0\0\0\0\0"))),
    "jpeg, a film behind it": ("MVIMG_1.jpg", lambda: jpeg() + b"\0\0\0\x18ftypmp42" + bytes(1 << 20)),
    "jpeg, two pictures": ("a.jpg", lambda: encoded(quarters(), "MPO", save_all=True, append_images=[quarters()])),
    "jpeg of a press": ("a.jpg", lambda: encoded(quarters().convert("CMYK"), "JPEG")),
    "jpeg of 50 megapixels, 4 to 3": ("a.jpg", partial(plain, (8192, 6144), "JPEG")),
    "jpeg of 50 megapixels, 16 to 9": ("a.jpg", partial(plain, (9248, 5200), "JPEG")),
    "png of 50 megapixels": ("a.png", partial(plain, (8160, 6144), "PNG")),
    "bmp of 24 MB": ("a.bmp", partial(plain, (2900, 2900), "BMP")),
    "png, text with a wrong sum": ("a.png", lambda: png(wrong_sum(b"tEXt", b"Software\0X"))),
    "png, text that is not packed": ("a.png", lambda: png(chunk(b"zTXt", b"Comment\0\0nonsense"))),
    "png, EXIF with a wrong sum": ("a.png", lambda: png(wrong_sum(b"eXIf", b"MM\0*\0\0\0\x08\0\0\0\0\0\0"))),
    "png, nonsense for EXIF": ("a.png", lambda: png(chunk(b"eXIf", b"nonsense"))),
    "png, EXIF with a JPEG's head": ("a.png", lambda: png(chunk(b"eXIf", b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"))),
    "png, nonsense for a profile": ("a.png", lambda: png(chunk(b"iCCP", b"x\0\0nonsense"))),
    "png, a profile packed in another way": ("a.png", lambda: png(chunk(b"iCCP", b"x\0\7" + zlib.compress(SRGB)))),
    "png, a profile with a wrong sum": ("a.png", lambda: png(wrong_sum(b"iCCP", b"x\0\0" + zlib.compress(SRGB)))),
    "png, a profile of other colours": ("a.png", lambda: png(chunk(b"iCCP", b"x\0\0" + zlib.compress(SRGB)), colour=0)),
    "png, two profiles": ("a.png", lambda: png(chunk(b"sRGB", b"\0"), chunk(b"iCCP", b"x\0\0" + zlib.compress(SRGB)))),
    "png, transparency too short": ("a.png", lambda: png(chunk(b"tRNS", b"\0"))),
    "png, transparency with a wrong sum": ("a.png", lambda: png(wrong_sum(b"tRNS", bytes(6)))),
    "png, no transparency in grey": ("a.png", lambda: png(chunk(b"tRNS", b""), colour=0)),
    "png, odd times and densities": ("a.png", lambda: png(chunk(b"tIME", b"\0"), chunk(b"pHYs", b"\0"), chunk(b"gAMA", b""))),
    "png, a chunk of its own": ("a.png", lambda: png(chunk(b"prVt", b"private"))),
    "png, more behind its end": ("a.png", lambda: png(after=b"nonsense" * 99)),
    "pdf, a byte order mark before": ("a.pdf", lambda: b"\xef\xbb\xbf" + page()),
    "pdf, a line before": ("a.pdf", lambda: b"\r\n" + page()),
    "pdf, the head of a message before": ("a.pdf", lambda: b"Content-Type: application/pdf\r\n\r\n".ljust(1024) + page()),
    "pdf, a mark before and offsets from there": ("a.pdf", lambda: page().replace(b"%PDF-", b"\n%PDF-", 1)),
    "pdf, more behind its end": ("a.pdf", lambda: page() + b"\n<!-- printed -->" * 90),
    "pdf, an owner's password": ("a.pdf", locked),
    "pdf, an owner's password of old": ("a.pdf", partial(locked, strength=3)),
    "pdf, full width": ("在學證明．ｐｄｆ", page),
}


@pytest.mark.parametrize(("name", "make"), TAKEN.values(), ids=TAKEN)
def test_an_odd_file_is_taken(name: str, make: Make) -> None:
    content = make()
    cleaned = clean(name, content)
    if cleaned.content_type == "application/pdf":
        with pikepdf.open(io.BytesIO(cleaned.content)) as pdf:
            assert not pdf.is_encrypted
            assert [page.obj.Contents.read_bytes() for page in pdf.pages] == [b"BT (ENROLLED) Tj ET"]
    else:
        with Image.open(io.BytesIO(cleaned.content), formats=["JPEG"]) as picture:
            assert "icc_profile" not in picture.info
            red, green, blue = picture.convert("RGB").getpixel((20, 20))  # type: ignore[misc]
        assert (red > 120, green < 140, blue < 140) == (True, True, True)  # red, or the grey of the pictures in grey


WRONG_TYPE = "檔案格式不符，請上傳 JPG、JPEG、PNG、BMP、HEIC 或 PDF 檔，且副檔名須與內容相同"
# What is odd, the file's name, how it is made, and what its sender is answered.
REFUSED: dict[str, tuple[str, Make, str]] = {
    "a HEIC by the name of a JPEG": ("a.jpg", heic, WRONG_TYPE),
    "a JPEG by the name of a HEIC": ("a.heic", jpeg, WRONG_TYPE),
    "an AVIF by the name of a HEIC": ("a.heic", lambda: encoded(quarters(), "AVIF"), WRONG_TYPE),
    "a film by the name of a HEIC": ("a.heic", lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99), WRONG_TYPE),
    "a WebP": ("a.webp", lambda: encoded(quarters(), "WEBP"), WRONG_TYPE),
    "a PDF that begins late": ("a.pdf", lambda: bytes(1025) + page(), WRONG_TYPE),
    "a PDF with a password": ("a.pdf", partial(locked, "secret"), "檔案須輸入密碼才能開啟，請取消密碼、另存新檔後再上傳"),
    "a PNG without pixels": (
        "a.png",
        lambda: png()[:60],
        "檔案損壞，無法開啟，請重新掃描或另存新檔後再上傳",
    ),
    "a HEIC cut short": ("a.heic", lambda: heic()[:300], "檔案損壞，無法開啟，請重新掃描或另存新檔後再上傳"),
    "53 megapixels": ("a.jpg", partial(plain, (8200, 6500), "JPEG"), "圖片太大，不得超過 5,200 萬像素，請縮小後再上傳"),
    "nothing": ("a.jpg", bytes, "檔案是空的，請重新選擇檔案"),
    "no name": ("", jpeg, WRONG_TYPE),
}


@pytest.mark.parametrize(("name", "make", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_taken_says_how_to_go_on(name: str, make: Make, message: str) -> None:
    file = SimpleUploadedFile("a", make())
    file._name = name  # an upload may have none
    with pytest.raises(FileRefused) as refused:
        clean_upload(file, photo=False, sender=1)
    assert str(refused.value.message) == message


# Colour profiles


def _pixel(cleaned: CleanFile) -> tuple[int, int, int]:
    with Image.open(io.BytesIO(cleaned.content)) as picture:
        return picture.convert("RGB").getpixel((5, 5))  # type: ignore[return-value]


def swapped_profile() -> bytes:
    """sRGB with red and blue exchanged: what it does cannot be overlooked."""
    profile = bytearray(SRGB)
    tags = {profile[at : at + 4].decode(): at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12)}
    red, blue = (slice(tags[name] + 4, tags[name] + 12) for name in ("rXYZ", "bXYZ"))
    profile[red], profile[blue] = profile[blue], profile[red]
    at = profile.find("sRGB".encode("utf-16-be"))
    profile[at : at + 8] = "test".encode("utf-16-be")
    return bytes(profile)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.jpg", lambda profile: encoded(Image.new("RGB", (64, 64), "red"), "JPEG", icc_profile=profile)),
        ("a.png", lambda profile: encoded(Image.new("RGB", (64, 64), "red"), "PNG", icc_profile=profile)),
        ("a.heic", lambda profile: heic(Image.new("RGB", (64, 64), "red"), icc_profile=profile, icc_profile_type="prof")),
    ],
    ids=["jpeg", "png", "heic"],
)
def test_a_colour_profile_is_converted(name: str, make: Callable[[bytes], bytes]) -> None:
    red, green, blue = _pixel(clean(name, make(swapped_profile())))
    assert (red < 12, green < 12, blue > 243) == (True, True, True)
    red, green, blue = _pixel(clean(name, make(SRGB)))
    assert (red > 243, green < 12, blue < 12) == (True, True, True)


@pytest.mark.parametrize(("colour", "samples"), [(0, 1), (2, 3), (3, 1), (4, 2), (6, 4)])
def test_a_png_unpacks_to_what_deflate_can_pack_and_no_further(colour: int, samples: int) -> None:
    """So many rows that the pixels are as many times larger than what is packed as deflate can make them."""
    row = 1 + 25 * samples

    def of(packed: int) -> bytes:
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 25, screening.MAX_PACKING, 8, colour, 0, 0, 0))
        return PNG + header + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", bytes(packed - 12)) + chunk(b"IEND", b"")

    screening.screen(of(row))
    with pytest.raises(FileRefused) as refused:
        screening.screen(of(row - 1))
    assert refused.value.reason is FileProblem.DAMAGED


def test_what_a_header_says_is_too_much_waits_for_no_decoder(settings: Settings) -> None:
    settings.UPLOAD_LOCKS = "/dev/null/nowhere"  # nobody can have a turn
    with pytest.raises(FileRefused) as refused:
        clean("fine.png", png())
    assert refused.value.reason is FileProblem.UPLOAD_FAILED
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    with pytest.raises(FileRefused) as refused:
        clean("huge.png", PNG + header + chunk(b"IDAT", b"x") + chunk(b"IEND", b""))
    assert refused.value.reason is FileProblem.TOO_BIG
