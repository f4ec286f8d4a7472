"""許可證下載 and 收據下載: the pages and their files."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases.models import Case
from portal.cases.states import Status
from portal.downloads.models import IssuedDocument
from portal.editorial.seed import seed as seed_guidance
from portal.payments.models import Receipt
from tests.factories import cases

from .conftest import PAID_AT, pay, renamed

pytestmark = pytest.mark.django_db
HERE = "/china-student/individual/downloads"
PERMITS, RECEIPTS = f"{HERE}/permits/", f"{HERE}/receipts/"
LOGIN = "/china-student/individual/login/?next="


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
def test_all_of_ones_own_are_there_without_a_query(owner_client: Client, case: Case, receipt: Receipt, page: str) -> None:
    shown = owner_client.get(page).content.decode()

    assert case.case_no in shown
    assert case.group_no in shown
    assert "2026/11/23" in shown
    assert f'href="{page}{case.case_no}.pdf"' in shown
    assert f'href="{page}{case.case_no}.pdf?open"' in shown
    assert "查無資料" not in shown


def test_the_permit_page_says_how_to_print(owner_client: Client) -> None:
    seed_guidance()
    shown = owner_client.get(PERMITS).content.decode()

    assert "請以 A4 白紙、彩色、原尺寸列印電子入出境許可證" in shown
    assert "目前沒有已繳費的案件" in shown


def test_the_receipt_page_says_number_and_fee(owner_client: Client, receipt: Receipt) -> None:
    shown = owner_client.get(RECEIPTS).content.decode()

    assert "R115-000001" in shown
    assert "1,000 元" in shown


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
@pytest.mark.parametrize(
    "query",
    [
        {"case_no": "115150000018"},
        {"case_no": "１１５-１５０００ ００１８"},
        {"group_no": "s11511230001"},
        {"paid_from": "2026-11-23"},
        {"paid_until": "2026/11/23"},
        {"paid_from": "２０２６/11/01", "paid_until": "2026-11-30"},
        {"group_no": "S11511230001", "case_no": "115150000018"},
    ],
)
def test_one_of_the_three_finds_it(owner_client: Client, case: Case, receipt: Receipt, page: str, query: dict[str, str]) -> None:
    assert f"{case.case_no}.pdf" in owner_client.get(page, query).content.decode()


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
@pytest.mark.parametrize(
    "query",
    [{"case_no": "115150000099"}, {"group_no": "S0"}, {"paid_from": "2026-11-24"}, {"paid_until": "2026-11-22"}],
)
def test_nothing_found(owner_client: Client, receipt: Receipt, page: str, query: dict[str, str]) -> None:
    shown = owner_client.get(page, query).content.decode()

    assert "查無資料" in shown
    assert ".pdf" not in shown
    assert next(iter(query.values())) in shown


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
def test_anothers_number_answers_like_a_missing_one(stranger_client: Client, case: Case, receipt: Receipt, page: str) -> None:
    shown = stranger_client.get(page, {"case_no": case.case_no}).content.decode()

    assert "查無資料" in shown
    assert ".pdf" not in shown


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"group_no": "", "case_no": " "}, "請輸入「團號」、「收件號」或「繳費日期區間」其一"),
        ({"paid_from": "2026-11-24", "paid_until": "2026-11-23"}, "繳費日期（迄）不得早於繳費日期（起）"),
    ],
)
def test_a_query_that_asks_nothing_says_so(owner_client: Client, receipt: Receipt, query: dict[str, str], message: str) -> None:
    shown = owner_client.get(PERMITS, query).content.decode()

    assert message in shown
    assert "<title>錯誤：" in shown
    assert ".pdf" not in shown


def test_a_day_that_is_none_stays_typed(owner_client: Client, receipt: Receipt) -> None:
    shown = owner_client.get(PERMITS, {"paid_from": "昨天"}).content.decode()

    assert "<title>錯誤：" in shown
    assert 'value="昨天"' in shown


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
def test_queries_do_not_grow(owner_client: Client, close: Callable[..., Case], page: str) -> None:
    counts = {}
    owner_client.get(page)
    for rows in (1, 2, 3):
        pay(close(), f"R115-00000{rows}")
        with CaptureQueriesContext(connection) as queries:
            assert owner_client.get(page).content.decode().count(".pdf?open") == rows
        counts[rows] = len(queries)

    assert counts[1] == counts[3] <= 8


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
def test_the_file_is_downloaded(owner_client: Client, case: Case, receipt: Receipt, page: str) -> None:
    response = owner_client.get(f"{page}{case.case_no}.pdf")

    assert response.status_code == 200
    assert response.getvalue().startswith(b"%PDF-1.7")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


def test_the_file_is_opened_in_the_browser(owner_client: Client, case: Case) -> None:
    response = owner_client.get(f"{PERMITS}{case.case_no}.pdf?open")

    assert response.headers["Content-Disposition"].startswith("inline; ")
    response.close()


def _plain(page: bytes, asked: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode()).replace(asked, "")


@pytest.mark.parametrize("page", [PERMITS, RECEIPTS])
def test_a_stranger_finds_nothing(stranger_client: Client, case: Case, receipt: Receipt, page: str) -> None:
    theirs = stranger_client.get(f"{page}{case.case_no}.pdf")
    missing = stranger_client.get(f"{page}115150000099.pdf")

    assert theirs.status_code == missing.status_code == 404
    assert _plain(theirs.content, case.case_no) == _plain(missing.content, "115150000099")
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("address", [PERMITS, RECEIPTS, f"{PERMITS}115150000018.pdf", f"{RECEIPTS}115150000018.pdf"])
def test_nobody_is_sent_to_log_in(client: Client, case: Case, receipt: Receipt, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/china-student/individual/login/?next=")


@pytest.mark.parametrize("address", [PERMITS, RECEIPTS, f"{PERMITS}115150000018.pdf", f"{RECEIPTS}115150000018.pdf"])
def test_staff_are_sent_to_log_in(officer_client: Client, case: Case, address: str) -> None:
    assert officer_client.get(address).status_code == 302


@pytest.mark.parametrize("status", [status for status in Status if status != Status.COMPLETED])
def test_an_open_case_has_no_permit(owner_client: Client, owner: object, officer: object, status: Status) -> None:
    case = cases.in_status(status, owner, officer)  # type: ignore[arg-type]

    assert owner_client.get(f"{PERMITS}{case.case_no}.pdf").status_code == 404
    assert case.case_no not in owner_client.get(PERMITS).content.decode()


def test_an_unpaid_case_has_no_receipt(owner_client: Client, case: Case) -> None:
    assert owner_client.get(f"{RECEIPTS}{case.case_no}.pdf").status_code == 404


def test_a_voided_receipt_is_not_there(owner_client: Client, case: Case, receipt: Receipt) -> None:
    Receipt.objects.update(voided_at=PAID_AT)

    assert owner_client.get(f"{RECEIPTS}{case.case_no}.pdf").status_code == 404


def test_a_receipt_can_be_had_from_its_day_on(owner_client: Client, case: Case, receipt: Receipt) -> None:
    Receipt.objects.update(available_on=PAID_AT.date() + dt.timedelta(days=2))

    assert "2026/11/25 起可下載" in owner_client.get(RECEIPTS).content.decode()
    assert owner_client.get(f"{RECEIPTS}{case.case_no}.pdf").status_code == 404


def test_a_name_that_cannot_be_printed_gets_a_page_that_says_so(owner_client: Client, case: Case) -> None:
    case = renamed(case, "王\ue000明")

    response = owner_client.get(f"{PERMITS}{case.case_no}.pdf")

    assert response.status_code == 503
    shown = response.content.decode()
    assert "入出境許可證暫時無法製作" in shown
    assert "(02) 2796-7162" in shown


@pytest.mark.parametrize("address", [PERMITS, RECEIPTS])
def test_posting_is_refused(owner_client: Client, address: str) -> None:
    assert owner_client.post(address).status_code == 405
