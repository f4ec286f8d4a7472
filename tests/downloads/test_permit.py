"""電子入出境許可證: read back from the file itself."""

import hashlib
import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.operations.performing import case_completed
from portal.cases.states import Status
from portal.core.files import private_storage
from portal.downloads import operations, papers, receivers
from portal.downloads.models import IssuedDocument
from portal.downloads.operations import NotIssuable, RenderError
from tests import papers as read
from tests.factories import cases

from .conftest import renamed

pytestmark = pytest.mark.django_db


def content_of(document: IssuedDocument) -> bytes:
    with document.file.open("rb") as file:
        return file.read()


@pytest.fixture
def paper(case: Case) -> bytes:
    return content_of(operations.issue_permit(case))


def test_the_text_holds_person_numbers_and_dates(paper: bytes, case: Case) -> None:
    text = read.text(paper)

    assert case.case_no == "115150000018"
    for said in (
        "中華民國臺灣地區入出境許可證",
        "多次",
        "王小明",
        "WANG, XIAOMING",
        "男",
        "2004/05/06",
        "上海",
        "A890000002",
        "L10000001",
        "就學",
        "國立臺灣大學",
        "資訊工程學系",
        "學士班",
        "115150000018",
        "有效期限，自核發之翌日起算",
        "2026/11/24 – 2028/11/23",
        "原許可證號 115000000015",
        "內政部移民署",
        "入境查驗章",
        "出境查驗章",
        "SAMPLE – NOT AN OFFICIAL DOCUMENT",
    ):
        assert said in text


def test_what_the_officer_approved_stands_on_it(close: Callable[..., Case]) -> None:
    case = close(answers={**cases.ANSWERS, "english_name": "WANG, HSIAO-MING", "travel_document_no": "L22222222"})

    text = read.text(content_of(operations.issue_permit(case)))

    assert "WANG, HSIAO-MING" in text
    assert "L22222222" in text
    assert "L10000001" not in text


def test_it_is_one_a4_page_with_every_font_embedded(paper: bytes) -> None:
    info = read.info(paper)

    assert info["Pages"] == "1"
    assert info["Page size"] == "595.276 x 841.89 pts (A4)"
    assert len(read.fonts(paper)) == 1
    assert all(re.search(r" yes +yes +yes ", line) for line in read.fonts(paper))


def test_its_metadata_names_the_number_and_nobody(paper: bytes) -> None:
    with pikepdf.open(BytesIO(paper)) as made:
        described = {str(value) for value in made.docinfo.values()}
        written = bytes(made.Root.Metadata.read_bytes()).decode()

    assert "入出境許可證 115150000018" in described
    for private in ("王小明", "XIAOMING", "A890000002", "L10000001"):
        assert private not in written
        assert not any(private in value for value in described)


@pytest.mark.parametrize("dpi", [200, 300])
def test_machines_read_number_and_address(paper: bytes, dpi: int) -> None:
    image = Image.open(BytesIO(read.pixels(paper, dpi=dpi)))
    found = {code.format: code.text for code in zxingcpp.read_barcodes(image)}

    code = IssuedDocument.objects.get().verification_code
    assert found[zxingcpp.BarcodeFormat.Code39] == "115150000018"
    assert found[zxingcpp.BarcodeFormat.QRCode] == f"http://localhost:8000/verify/{code}/"


def test_the_qr_code_opens_the_verification_page(paper: bytes, client: Client) -> None:
    image = Image.open(BytesIO(read.pixels(paper, dpi=200)))
    (address,) = [c.text for c in zxingcpp.read_barcodes(image) if c.format == zxingcpp.BarcodeFormat.QRCode]

    page = client.get(address.removeprefix("http://localhost:8000"))

    assert page.status_code == 200
    assert "115150000018" in page.content.decode()


@pytest.mark.parametrize("name", ["歐陽䶮", "阿不都熱依木·買買提", "張𠅤"])
def test_rare_names_stand_on_it(close: Callable[..., Case], name: str) -> None:
    case = close(answers={**cases.ANSWERS, "chinese_name": name})

    assert name in read.text(content_of(operations.issue_permit(case)))


