"""Editors' pictures: the format they came in, without metadata, bounded."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import CleanFile, clean_editors_picture
from tests.hostile_files.carriers import CARRIERS, MARK, exif

FORMATS = [
    ("a.jpg", "JPEG", "image/jpeg"),
    ("a.png", "PNG", "image/png"),
    ("a.webp", "WEBP", "image/webp"),
    ("a.avif", "AVIF", "image/avif"),
]


def written(form: str, *, mode: str = "RGB", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (255, 0, 0, 0)[: len(mode)]).save(out, form, **options)
    return out.getvalue()


def clean(name: str, content: bytes) -> CleanFile:
    return clean_editors_picture(SimpleUploadedFile(name, content), sender=1)


@pytest.mark.parametrize(("name", "form", "content_type"), FORMATS)
def test_each_format_stays_what_it_is_without_metadata(name: str, form: str, content_type: str) -> None:
    before = written(form, exif=exif(), icc_profile=MARK * 10, xmp=MARK)
    assert MARK in before or form == "PNG"  # PNG packs it
    cleaned = clean(name, before)
    assert (cleaned.content_type, cleaned.extension) == (content_type, f".{name[2:]}")
    with Image.open(io.BytesIO(cleaned.content)) as picture:
        assert (picture.format, picture.size) == (form, (300, 200))
        assert not picture.getexif()
        assert not {"icc_profile", "xmp", "exif", "comment"} & picture.info.keys()
    assert MARK not in cleaned.content


@pytest.mark.parametrize(("name", "form"), [("a.png", "PNG"), ("a.webp", "WEBP"), ("a.avif", "AVIF")])
def test_what_is_transparent_stays_so(name: str, form: str) -> None:
    with Image.open(io.BytesIO(clean(name, written(form, mode="RGBA")).content)) as picture:
        assert picture.convert("RGBA").getpixel((10, 10))[3] == 0


def test_a_large_picture_is_made_smaller() -> None:
    with Image.open(io.BytesIO(clean("a.jpg", written("JPEG", size=(6000, 3000))).content)) as picture:
        assert picture.size == (3000, 1500)


def test_orientation_is_applied() -> None:
    found = Image.Exif()
    found[0x0112] = 6
    with Image.open(io.BytesIO(clean("a.jpg", written("JPEG", exif=found.tobytes())).content)) as picture:
        assert picture.size == (200, 300)


@pytest.mark.parametrize("name", ["a.gif", "a.svg", "a.bmp", "a.png", "a.tiff", "a.html", "a"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        clean(name, written("JPEG"))
    assert refused.value.reason is FileProblem.WRONG_TYPE


@pytest.mark.parametrize("name", [name for name in CARRIERS if name.startswith(("jpeg, script", "png, script", "png, tEXt"))])
def test_what_is_hidden_is_gone(name: str) -> None:
    assert MARK not in clean(*CARRIERS[name]()).content
