"""Warnings of odd pictures: each made with one thing wrong with it, and none where nothing is."""

import io
from collections.abc import Callable
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from portal.uploads.decoder.problems import FileWarning
from portal.uploads.decoding import Answer
from portal.uploads.file_problems import WARNINGS, warnings_in_words
from portal.uploads.files import _warnings, clean_upload

W = FileWarning


def warnings_of(image: Image.Image, *, photo: bool = False) -> tuple[FileWarning, ...]:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return clean_upload(SimpleUploadedFile("a.jpg", out.getvalue()), photo=photo, sender=1).warnings


# Pages


@cache
def page() -> Image.Image:
    """A certificate, scanned at 150 dots per inch."""
    image = Image.new("RGB", (1240, 1754), (250, 250, 248))
    for line in range(30):
        ImageDraw.Draw(image).text((100, 100 + 50 * line), "CERTIFICATE OF ENROLMENT B115000001", fill="black", font_size=28)
    return image


def one_line() -> Image.Image:
    image = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(image).text((100, 100), "ENROLLED, 2026-09-01", fill=(90, 90, 90), font_size=28)
    return image


def on_a_dark_table() -> Image.Image:
    table = Image.new("RGB", (2400, 1800), (40, 30, 25))
    table.paste(page().resize((900, 1273)), (700, 250))
    return table


def grainy(level: int) -> Image.Image:
    """Paper, and nothing on it."""
    return Image.blend(Image.new("L", (1240, 1754), level), Image.effect_noise((1240, 1754), 40), 0.15).convert("RGB")


PAGES: dict[str, tuple[Callable[[], Image.Image], tuple[FileWarning, ...]]] = {
    "sharp": (page, ()),
    "a little soft": (lambda: page().filter(ImageFilter.GaussianBlur(1.5)), ()),
    "one grey line": (one_line, ()),
    "on a dark table": (on_a_dark_table, ()),
    "in the evening": (lambda: ImageEnhance.Brightness(page()).enhance(0.6), ()),
    "a small stamp": (lambda: page().crop((90, 90, 400, 160)), (W.SMALL_DOCUMENT,)),
    "blurred": (lambda: page().filter(ImageFilter.GaussianBlur(6)), (W.BLURRED,)),
    "shaken": (lambda: page().filter(ImageFilter.BoxBlur((16, 6))), (W.BLURRED,)),
    "dark": (lambda: ImageEnhance.Brightness(page()).enhance(0.25), (W.DARK,)),
    "black": (lambda: Image.new("RGB", (1240, 1754)), (W.DARK,)),
    "white": (lambda: Image.new("RGB", (1240, 1754), "white"), (W.BLANK,)),
    "grey paper": (lambda: grainy(190), (W.BLANK,)),
}


@pytest.mark.parametrize(("make", "warnings"), PAGES.values(), ids=PAGES)
def test_a_page_is_warned_of_by_how_it_looks(make: Callable[[], Image.Image], warnings: tuple[FileWarning, ...]) -> None:
    assert warnings_of(make()) == warnings


# Photos. Lengths in millimetres, as the rules give them: a head of 32 to 36 in a photo of 35 x 45.


def portrait(
    *, head: float = 34, top: float = 4, aside: float = 0, background: object = "white", hair: float = 0, scale: int = 24
) -> Image.Image:
    """Somebody on that background: head, neck, shoulders; `hair` hangs down so far beside the neck."""
    image = Image.new("RGB", (35 * scale, 45 * scale), background)  # type: ignore[arg-type]
    draw, middle = ImageDraw.Draw(image), 17.5 + aside

    def at(*lengths: float) -> tuple[float, ...]:
        return tuple(length * scale for length in lengths)

    half, chin = head * 0.37, top + head
    draw.rectangle(at(middle - head * 0.2, top + head / 2, middle + head * 0.2, chin + head / 2), fill="#c9a184")
    draw.rounded_rectangle(at(middle - head, chin + head * 0.12, middle + head, 60), radius=head * scale / 3, fill="#33506b")
    draw.ellipse(at(middle - half, top, middle + half, chin), fill="#d8b69a")
    draw.pieslice(at(middle - half, top, middle + half, chin - head * 0.2), 180, 360, fill="#2c2420")
    if hair:
        for side in (-1, 1):
            near, far = sorted((middle + side * half * 0.8, middle + side * half * 1.15))
            draw.rectangle(at(near, top + head / 2, far, chin + hair), fill="#2c2420")
    for side in (-1, 1):
        eye = middle + side * head * 0.16
        draw.ellipse(at(eye - 1, top + head * 0.5, eye + 1, top + head * 0.54), fill="#2c2420")
    return image


