"""Editors' pictures and documents: on every road by which one comes in, a picture is new and clean, and a document a PDF."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, PngImagePlugin
from PIL import Image as Pictures
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, UploadedFile

from portal.home.groups import CHIEF_EDITORS
from portal.uploads.document_forms import NOT_A_PDF
from portal.uploads.file_problems import EDITORS_PICTURES_ONLY
from tests import editors
from tests.architecture.admin_world import client_of
from tests.bench import files

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    # Wagtail leaves the files of its renditions to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning"),
]
SCRIPT = b"<script>document.title='ran'</script>"
SECRET = b"25.0330N 121.5654E"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1">' + SCRIPT + b"</svg>"
NOT_DOCUMENTS = {
    "page.html": HTML,
    "page.pdf": HTML,
    "picture.svg": SVG,
    "picture.pdf": SVG,
    "page-before-a-pdf.pdf": HTML + PDF,
    "gif-before-a-pdf.pdf": b"GIF89a/*" + PDF,
    "pdf.html": PDF,
    "pdf.pdf.html": PDF,
    "beginning-only.pdf": b"%PDF-" + HTML,
    "character.docx": b"PK\x03\x04" + HTML,
}
NOT_PICTURES = {
    "page.html": HTML,
    "picture.svg": SVG,
    "svg.png": SVG,
    "page.jpg": HTML,
    "page.png": HTML,
    "page.webp": b"RIFF\x20\x00\x00\x00WEBP" + HTML,
    "page.avif": HTML,
    "animated.gif": b"GIF89a" + HTML,
    "pdf.png": PDF,
    "png.jpg": files.picture(16, 16, kind="PNG"),
}


@dataclass(frozen=True)
class Road:
    """One way in: what answers, and what the sender reads when it was no use."""

    kind: str
    send: Callable[[Client, SimpleUploadedFile], Any]

    @property
    def model(self) -> type[Image | Document]:
        return Image if self.kind == "images" else Document


def _form(file: SimpleUploadedFile, prefix: str = "") -> dict[str, Any]:
    root = Collection.get_first_root_node().pk
    fields = {"title": "標題", "description": "說明", "file": file, "collection": root, "tags": ""}
    return {f"{prefix}{name}": value for name, value in fields.items()}


def _add(kind: str) -> Callable[[Client, SimpleUploadedFile], Any]:
    return lambda client, file: client.post(reverse(f"wagtail{kind}:add"), _form(file))


def _choose(kind: str, prefix: str) -> Callable[[Client, SimpleUploadedFile], Any]:
    return lambda client, file: client.post(reverse(f"wagtail{kind}_chooser:create"), _form(file, prefix))


def _replace(kind: str) -> Callable[[Client, SimpleUploadedFile], Any]:
    def send(client: Client, file: SimpleUploadedFile) -> Any:
        model = Image if kind == "images" else Document
        before = ContentFile(files.picture(16, 16, kind="PNG"), "a.png") if model is Image else ContentFile(PDF, "a.pdf")
        root = Collection.get_first_root_node()
        more = {"width": 16, "height": 16} if model is Image else {}
        one = model.objects.create(title="舊", file=before, collection=root, **more)
        response = client.post(reverse(f"wagtail{kind}:edit", args=[one.pk]), _form(file))
        if type(one).objects.get(pk=one.pk).title == "舊":
            one.delete()  # as before: nothing came in
        return response

    return send


def _many(kind: str) -> Callable[[Client, SimpleUploadedFile], Any]:
    """Two requests: the file, then what is said of it."""

    def send(client: Client, file: SimpleUploadedFile) -> Any:
        root = Collection.get_first_root_node().pk
        response = client.post(reverse(f"wagtail{kind}:add_multiple"), {"title": "標題", "files[]": file, "collection": root})
        said = json.loads(response.content)
        if (upload := said.get("uploaded_image_id") or said.get("uploaded_file_id")) and UploadedFile.objects.filter(pk=upload):
            one = {"images": "image", "docs": "document"}[kind]
            prefix = f"uploaded-{one}-{upload}-"
            address = reverse(f"wagtail{kind}:create_multiple_from_uploaded_{one}", args=[upload])
            fields = {"title": "標題", "description": "說明", "collection": root, "tags": ""}
            saved = client.post(address, {f"{prefix}{name}": value for name, value in fields.items()})
            assert json.loads(saved.content)["success"] is True
        return response

    return send


ROADS = {
    f"{kind}-{name}": Road(kind, send)
    for kind, prefix in (("images", "image-chooser-upload-"), ("docs", "document-chooser-upload-"))
    for name, send in {
        "add": _add(kind),
        "many": _many(kind),
        "replace": _replace(kind),
        "chooser": _choose(kind, prefix),
    }.items()
}


def _on_each_road(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("road", [pytest.param(road, id=name) for name, road in ROADS.items() if road.kind == kind])


on_each_road_of_pictures = _on_each_road("images")
on_each_road_of_documents = _on_each_road("docs")


@pytest.fixture
def editor() -> Client:
    return editors.client_of(CHIEF_EDITORS)


def words(response: Any) -> str:
    """What the sender reads, be it a page or JSON."""
    text = response.content.decode()
    return json.dumps(json.loads(text), ensure_ascii=False) if response.headers["Content-Type"] == "application/json" else text


def telling_photo() -> bytes:
    """A JPEG with a place in EXIF, a comment, a profile, XMP, and a page behind its end."""
    out, exif = BytesIO(), Pictures.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSProcessingMethod] = SECRET
    picture = Pictures.effect_noise((640, 480), 50).convert("RGB")
    picture.save(out, "JPEG", exif=exif, comment=SECRET + SCRIPT, xmp=SECRET + SCRIPT, icc_profile=SECRET * 10)
    return out.getvalue() + HTML


def telling_png() -> bytes:
    out, notes = BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", (SECRET + SCRIPT).decode())
    notes.add_itxt("XML:com.adobe.xmp", (SECRET + SCRIPT).decode())
    Pictures.new("RGBA", (640, 480), (9, 99, 199, 128)).save(out, "PNG", pnginfo=notes)
    return out.getvalue() + HTML


def telling(kind: str) -> bytes:
    out, exif = BytesIO(), Pictures.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    Pictures.effect_noise((640, 480), 50).convert("RGB").save(out, kind, exif=exif, xmp=SECRET + SCRIPT)
    return out.getvalue()


TELLING: dict[str, Callable[[], bytes]] = {
    "a.jpg": telling_photo,
    "a.png": telling_png,
    "a.webp": lambda: telling("WEBP"),
    "a.avif": lambda: telling("AVIF"),
}


@on_each_road_of_pictures
@pytest.mark.parametrize("name", TELLING)
@pytest.mark.slow
def test_a_picture_is_kept_without_what_it_tells_beside_itself(editor: Client, road: Road, name: str) -> None:
    content = TELLING[name]()
    assert SECRET in content
    road.send(editor, SimpleUploadedFile(name, content, "text/html"))
    picture = Image.objects.get()
    with picture.file.open("rb") as file:
        kept = file.read()
    assert picture.file_size == len(kept)
    for drawn in (kept, _bytes_of(picture.get_rendition("width-320")), _bytes_of(picture.get_rendition("width-320|format-webp"))):
        assert SECRET not in drawn
        assert b"<script" not in drawn
        assert b"Exif" not in drawn
        with Pictures.open(BytesIO(drawn)) as opened:
            assert not set(opened.info) & {"exif", "xmp", "comment", "icc_profile", "Comment", "XML:com.adobe.xmp"}


def _bytes_of(rendition: Any) -> bytes:
    with rendition.file.open("rb") as file:
        content: bytes = file.read()
    return content


@on_each_road_of_pictures
def test_a_large_upload_leaves_nothing_of_itself_in_a_temporary_file(editor: Client, road: Road, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    road.send(editor, SimpleUploadedFile("a.jpg", telling_photo(), "image/jpeg"))
    with Image.objects.get().file.open("rb") as file:
        assert SECRET not in file.read()


@on_each_road_of_pictures
def test_a_picture_is_kept_so_small_that_drawing_from_it_is_cheap(editor: Client, road: Road) -> None:
    out = BytesIO()
    Pictures.new("L", (9000, 4000)).save(out, "PNG")
    road.send(editor, SimpleUploadedFile("a.png", out.getvalue()))
    picture = Image.objects.get()
    assert (picture.width, picture.height) == (3000, 1334)


@on_each_road_of_pictures
@pytest.mark.parametrize("name", NOT_PICTURES)
def test_what_is_no_picture_is_refused_in_words(editor: Client, road: Road, name: str) -> None:
    response = road.send(editor, SimpleUploadedFile(name, NOT_PICTURES[name], "image/png"))
    assert "圖" in words(response) or "檔案損壞" in words(response)
    assert EDITORS_PICTURES_ONLY in words(response) or "檔案損壞" in words(response)
    assert not Image.objects.exists()
    assert not UploadedFile.objects.exists()


@on_each_road_of_documents
@pytest.mark.parametrize("name", NOT_DOCUMENTS)
def test_what_is_no_pdf_is_refused_in_words(editor: Client, road: Road, name: str) -> None:
    response = road.send(editor, SimpleUploadedFile(name, NOT_DOCUMENTS[name], "application/pdf"))
    assert NOT_A_PDF in words(response)
    assert "不允許副檔名" not in words(response)
    assert not Document.objects.exists()
    assert not UploadedFile.objects.exists()


@on_each_road_of_documents
def test_a_document_has_a_limit(editor: Client, road: Road, settings: Any) -> None:
    content = PDF.replace(b"\n", b"\n%" + b"x" * settings.WAGTAILDOCS_MAX_UPLOAD_SIZE + b"\n", 1)
    response = road.send(editor, SimpleUploadedFile("big.pdf", content, "application/pdf"))
    assert "10.0" in words(response)
    assert not Document.objects.exists()
    assert not UploadedFile.objects.exists()


@on_each_road_of_documents
def test_a_document_leaves_as_a_download_that_cannot_do_anything(editor: Client, client: Client, road: Road) -> None:
    content = PDF.replace(b"\n", b"\n%" + HTML + b"\n", 1)
    road.send(editor, SimpleUploadedFile("公告 1.pdf", content, "text/html"))
    response = client.get(Document.objects.get().url)
    assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def document(name: str = "a.pdf", content: bytes = PDF) -> Document:
    root = Collection.get_first_root_node()
    made: Document = Document.objects.create(title="文件", file=ContentFile(content, name), collection=root)
    return made


def test_a_document_of_another_type_from_earlier_times_is_a_missing_page(client: Client) -> None:
    assert client.get(document("page.html", HTML).url).status_code == 404


def test_a_document_is_asked_for_by_its_own_name_only(client: Client) -> None:
    one = document()
    assert client.get(one.url.replace(".pdf", ".html")).status_code == 404
    assert client.post(one.url).status_code == 405


def test_a_document_without_its_file_is_a_missing_page(client: Client) -> None:
    one = document()
    Path(one.file.path).unlink()
    assert client.get(one.url).status_code == 404


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_a_collection_that_is_private_all_the_same_stays_shut(editor: Client, client: Client, kind: str) -> None:
    one = document()
    CollectionViewRestriction.objects.create(collection=one.collection, restriction_type=kind, password="123")
    for visitor in (client, editor):
        assert visitor.get(one.url).status_code == 404


def test_documents_and_originals_have_no_address_below_media(editor: Client, client: Client) -> None:
    editor.post(reverse("wagtailimages:add"), _form(SimpleUploadedFile("a.jpg", telling_photo(), "image/jpeg")))
    picture, paper = Image.objects.get(), document()
    for file in (picture.file, paper.file):
        assert not Path(file.path).is_relative_to(settings.MEDIA_ROOT)
        assert Path(file.path).is_relative_to(settings.PRIVATE_ROOT)
        assert client.get(f"/media/{file.name}").status_code == 404
        with pytest.raises(NotImplementedError):
            file.url  # noqa: B018
    rendition = picture.get_rendition("width-100")
    assert Path(rendition.file.path).is_relative_to(settings.MEDIA_ROOT)
    response = client.get(rendition.url)
    assert response.status_code == 200
    response.close()


def test_the_admin_finds_pictures_by_their_thumbnails(editor: Client) -> None:
    editor.post(reverse("wagtailimages:add"), _form(SimpleUploadedFile("a.jpg", telling_photo(), "image/jpeg")))
    for address in (
        reverse("wagtailadmin_api:images:listing"),
        reverse("wagtailadmin_api:images:detail", args=[Image.objects.get().pk]),
    ):
        text = editor.get(address).content.decode()
        assert "thumbnail" in text
        assert "original_images" not in text


def test_no_avatar_comes_in(editor: Client) -> None:
    page = editor.get(reverse("wagtailadmin_account"))
    assert 'name="avatar-avatar"' not in page.content.decode()
    sent = {"avatar-avatar": SimpleUploadedFile("a.png", files.picture(16, 16, kind="PNG"), "image/png")}
    editor.post(reverse("wagtailadmin_account"), {**sent, "name_email-email": "a@example.test", "theme-theme": "system"})
    profile = editors.User.objects.get(username=CHIEF_EDITORS).wagtail_userprofile  # type: ignore[attr-defined]
    assert not profile.avatar


def test_redirects_are_not_imported() -> None:
    administrator = client_of("administrator")
    assert reverse("wagtailredirects:start_import") not in administrator.get(reverse("wagtailredirects:index")).content.decode()
    sent = {"import_file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}
    assert administrator.post(reverse("wagtailredirects:start_import"), sent).status_code == 404
    assert administrator.post(reverse("wagtailredirects:process_import"), {"import_file_name": "../a"}).status_code == 404