@pytest.mark.parametrize("english", ["A" * 80, "VERY, LONG NAME " * 5])
def test_long_values_stay_on_the_page(close: Callable[..., Case], english: str) -> None:
    long = {"chinese_name": "阿" * 30, "english_name": english.strip(), "department": "國際" * 20, "degree": "2"}

    paper = content_of(operations.issue_permit(close(answers={**cases.ANSWERS, **long})))

    assert read.info(paper)["Pages"] == "1"
    assert "2026/11/24 – 2028/11/23" in read.text(paper)


def test_a_second_asking_changes_nothing(case: Case) -> None:
    first = operations.issue_permit(case)
    second = operations.issue_permit(case)

    assert IssuedDocument.objects.count() == 1
    assert (first.pk, first.verification_code, first.file.name, first.sha256) == (
        second.pk,
        second.verification_code,
        second.file.name,
        second.sha256,
    )


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_a_lost_or_damaged_file_is_made_again_byte_for_byte(case: Case, damage: str) -> None:
    before = operations.issue_permit(case)
    content = content_of(before)
    private_storage().delete(before.file.name)
    if damage == "changed":
        with private_storage().open(before.file.name, "wb") as file:
            file.write(b"%PDF-1.7 something else")

    again = operations.issue_permit(case)

    assert content_of(again) == content
    assert again.sha256 == before.sha256 == hashlib.sha256(content).hexdigest()
    assert (again.pk, again.verification_code) == (before.pk, before.verification_code)


def test_who_comes_second_keeps_the_first_file(case: Case) -> None:
    """Two workers draw the same permit: one row, one file."""
    first = operations.issue_permit(case)
    stale = IssuedDocument.objects.get()
    stale.file.name = ""

    kept = operations._keep(stale, b"drawn a moment later", b"and signed")

    assert kept.file.name == first.file.name
    assert private_storage().listdir(f"issued/{first.kind}")[1].count(first.file.name.rsplit("/")[-1]) == 1
    assert content_of(kept) == content_of(first)


def test_a_missing_glyph_refuses_the_paper(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    case = renamed(case, "王\ue000明")

    with pytest.raises(RenderError, match=r"U\+E000"):
        operations.issue_permit(case)

    document = IssuedDocument.objects.get()
    assert not document.file
    assert f"issued document {document.pk} cannot be printed" in caplog.text
    assert "王" not in caplog.text.replace("\ue000", "")


def test_a_lost_photo_refuses_the_paper(case: Case) -> None:
    private_storage().delete(case.documents.get(slot="photo").file.name)

    with pytest.raises(RenderError):
        operations.issue_permit(case)


def test_a_replaced_photo_is_not_printed(case: Case) -> None:
    before = papers._photo(case)
    case.documents.update(replaced_at=cases.NOW)

    assert before.startswith("data:image/jpeg;base64,")
    assert papers._photo(case) == ""


@pytest.mark.parametrize("status", [status for status in Status if status != Status.COMPLETED])
def test_only_a_closed_case_has_a_permit(owner: User, officer: User, status: Status) -> None:
    case = cases.in_status(status, owner, officer)

    with pytest.raises(NotIssuable):
        operations.issue_permit(case)

    assert not IssuedDocument.objects.exists()


def test_the_news_of_a_closed_case_makes_the_permit(
    close: Callable[..., Case], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        case = close()

    document = IssuedDocument.objects.get(kind="permit", number=case.case_no)
    assert document.file
    assert document.case == case


def test_the_news_of_a_name_that_cannot_be_printed_harms_nobody(case: Case) -> None:
    case = renamed(case, "王\ue000明")

    receivers.case_completed(Case, case=case)

    assert not IssuedDocument.objects.get().file
    assert receivers.case_completed in [receiver() for _, receiver, *_ in case_completed.receivers]