def shadowed() -> Image.Image:
    """A light wall that is darker below, as most are."""
    image = portrait()
    shade = Image.linear_gradient("L").resize(image.size).point(lambda level: 255 - level // 8)
    return Image.composite(image, Image.new("RGB", image.size, "black"), shade)


PHOTOS: dict[str, tuple[Callable[[], Image.Image], tuple[FileWarning, ...]]] = {
    "as it should be": (portrait, ()),
    "head of 32 mm": (lambda: portrait(head=32, top=5), ()),
    "head of 36 mm": (lambda: portrait(head=36, top=3), ()),
    "long hair": (lambda: portrait(hair=12), ()),
    "a light shadow": (shadowed, ()),
    "a landscape with somebody in the middle": (lambda: _in_a_landscape(), ()),
    "too few pixels": (lambda: portrait(scale=11), (W.SMALL_PHOTO,)),
    "blue background": (lambda: portrait(background="#4a90d9"), (W.BACKGROUND,)),
    "grey background": (lambda: portrait(background="#999"), (W.BACKGROUND,)),
    "light blue background": (lambda: portrait(background="#b0d8ff"), (W.BACKGROUND,)),
    "head of 20 mm": (lambda: portrait(head=20, top=8), (W.HEAD_SMALL,)),
    "head of 24 mm, below": (lambda: portrait(head=24, top=14), (W.HEAD_SMALL,)),
    "head of 43 mm": (lambda: portrait(head=43, top=0.5), (W.HEAD_LARGE,)),
    "top of the head cut off": (lambda: portrait(head=40, top=-6), (W.HEAD_LARGE,)),
    "aside": (lambda: portrait(aside=7), (W.HEAD_ASIDE,)),
    "small and aside": (lambda: portrait(head=20, top=8, aside=-8), (W.HEAD_SMALL, W.HEAD_ASIDE)),
    "blurred": (lambda: portrait().filter(ImageFilter.GaussianBlur(8)), (W.BLURRED,)),
    "nobody": (lambda: Image.new("RGB", (826, 1062), "white"), (W.BLANK,)),
}


def _in_a_landscape() -> Image.Image:
    wide = Image.new("RGB", (1600, 1080), "white")
    wide.paste(portrait(), (380, 0))
    return wide


@pytest.mark.parametrize(("make", "warnings"), PHOTOS.values(), ids=PHOTOS)
def test_a_photo_is_warned_of_by_what_is_printed(make: Callable[[], Image.Image], warnings: tuple[FileWarning, ...]) -> None:
    assert warnings_of(make(), photo=True) == warnings


def test_only_a_photo_needs_a_white_background_and_a_head() -> None:
    assert warnings_of(portrait(background="#4a90d9", head=20, top=8)) == ()


# Words


def test_every_warning_has_words_of_its_own() -> None:
    assert len(set(map(str, WARNINGS.values()))) == len(FileWarning) == 9
    assert warnings_in_words(["dark", "small_photo", "not a warning"]) == [WARNINGS[W.SMALL_PHOTO], WARNINGS[W.DARK]]


@pytest.mark.parametrize(
    ("said", "believed"),
    [(["dark", "x", 7, None], [W.DARK]), ("dark", []), (None, []), ({"dark": 1}, []), ([["dark"], {}], [])],
)
def test_what_the_decoder_says_is_not_believed(said: object, believed: list[FileWarning]) -> None:
    assert list(_warnings(Answer({"warnings": said}, b"").said["warnings"])) == believed
