"""查驗: what anybody who holds the paper may learn."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.downloads import operations, queries
from portal.downloads.models import CODE_ALPHABET, IssuedDocument
from portal.downloads.papers import spaced
from portal.payments.models import Receipt
from portal.throttling import limits
from tests.captcha.solving import two_codes
from tests.factories import cases

from .conftest import PAID_AT

pytestmark = pytest.mark.django_db


def test_a_valid_permit(client: Client, case: Case) -> None:
    document = operations.issue_permit(case)

    response = client.get(f"/verify/{document.verification_code}/")

    shown = response.content.decode()
    assert response.status_code == 200
    for said in ("有效", "許可證", "115150000018", "王○明", "2026/11/23", "2028/11/23", "SAMPLE – NOT AN OFFICIAL DOCUMENT"):
        assert said in shown
    for private in ("王小明", "XIAOMING", "A890000002", "L10000001", "2004/05/06", "國立臺灣大學"):
        assert private not in shown
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_valid_receipt(client: Client, receipt: Receipt) -> None:
    document = operations.issue_receipt(receipt)

    shown = client.get(f"/verify/{document.verification_code}/").content.decode()

    for said in ("有效", "收據", "R115-000001", "王○明", "2026/11/23"):
        assert said in shown
    assert "有效期限" not in shown


@pytest.mark.parametrize(("day", "standing"), [(dt.date(2028, 11, 23), "有效"), (dt.date(2028, 11, 24), "已逾有效期限")])
def test_the_last_day_is_valid(case: Case, day: dt.date, standing: str) -> None:
    found = queries.verified(operations.issue_permit(case).verification_code, today=day)

    assert found is not None
    assert str(found.standing.label) == standing


def test_an_expired_permit_says_so(client: Client, case: Case) -> None:
    document = operations.issue_permit(case)

    with time_machine.travel(dt.datetime(2029, 1, 1, 12, tzinfo=dt.UTC)):
        assert "已逾有效期限" in client.get(f"/verify/{document.verification_code}/").content.decode()


@pytest.mark.parametrize("status", list(Status))
def test_a_permit_is_exchanged_when_the_case_of_the_next_one_is_closed(
    client: Client, case: Case, owner: User, officer: User, status: Status
) -> None:
    document = operations.issue_permit(case)
    held = cases.match(owner, permit_no=case.case_no, permit_type="multiple")
    cases.in_status(status, owner, officer, match=held)

    shown = client.get(f"/verify/{document.verification_code}/").content.decode()

    is_exchanged = status == Status.COMPLETED
    assert ("<h2>已換發</h2><p>此文件由本系統核發，但已換發新的許可證，不再使用。</p>" in shown) is is_exchanged
    assert ("<h2>有效</h2>" in shown) is not is_exchanged


def test_a_permit_that_was_exchanged_and_is_over_was_exchanged(case: Case, owner: User, officer: User) -> None:
    document = operations.issue_permit(case)
    cases.completed(owner, officer, match=cases.match(owner, permit_no=case.case_no))

    found = queries.verified(document.verification_code, today=dt.date(2030, 1, 1))

    assert found is not None
    assert str(found.standing.label) == "已換發"


def test_a_receipt_stays_as_it_was_whatever_the_account_is_called_now(client: Client, receipt: Receipt) -> None:
    document = operations.issue_receipt(receipt)
    User.objects.update(chinese_name="李曉華")

    assert "王○明" in client.get(f"/verify/{document.verification_code}/").content.decode()


def test_a_revoked_document_says_so(client: Client, case: Case) -> None:
    document = operations.issue_permit(case)
    IssuedDocument.objects.update(revoked_at=PAID_AT)

    shown = client.get(f"/verify/{document.verification_code}/").content.decode()

    assert "已廢止" in shown
    assert "請核對下列資料與文件所載是否相同" not in shown


def test_a_voided_receipt_says_so(client: Client, receipt: Receipt) -> None:
    document = operations.issue_receipt(receipt)
    Receipt.objects.update(voided_at=PAID_AT)

    assert "已廢止" in client.get(f"/verify/{document.verification_code}/").content.decode()


@pytest.mark.parametrize("code", ["22222222222222222222", "x", "王小明", "a" * 300])
def test_an_unknown_code(client: Client, code: str) -> None:
    response = client.get(f"/verify/{code}/")

    assert response.status_code == 404
    assert "查無此查驗碼" in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_code_may_be_typed_in_any_way(client: Client, case: Case) -> None:
    code = operations.issue_permit(case).verification_code

    for typed in (code.lower(), spaced(code), spaced(code).replace(" ", "-"), f" {code} "):
        assert "115150000018" in client.get(f"/verify/{typed}/").content.decode()


def test_the_code_can_be_typed_into_a_form(client: Client, case: Case) -> None:
    code = operations.issue_permit(case).verification_code

    assert 'name="code"' in client.get("/verify/").content.decode()
    assert client.get("/verify/", {"code": spaced(code).lower()}).headers["Location"] == f"/verify/{code}/"
    assert client.get("/verify/", {"code": "a/../b"}).headers["Location"] == "/verify/AB/"
    for nothing in ("", " / "):
        html = client.get("/verify/", {"code": nothing}).content.decode()
        assert html.count("請輸入查驗碼") == 2
        assert '<a href="#id_code">請輸入查驗碼</a>' in html


def test_codes_cannot_be_guessed(case: Case) -> None:
    code = operations.issue_permit(case).verification_code

    assert len(code) == 20
    assert set(code) <= set(CODE_ALPHABET)
    assert len(CODE_ALPHABET) ** len(code) > 2**99


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王○明"),
        ("王喆", "王○"),
        ("歐陽小明", "歐○○明"),
        ("張𠅤", "張○"),
        ("阿不都·買買提", "阿○○○○○提"),
        ("", "○"),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert queries.masked_name(name) == masked


@pytest.fixture
def network_that_tried_often(client: Client) -> str:
    """A page that asks for a 驗證碼, as this network has tried a hundred unknown codes."""
    for _miss in range(limits.VERIFICATION_OF_NETWORK.count):
        limits.note(limits.VERIFICATION_OF_NETWORK, "127.0.0.1", now=timezone.now())
    page = client.get(f"/verify/{'A' * 20}/").content.decode()
    assert "驗證碼" in page
    return page


def test_one_answer_opens_one_code(client: Client, case: Case, network_that_tried_often: str) -> None:
    first, other = operations.issue_permit(case).verification_code, "B" * 20
    answer = two_codes(network_that_tried_often)
    for _click in range(2):  # a second click is the same question
        assert "王○明" in client.post(f"/verify/{first}/", answer).content.decode()
    refused = client.post(f"/verify/{other}/", answer)
    assert (refused.status_code, "查無" in refused.content.decode()) == (200, False)
    assert "驗證碼已逾時" in refused.content.decode()


def test_one_answer_opens_one_file(client: Client, case: Case, network_that_tried_often: str) -> None:
    document = operations.issue_permit(case)
    with document.file.open("rb") as stored:
        ours = stored.read()
    answer = two_codes(client.get("/verify/file/").content.decode())

    def said(content: bytes) -> str:
        return client.post("/verify/file/", {**answer, "file": SimpleUploadedFile("a.pdf", content)}).content.decode()

    for _click in range(2):
        assert "檔案與存檔相同" in said(ours)
    assert "查無此檔案" not in said(b"%PDF-1.7 another")
    assert "驗證碼已逾時" in said(b"%PDF-1.7 another")
