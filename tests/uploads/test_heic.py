"""HEIC: converted to JPEG, screened like the others, decoded where a thread is all that can be started."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.uploads import decoding
from portal.uploads.decoder import heics
from portal.uploads.decoder.problems import ContentRefused, Reason
from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import CleanFile, clean_upload
from portal.uploads.screening import screen
from tests.hostile_files.carriers import MARK
from tests.hostile_files.heics import HEADS, ITEMS, PRIMARY, SIZE, box, meta, properties

from .heic_files import deep, heic, quarters, saying_size, turned, with_box


def clean(content: bytes, *, photo: bool = False) -> CleanFile:
    return clean_upload(SimpleUploadedFile("a.heic", content), photo=photo, sender=1)


def opened(cleaned: CleanFile) -> Image.Image:
    return Image.open(io.BytesIO(cleaned.content), formats=["JPEG"])


def is_red(picture: Image.Image, x: int, y: int) -> bool:
    red, green, blue = picture.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return red > 200 and green < 60 and blue < 60


KINDS: dict[str, Callable[[], bytes]] = {
    "one picture": heic,
    "tiles": lambda: heic(tile_size=128),
    "transparent": lambda: heic(quarters().convert("RGBA")),
    "full colour": lambda: heic(chroma=444),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_heic_becomes_a_jpeg_of_the_same_size(make: Callable[[], bytes]) -> None:
    cleaned = clean(make())
    assert (cleaned.content_type, cleaned.extension, cleaned.original_name) == ("image/jpeg", ".jpg", "a.heic")
    picture = opened(cleaned)
    assert (picture.size, is_red(picture, 20, 20), is_red(picture, 500, 700)) == ((600, 800), True, False)


def test_grey_and_ten_bits_are_read() -> None:
    assert opened(clean(heic(quarters().convert("L")))).size == (600, 800)
    assert is_red(opened(clean(deep())), 30, 30)


def test_what_is_transparent_becomes_white() -> None:
    assert opened(clean(heic(Image.new("RGBA", (64, 64), (0, 0, 0, 0))))).getpixel((30, 30)) == (255, 255, 255)


def test_a_turned_picture_is_turned_once() -> None:
    content = turned()
    assert (b"irot" in content, b"Exif" in content) == (True, True)
    picture = opened(clean(content))
    assert picture.size == (600, 800)
    assert (is_red(picture, 590, 10), is_red(picture, 10, 10)) == (True, False)
    assert not picture.getexif()


def test_what_the_camera_wrote_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    content = heic(exif=exif.tobytes(), xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
    assert content.count(MARK) == 2
    assert MARK not in clean(content).content


def test_a_photo_may_be_heic() -> None:
    assert opened(clean(heic(quarters((1200, 900))), photo=True)).size == (700, 900)


def test_a_large_one_is_shrunk() -> None:
    noise = Image.effect_noise((3000, 2250), 120).convert("RGB")
    cleaned = clean(heic(noise, quality=80))
    assert len(cleaned.content) <= 512 * 1024


# Hostile files. The decoder is met only by what passes the screening, and dies alone.


def items(kind: bytes) -> bytes:
    """The picture that is shown is of another kind: a drawing of other pictures, a region, a film."""
    return with_box(heic(), b"infe", kind, 8)


AT_ONCE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "20000 x 20000": (lambda: saying_size(heic(), 20_000, 20_000), Reason.TOO_MANY_PIXELS),
    "a side of 30001": (lambda: saying_size(heic(), 30_001, 1), Reason.TOO_MANY_PIXELS),
    "the largest sides": (lambda: saying_size(heic(), 2**32 - 1, 2**32 - 1), Reason.TOO_MANY_PIXELS),
    "no width": (lambda: saying_size(heic(), 0, 100), Reason.DAMAGED),
    "a drawing of pictures": (lambda: items(b"iovl"), Reason.TOO_COMPLEX),
    "an uncompressed picture": (lambda: items(b"unci"), Reason.TOO_COMPLEX),
    **{name: (lambda made=made: made()[1], reason) for name, (made, reason) in HEADS.items()},
}


@pytest.mark.parametrize(("make", "reason"), AT_ONCE.values(), ids=AT_ONCE)
def test_refused_without_decoding(make: Callable[[], bytes], reason: Reason) -> None:
    content = make()
    assert heics.looks_like_one(content)
    with pytest.raises(ContentRefused) as refused:
        heics.check(content)
    assert refused.value.reason is reason
    with pytest.raises(FileRefused):
        screen(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0\x18ftyp",
        box(b"ftyp", b"heic"),
        box(b"ftyp", b"heic\0\0\0\0" + b"mif1" * 300),
        b"\xff\xff\xff\xffftypheic" + bytes(99),
    ],
    ids=["nothing", "no brand", "too short", "too long", "four gigabytes"],
)
def test_what_does_not_begin_like_one_is_none(content: bytes) -> None:
    assert not heics.looks_like_one(content)


MESSAGES = {
    "檔案損壞，無法開啟，請重新掃描或另存新檔後再上傳",
    "這個 HEIC 圖檔系統無法轉換，請另存為 JPG 檔後再上傳",
    "圖片太大，不得超過 5,200 萬像素，請縮小後再上傳",
}


def _bent(seed: int) -> bytes:
    """The file with a few bytes changed, the same ones each time."""
    content, at = bytearray(heic(tile_size=128)), seed
    for _ in range(12):
        at = (at * 1_103_515_245 + 12_345) % 2**31
        content[24 + at % (len(content) - 24)] ^= 1 << at % 8
    return bytes(content)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "it says to be larger than it is": lambda: saying_size(heic(), 7000, 7000),
    "it says to be smaller than it is": lambda: saying_size(heic(), 10, 10),
    "no pixels": lambda: meta(PRIMARY, ITEMS, properties(SIZE)),
    "cut in the middle": lambda: heic()[: len(heic()) // 2],
    "tiles, cut in the middle": lambda: heic(tile_size=128)[: len(heic(tile_size=128)) * 3 // 4],
    "pixels of nonsense": lambda: heic()[:-400] + bytes(range(200)) * 2,
    "pixels of ones": lambda: heic()[:-400] + b"\xff" * 400,
    **{f"bent, {seed}": (lambda seed=seed: _bent(seed)) for seed in range(8)},
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_heic_is_refused_in_words_or_made_harmless(make: Callable[[], bytes]) -> None:
    assert outcome(make()) in {*MESSAGES, "JPEG"}


def outcome(content: bytes) -> str | None:
    """What the sender is answered, or what is kept."""
    try:
        return opened(clean(content)).format
    except FileRefused as refused:
        return str(refused.message)


def test_one_that_takes_too_long_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(decoding.LIMITS_OF, "heic", {**decoding.LIMITS, "memory": 200 << 20})
    content = heic(Image.new("RGB", (6000, 6000), "red"), quality=10)
    with pytest.raises(FileRefused) as refused:
        clean(content)
    assert (refused.value.reason, str(refused.value.message)) == (
        FileProblem.TOO_COMPLEX,
        "這個 HEIC 圖檔系統無法轉換，請另存為 JPG 檔後再上傳",
    )
    monkeypatch.setitem(decoding.LIMITS_OF, "heic", {**decoding.LIMITS, "cpu": 20})
    assert opened(clean(content)).size == (2400, 2400)
