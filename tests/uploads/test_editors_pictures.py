"""Editors' pictures: the format they came in, without metadata, bounded."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Collection, UploadedFile

from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import CleanFile, clean_editors_picture
from tests.editors import client_of
from tests.hostile_files.carriers import CARRIERS, MARK, exif

from .heic_files import heic, quarters, saying_size, turned

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


def test_what_a_phone_takes_becomes_a_jpeg_turned_upright_without_metadata() -> None:
    cleaned = clean("校園.HEIC", turned())
    assert (cleaned.content_type, cleaned.extension, cleaned.original_name) == ("image/jpeg", ".jpg", "校園.jpg")
    with Image.open(io.BytesIO(cleaned.content)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (600, 800), {})


def test_a_large_heic_is_made_smaller() -> None:
    with Image.open(io.BytesIO(clean("a.heif", heic(quarters((4000, 2000)))).content)) as picture:
        assert picture.size == (3000, 1500)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.heic", written("JPEG"), FileProblem.WRONG_TYPE),
        ("a.jpg", heic(), FileProblem.WRONG_TYPE),
        ("a.heic", heic()[:300], FileProblem.DAMAGED),
        ("a.heic", saying_size(heic(), 20_000, 20_000), FileProblem.TOO_BIG),
    ],
    ids=["a JPEG", "by another name", "cut short", "a bomb"],
)
def test_what_is_no_good_heic_is_refused(name: str, content: bytes, reason: FileProblem) -> None:
    with pytest.raises(FileRefused) as refused:
        clean(name, content)
    assert refused.value.reason is reason


# Wagtail leaves the files of its pictures to the garbage collector.
LEFT_OPEN = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning")


@LEFT_OPEN
@pytest.mark.django_db
def test_the_form_offers_it_and_wagtail_takes_it() -> None:
    client = client_of("編輯")
    html = client.get(reverse("wagtailimages:add")).content.decode()
    assert "image/heic" in html
    assert ".heic" in html
    file = SimpleUploadedFile("校園.heic", heic(), "image/heic")
    sent = {"title": "校園", "description": "校門口", "file": file, "collection": Collection.get_first_root_node().pk}
    assert client.post(reverse("wagtailimages:add"), sent).status_code == 302
    image = get_image_model().objects.get()
    assert (image.file.name.endswith(".jpg"), image.width, image.height) == (True, 600, 800)


@LEFT_OPEN
@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["heic", "heif", "hif"])
def test_the_form_for_many_pictures_offers_it_and_takes_it(extension: str) -> None:
    """Its script refuses what is not named there before anything is sent."""
    client = client_of("編輯")
    html = client.get(reverse("wagtailimages:add_multiple")).content.decode()
    assert re.search(r'data-accept-file-types="/\\\.\((.+)\)\$/i"', html)[1].split("|").count(extension) == 1  # type: ignore[index]
    sent = {
        "files[]": SimpleUploadedFile(f"校園.{extension}", heic(), "image/heic"),
        "collection": Collection.get_first_root_node().pk,
    }
    answer = client.post(reverse("wagtailimages:add_multiple"), sent).json()
    assert (answer["success"], UploadedFile.objects.get().file.name[-4:]) == (True, ".jpg")
    number = answer["uploaded_file_id"]
    words = {"title": "校園", "description": "校門口", "collection": sent["collection"]}
    words = {f"uploaded-image-{number}-{name}": value for name, value in words.items()}
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    assert client.post(address, words).json()["success"] is True
    image = get_image_model().objects.get()
    assert (image.file.name.endswith(".jpg"), image.width, image.height) == (True, 600, 800)


@pytest.mark.parametrize("name", ["a.gif", "a.svg", "a.bmp", "a.png", "a.tiff", "a.html", "a"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        clean(name, written("JPEG"))
    assert refused.value.reason is FileProblem.WRONG_TYPE


@pytest.mark.parametrize("name", [name for name in CARRIERS if name.startswith(("jpeg, script", "png, script", "png, tEXt"))])
def test_what_is_hidden_is_gone(name: str) -> None:
    assert MARK not in clean(*CARRIERS[name]()).content
