"""Every field of the site that takes a file, and what odd files it is handed: fine ones are taken, others get the way out.

The students' own fields have a longer table of oddities in test_odd_files.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents.forms import get_document_form
from wagtail.documents.models import Document
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.models import Collection

from portal.accounts.models import User
from portal.downloads.forms import VerifiedFileForm
from portal.payments.cashier import settlement
from portal.payments.cashier.forms import SettlementForm
from portal.records.clerks.forms import ImportForm
from portal.uploads.file_problems import EDITORS_PICTURES_ONLY
from portal.uploads.files import ACCEPT, ACCEPT_PHOTO
from tests.architecture.file_table import CLOSED, TAKEN
from tests.hostile_files.parts import jpeg, jpeg_segments, segment

from .test_odd_files import page, png

pytestmark = pytest.mark.django_db
Bound = Callable[[User, SimpleUploadedFile], Any]


def settling(user: User, file: SimpleUploadedFile) -> forms.Form:
    return SettlementForm({"gateway": "sandbank"}, {"file": file})


def importing(name: str) -> Bound:
    return lambda user, file: ImportForm({"category": "china-student"}, {name: file})


def editing(make: Callable[..., Any], model: type[Any]) -> Bound:
    def bound(user: User, file: SimpleUploadedFile) -> Any:
        root = Collection.get_first_root_node()
        said = {"title": "標題", "description": "說明", "collection": root.pk, "tags": ""}
        return make(model)(said, {"file": file}, user=user)

    return bound


# How each form of tests/architecture/file_table.py is handed a file.
FORMS: dict[str, Bound] = {
    "ImportForm.applicants": importing("applicants"),
    "ImportForm.permits": importing("permits"),
    "SettlementForm.file": settling,
    "DocumentForm.file": editing(get_document_form, Document),
    "PictureForm.file": editing(get_image_form, Image),
    "VerifiedFileForm.file": lambda user, file: VerifiedFileForm({}, {"file": file}),
}
TABLES = ("ImportForm.applicants", "ImportForm.permits", "SettlementForm.file")
LINE = ",".join(settlement.COLUMNS)
SAVE_AS = "請在試算表軟體另存為「CSV UTF-8（逗號分隔）」後再匯入"


def test_every_field_that_takes_a_file_is_here() -> None:
    assert FORMS.keys() == {name for name, guard in TAKEN.items() if guard != CLOSED}


@pytest.fixture
def accepted(admin_user: User) -> dict[str, str]:
    """What each field tells the browser that it takes."""
    empty = SimpleUploadedFile("a", b"x")
    fields = {name: bound(admin_user, empty).fields[name.partition(".")[2]] for name, bound in FORMS.items()}
    own = {"a student's document": ACCEPT, "a student's photo": ACCEPT_PHOTO}
    return {name: field.widget.attrs["accept"] for name, field in fields.items()} | own


def test_accept_names_types_and_extensions(accepted: dict[str, str]) -> None:
    for name, accept in accepted.items():
        kinds = {"." if each.startswith(".") else "/" if "/" in each else each for each in accept.split(",")}
        assert kinds == {".", "/"}, name


TAKEN_FILES: list[tuple[str, str, bytes]] = [
    *((field, "a mark", b"\xef\xbb\xbf" + LINE.encode()) for field in TABLES),
    *((field, "Big5", f"{LINE}\r\n王".encode("cp950")) for field in TABLES),
    *((field, "line ends of old", LINE.encode() + b"\r" + LINE.encode()) for field in TABLES),
    ("DocumentForm.file", "手冊．ｐｄｆ", page()),
    ("DocumentForm.file", "A.PDF", page()),
    ("DocumentForm.file", "a line before.pdf", b"\xef\xbb\xbf\r\n" + page()),
    ("DocumentForm.file", "more behind its end.pdf", page() + b"\n<!-- printed -->"),
    ("PictureForm.file", "a.jfif", jpeg()),
    ("PictureForm.file", "a.JPE", jpeg()),
    ("PictureForm.file", "照片．ｐｎｇ", png()),
    ("PictureForm.file", "nonsense for EXIF.jpg", jpeg_segments(segment(0xE1, b"Exif\0\0" + b"nonsense" * 9))),
    ("VerifiedFileForm.file", "permit (1).PDF", page()),
]


@pytest.mark.parametrize(("field", "name", "content"), TAKEN_FILES, ids=[f"{field} {name}" for field, name, _ in TAKEN_FILES])
def test_an_odd_file_that_is_fine_is_taken(admin_user: User, field: str, name: str, content: bytes) -> None:
    form = FORMS[field](admin_user, SimpleUploadedFile(name, content))

    assert form.is_valid(), form.errors
    if field == "DocumentForm.file":
        kept = form.cleaned_data["file"]
        assert (kept.name[-4:], kept.read(5)) == (".pdf", b"%PDF-")
    if field == "PictureForm.file":
        assert form.cleaned_data["file"].name.endswith((".jpg", ".png"))


WAYS_OUT: list[tuple[str, str, bytes, str]] = [
    *((field, "book.csv", b"PK\x03\x04xl", f"這是試算表的活頁簿，不是 CSV 檔。{SAVE_AS}") for field in TABLES),
    *((field, "u.csv", LINE.encode("utf-16"), f"這個檔案是 UTF-16 文字。{SAVE_AS}") for field in TABLES),
    *((field, "t.csv", b"merchant\treference\n", f"這個檔案以定位字元分欄，不是逗號。{SAVE_AS}") for field in TABLES),
    ("DocumentForm.file", "a.pdf", b"Content-Type: application/pdf\r\n\r\n" + page(), "以「列印」存成 PDF 檔再上傳"),
    ("DocumentForm.file", "a.docx", b"PK\x03\x04", "以「列印」存成 PDF 檔再上傳"),
    ("PictureForm.file", "a.jpg", png(), EDITORS_PICTURES_ONLY),
    ("VerifiedFileForm.file", "a.pdf", b"x" * 1_000_001, "請選擇自下載專區取得的原始檔，或改以查驗碼查驗。"),
]


@pytest.mark.parametrize(
    ("field", "name", "content", "way_out"), WAYS_OUT, ids=[f"{field} {name}" for field, name, *_ in WAYS_OUT]
)
def test_what_is_refused_says_the_way_out(admin_user: User, field: str, name: str, content: bytes, way_out: str) -> None:
    form = FORMS[field](admin_user, SimpleUploadedFile(name, content))

    assert not form.is_valid()
    assert way_out in str(form.errors[field.partition(".")[2]])
