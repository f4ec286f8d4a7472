"""出納: refunds by two persons, settlement files, the day's close, the books' parity, and the pages of all that."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.cms.models import ListExport
from portal.mail.models import OutgoingMail
from portal.payments.cashier import books, refunds, settlement, work_list
from portal.payments.models import (
    Bill,
    DayClose,
    LedgerEvent,
    Payment,
    Receipt,
    Refund,
    ReviewItem,
    SettlementFile,
    SettlementRow,
)
from portal.payments.protocol import GatewayStatus, NotRefunded, Outcome, Unavailable
from portal.payments.states import BillState, PaymentState, RefundState
from portal.review.groups import CASHIERS
from tests.factories import payments as make
from tests.factories.cases import NOW
from tests.questions import meanwhile
from tests.staff import logged_in, make_staff

from .paying_back.sandbank import PayingBack

pytestmark = pytest.mark.django_db
GATEWAY, MERCHANT = "sandbank", "student-permits"
Result = SettlementRow.Result


@pytest.fixture
def cashier(officer: User) -> User:
    return make_staff("cashier", CASHIERS)


@pytest.fixture
def colleague(officer: User) -> User:
    return make_staff("cashier-2", CASHIERS)


@pytest.fixture
def captured(payment: Payment) -> Payment:
    assert make.record(payment) is Outcome.BOOKED
    payment.refresh_from_db()
    return payment


# -- refunds ----------------------------------------------------------------------------


def test_71_a_refund_is_asked_for_by_one_and_approved_by_another(captured: Payment, cashier: User, colleague: User) -> None:
    refund = refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW)
    with pytest.raises(refunds.SamePerson):
        refunds.approve(refund, by=cashier, now=NOW)
    refund = refunds.approve(refund, by=colleague, now=NOW)
    assert (refund.state, refund.decided_by) == (RefundState.MANUAL, colleague)  # the sandbank cannot pay back itself
    refund = refunds.complete(refund, evidence=" 匯款單 123 ", now=NOW)
    assert (refund.state, refund.evidence, refund.done_at) == (RefundState.DONE, "匯款單 123", NOW)
    line = LedgerEvent.objects.latest("pk")
    assert (line.kind, line.amount, line.payment) == (LedgerEvent.Kind.REFUNDED, -1000, captured)
    assert Bill.objects.get().state == BillState.REFUNDED
    assert Receipt.objects.get().voided_at == NOW
    email = OutgoingMail.objects.get(kind="refunded")
    assert "退費金額：新臺幣 1,000 元" in email.body
    assert list(books.problems()) == []


def test_70_a_part_and_then_the_rest(captured: Payment, cashier: User, colleague: User) -> None:
    for amount, state in ((400, BillState.SETTLED), (600, BillState.REFUNDED)):
        refund = refunds.request(captured, amount, reason="部分", by=cashier, now=NOW)
        refunds.complete(refunds.approve(refund, by=colleague, now=NOW), evidence="x", now=NOW)
        assert Bill.objects.get().state == state
    with pytest.raises(refunds.NotRefundable):
        refunds.request(captured, 1, reason="再退", by=cashier, now=NOW)


@pytest.mark.parametrize("amount", [0, -1, 1001])
def test_68_no_more_than_was_captured(amount: int, captured: Payment, cashier: User) -> None:
    with pytest.raises(refunds.NotRefundable):
        refunds.request(captured, amount, reason="x", by=cashier, now=NOW)


def test_33_of_what_was_charged_twice_the_second_is_given_back_and_the_bill_stays_paid(
    captured: Payment, cashier: User, colleague: User
) -> None:
    assert make.record(captured, gateway_reference="SB-second") is Outcome.OVERPAID
    assert refunds.left(captured) == 2000
    refund = refunds.approve(refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW), by=colleague, now=NOW)
    refunds.complete(refund, evidence="支票", now=NOW)
    assert (Bill.objects.get().state, Receipt.objects.get().voided_at, refunds.left(captured)) == ("settled", None, 1000)
    assert list(books.problems()) == []


def test_what_is_on_its_way_is_counted_and_what_was_declined_is_not(captured: Payment, cashier: User, colleague: User) -> None:
    first = refunds.request(captured, 700, reason="x", by=cashier, now=NOW)
    assert refunds.left(captured) == 300
    refunds.decline(first, by=colleague, now=NOW)
    assert refunds.left(captured) == 1000
    with pytest.raises(refunds.Changed):
        refunds.approve(first, by=colleague, now=NOW)


def test_nothing_of_what_was_not_captured(payment: Payment, cashier: User) -> None:
    with pytest.raises(refunds.NotRefundable):
        refunds.request(payment, 1, reason="x", by=cashier, now=NOW)


def test_73_money_paid_back_needs_evidence(captured: Payment, cashier: User, colleague: User) -> None:
    refund = refunds.approve(refunds.request(captured, 1, reason="x", by=cashier, now=NOW), by=colleague, now=NOW)
    with pytest.raises(refunds.NotRefundable):
        refunds.complete(refund, evidence="  ", now=NOW)
    assert Refund.objects.get().state == RefundState.MANUAL


# -- settlement -------------------------------------------------------------------------


def row(payment: Payment, **changes: str) -> str:
    said = {
        "merchant": MERCHANT,
        "reference": payment.reference,
        "gateway_reference": f"SB{payment.reference}",
        "amount": str(payment.amount),
        "currency": "TWD",
        "paid_at": "2026-11-23T10:30:00+08:00",
    }
    return ",".join({**said, **changes}.values())


def a_file(*rows: str, end: str = "\r\n", total: str = "") -> bytes:
    return end.join([",".join(settlement.COLUMNS), *rows, *([total] if total else []), ""]).encode()


def results(file: SettlementFile) -> list[str]:
    return list(file.rows.values_list("result", flat=True))


def take_in(content: bytes, cashier: User, name: str = "a.csv") -> SettlementFile:
    return settlement.take_in(GATEWAY, name, content, by=cashier, now=NOW)


def test_a_line_that_agrees(captured: Payment, cashier: User) -> None:
    file = take_in(a_file(row(captured), total="TOTAL,1,1000"), cashier)
    assert (results(file), file.first_day, file.last_day) == ([Result.MATCHED], NOW.date(), NOW.date())
    assert list(settlement.only_ours(file)) == []


def test_81_82_the_same_file_twice_and_under_another_name_changes_nothing(captured: Payment, cashier: User) -> None:
    content = a_file(row(captured))
    assert take_in(content, cashier) == take_in(content, cashier, "b.csv")
    assert (SettlementFile.objects.count(), SettlementRow.objects.count(), LedgerEvent.objects.count()) == (1, 1, 1)


def test_85_a_payment_that_nobody_reported_is_booked_once(payment: Payment, cashier: User) -> None:
    assert results(take_in(a_file(row(payment)), cashier)) == [Result.BOOKED]
    assert make.record(payment) is Outcome.DUPLICATE  # the notice that comes later
    assert (Payment.objects.get().state, Bill.objects.get().state) == (PaymentState.CAPTURED, BillState.SETTLED)
    assert (Receipt.objects.count(), LedgerEvent.objects.count()) == (1, 1)


def test_83_what_differs_is_theirs_alone_or_stands_twice(captured: Payment, cashier: User) -> None:
    rows = [
        row(captured),
        row(captured),
        row(captured, amount="999", gateway_reference="SB-other"),
        row(captured, reference="P115999999A01", gateway_reference="SB-none"),
    ]
    file = take_in(a_file(*rows), cashier)
    assert results(file) == [Result.MATCHED, Result.DUPLICATE, Result.AMOUNT_DIFFERS, Result.ONLY_THEIRS]
    assert ReviewItem.objects.count() == 2
    assert Receipt.objects.count() == 1


def test_a_number_in_other_capitals_is_the_same_money(captured: Payment, cashier: User) -> None:
    file = take_in(a_file(row(captured, gateway_reference=f"sb{captured.reference}")), cashier)
    assert results(file) == [Result.MATCHED]
    assert LedgerEvent.objects.filter(kind=LedgerEvent.Kind.OVERPAID).count() == 0


def test_the_right_line_after_a_wrong_file_agrees(captured: Payment, cashier: User) -> None:
    assert results(take_in(a_file(row(captured, amount="999")), cashier)) == [Result.AMOUNT_DIFFERS]
    assert results(take_in(a_file(row(captured)), cashier)) == [Result.MATCHED]
    assert results(take_in(a_file(row(captured), ""), cashier)) == [Result.DUPLICATE]


def test_a_file_that_broke_off_is_gone_on_with_as_that_of_its_own_gateway(captured: Payment, cashier: User) -> None:
    file = take_in(a_file(row(captured)), cashier)
    file.rows.update(result=Result.PENDING, payment=None)
    again = settlement.take_in("ecpay", "settled.csv", a_file(row(captured)), by=cashier, now=NOW)
    assert (again, results(again)) == (file, [Result.MATCHED])


def test_whether_a_line_was_reported_before_is_found_by_its_numbers(captured: Payment, cashier: User) -> None:
    file = take_in(a_file(row(captured)), cashier)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # of a table with one row
    plan = SettlementRow.objects.filter(reference="P1", gateway_reference="SB-1", pk__lt=file.pk).explain()
    assert "settled_by_number" in plan


def test_83_what_only_we_have(captured: Payment, cashier: User) -> None:
    other = a_file(row(captured, reference="P115999999A01", gateway_reference="SB-none"))
    file = take_in(other, cashier)
    assert list(settlement.only_ours(file)) == [captured]


def test_a_second_payment_of_a_bill_is_overpaid(captured: Payment, cashier: User) -> None:
    file = take_in(a_file(row(captured, gateway_reference="SB-second")), cashier)
    assert results(file) == [Result.BOOKED]
    assert LedgerEvent.objects.latest("pk").kind == LedgerEvent.Kind.OVERPAID


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "第 1 行：欄名須為"),
        (b"a,b\r\n1,2\r\n", "第 1 行：欄名須為"),
        (a_file(), "檔案沒有資料"),
        (b"\xff\xff\xff", "檔案不是 UTF-8 或 Big5 文字"),
        (a_file('"' + "x" * 140_000 + '"'), "第 2 行：無法讀取，或有過長的值"),
    ],
)
def test_a_file_that_is_none(content: bytes, problem: str, cashier: User) -> None:
    with pytest.raises(settlement.Unfit) as unfit:
        take_in(content, cashier)
    assert unfit.value.problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"merchant": "another"}, "第 2 行：不是本機關的商店代號"),
        ({"currency": "USD"}, "第 2 行：幣別不是 TWD"),
        ({"amount": "1e3"}, "第 2 行：金額 1e3 不正確，須為 9 位以內的正整數"),
        ({"amount": "-1"}, "第 2 行：金額 -1 不正確，須為 9 位以內的正整數"),
        ({"amount": "１０００"}, "第 2 行：金額 １０００ 不正確，須為 9 位以內的正整數"),
        ({"paid_at": "2026/13/45"}, "第 2 行：繳費時間 2026/13/45 不正確"),
        ({"paid_at": "2024-01-01T00:00:00"}, "第 2 行：繳費時間不在一年之內"),
        ({"reference": ""}, "第 2 行：交易編號不正確"),
        ({"gateway_reference": ""}, "第 2 行：交易編號不正確"),
        ({"gateway_reference": "SB\0"}, "第 2 行：交易編號不正確"),
    ],
)
def test_84_86_a_line_that_is_none_of_ours(changes: dict[str, str], problem: str, captured: Payment, cashier: User) -> None:
    with pytest.raises(settlement.Unfit) as unfit:
        take_in(a_file(row(captured, **changes)), cashier)
    assert list(unfit.value.problems) == [problem]
    assert SettlementFile.objects.count() == 0


def test_84_big5_a_byte_order_mark_thousands_and_a_truncated_last_line(captured: Payment, cashier: User) -> None:
    lines = a_file(row(captured, amount='"1,000"'), end="\n", total='TOTAL,1,"1,000"').decode()
    assert results(take_in(("\ufeff" + lines).encode(), cashier)) == [Result.MATCHED]
    big5 = a_file(row(captured, gateway_reference="臺銀")).decode().encode("cp950")
    assert results(take_in(big5, cashier)) == [Result.BOOKED]
    with pytest.raises(settlement.Unfit) as unfit:
        take_in(a_file(row(captured), f"{MERCHANT},P1"), cashier)
    assert list(unfit.value.problems) == ["第 3 行：有 2 個值，但標題列有 6 欄"]


@pytest.mark.parametrize("total", ["TOTAL,2,1000", "TOTAL,1,999", "TOTAL"])
def test_84_a_total_that_does_not_add_up(total: str, captured: Payment, cashier: User) -> None:
    with pytest.raises(settlement.Unfit) as unfit:
        take_in(a_file(row(captured), total=total), cashier)
    assert list(unfit.value.problems) == ["第 3 行：筆數或金額合計不符"]


# -- the books --------------------------------------------------------------------------


def test_a_day_is_closed_once_and_when_it_is_over(captured: Payment, cashier: User) -> None:
    with pytest.raises(books.ClosedAlready):
        books.close(NOW.date(), by=cashier, now=NOW)
    closed = books.close(NOW.date(), by=cashier, now=NOW + dt.timedelta(days=1))
    assert closed.sums == [["captured", "card", 1, 1000]]
    with pytest.raises(books.ClosedAlready):
        books.close(NOW.date(), by=cashier, now=NOW + dt.timedelta(days=1))
    assert books.came_later([closed]) == {NOW.date(): 0}
    make.record(captured, gateway_reference="SB-late")  # of that day by the bank's time, reported afterwards
    assert books.came_later([closed]) == {NOW.date(): 1}


def test_a_line_that_was_begun_before_the_close_and_booked_after_it_came_later(captured: Payment, cashier: User) -> None:
    closed = books.close(NOW.date(), by=cashier, now=NOW + dt.timedelta(days=1))
    # Numbers are given when a transaction begins: its line has a lower one than those that the close has seen.
    LedgerEvent.objects.create(
        pk=-1, kind=LedgerEvent.Kind.OVERPAID, at=NOW, amount=1000, payment=captured, business_key="sandbank:begun-before:paid"
    )
    assert books.came_later([closed]) == {NOW.date(): 1}


def test_the_list_of_closed_days_asks_as_much_of_three_as_of_one(captured: Payment, cashier: User) -> None:
    client, asked = logged_in(cashier), []
    for days in (1, 2, 3):
        books.close(NOW.date() - dt.timedelta(days=days), by=cashier, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/money/closes/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[2]


def test_a_day_ends_at_midnight_in_taipei(captured: Payment, cashier: User, owner: User, officer: User) -> None:
    before_midnight, after = dt.datetime(2026, 11, 23, 15, 58, tzinfo=dt.UTC), dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC)
    for number, at in enumerate((before_midnight, after)):
        make.record(captured, gateway_reference=f"SB-{number}", occurred_at=at)
    assert books.sums(dt.date(2026, 11, 24), dt.date(2026, 11, 24)) == [["overpaid", "card", 1, 1000]]


def test_the_ledger_is_whole(captured: Payment) -> None:
    call_command("verify_ledger", verbosity=0)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: Payment.objects.update(state=PaymentState.FAILED), "does not follow from the ledger"),
        (lambda: Payment.objects.update(amount=999), "the ledger has 1000"),
        (lambda: Bill.objects.update(total=999), "total 999, lines 1000"),
        (lambda: Bill.objects.update(state=BillState.OPEN), "does not follow from the ledger"),
        (lambda: Receipt.objects.update(number="R115-000002"), "there are gaps"),
        (lambda: Receipt.objects.update(amount=1), "another amount than its payment"),
        (lambda: _sql("UPDATE portal_payments_ledgerevent SET detail = 'x'"), "its digest does not fit"),
    ],
)
def test_79_a_planted_error_is_found(spoil: Any, said: str, captured: Payment, capsys: pytest.CaptureFixture[str]) -> None:
    spoil()
    with pytest.raises(CommandError):
        call_command("verify_ledger")
    assert said in capsys.readouterr().err


def _sql(statement: str) -> None:
    """Behind the database's back: without the triggers that refuse it."""
    table = "portal_payments_ledgerevent"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        cursor.execute(statement)


# -- the pages --------------------------------------------------------------------------


def test_the_sums_and_their_export(captured: Payment, cashier: User) -> None:
    client = logged_in(cashier)
    page = client.get("/admin/money/").content.decode()
    assert "<td>入帳</td><td>國際信用卡網路繳費</td><td>1</td><td>新臺幣 1,000 元</td>" in page
    export = client.get("/admin/money/?first=2026-11-23&last=2026-11-23&export=csv")
    assert export.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(ListExport.objects.values_list("by", "list", "rows")) == [(cashier.pk, "款項總覽", 1)]
    text = export.content.decode()
    assert text.startswith("\ufeff時間（臺北）,種類,金額,")
    assert f"2026/11/23 10:30:00,入帳,1000,國際信用卡網路繳費,模擬銀行,{captured.reference}," in text
    assert "起日不可晚於迄日" in client.get("/admin/money/?first=2026-11-24&last=2026-11-23").content.decode()
    assert "沒有款項" in client.get("/admin/money/?first=2026-11-22&last=2026-11-22").content.decode()


def test_staff_read_the_name_of_a_gateway_and_not_its_code(captured: Payment, cashier: User) -> None:
    client, model = logged_in(cashier), "/admin/portal_payments/payment/"
    listed = client.get(model).content.decode()
    assert '<td class="field-gateway_shown title">模擬銀行</td>' in listed
    assert '?gateway=sandbank">模擬銀行</a>' in listed
    assert "<dd>模擬銀行</dd>" in client.get(f"{model}inspect/{captured.pk}/").content.decode()
    assert ",模擬銀行," in b"".join(client.get(model, {"export": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "<td>模擬銀行 " in client.get(f"/admin/money/payments/{captured.reference}/").content.decode()
    assert '<option value="sandbank">模擬銀行</option>' in client.get("/admin/money/settlements/").content.decode()


def test_one_attempt_with_all_that_belongs_to_it(captured: Payment, cashier: User) -> None:
    browser = logged_in(cashier)
    page = browser.get(f"/admin/money/payments/{captured.reference}/").content.decode()
    case = captured.bill.lines.get().case
    receipt = Receipt.objects.get()
    for shown in (captured.bill.number, case.group_no, case.case_no, "王小明", receipt.number, f"SB{captured.reference}"):
        assert shown in page
    assert "資訊工程" not in page  # no answer of the case
    pdf = browser.get(f"/admin/money/receipts/{receipt.number}.pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert browser.get("/admin/money/payments/none/").status_code == 404


def test_a_refund_by_the_pages(captured: Payment, cashier: User, colleague: User) -> None:
    first, second = logged_in(cashier), logged_in(colleague)
    address = f"/admin/money/payments/{captured.reference}/"
    wrong = first.post(address, {"refund": "", "amount": "1001", "reason": "溢繳"})
    assert wrong.status_code == 400
    assert "可退金額為 1000 元" in wrong.content.decode()
    assert 'value="1001"' in wrong.content.decode()
    assert first.post(address, {"refund": "", "amount": "1000", "reason": "溢繳"}).status_code == 302
    refund = Refund.objects.get()
    decide = f"/admin/money/refunds/{refund.uid}/"
    assert "申請退費的人不能核准自己的申請" in first.post(decide, {"approve": ""}, follow=True).content.decode()
    assert "待人工退費" in second.post(decide, {"approve": ""}, follow=True).content.decode()
    assert "請填寫退費憑證" in second.post(decide, {"evidence": ""}, follow=True).content.decode()
    assert "憑證：支票 7" in second.post(decide, {"evidence": "支票 7"}, follow=True).content.decode()
    assert Refund.objects.get().state == RefundState.DONE


@pytest.mark.parametrize("left_in", [RefundState.APPROVED, RefundState.SUBMITTED])
def test_a_refund_whose_process_died_is_not_forgotten(captured: Payment, cashier: User, colleague: User, left_in: str) -> None:
    refund = refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW)
    Refund.objects.update(state=left_in, decided_by=colleague, decided_at=NOW)
    assert list(work_list.refunds()) == [refund]
    client = logged_in(colleague)
    assert "改為人工退費" in client.get("/admin/money/refunds/").content.decode()
    shown = client.post(f"/admin/money/refunds/{refund.uid}/", {"by_hand": ""}, follow=True).content.decode()
    assert "待人工退費" in shown
    assert ("請先查明是否已退費" in shown) is (left_in == RefundState.SUBMITTED)


def test_the_lists_lead_to_the_attempt_and_an_unknown_message_says_what_it_was_about(captured: Payment, cashier: User) -> None:
    make.record(captured, reference="P999999999A01")
    client, link = logged_in(cashier), f'href="/admin/money/payments/{captured.reference}/"'
    for model in ("bill", "payment", "ledgerevent", "receipt"):
        assert link in client.get(f"/admin/portal_payments/{model}/").content.decode(), model
    assert "sandbank P999999999A01" in client.get("/admin/money/items/").content.decode()


def test_who_may_only_look_changes_nothing(captured: Payment, cashier: User) -> None:
    """A colleague whom an administrator left the lists, and no more."""
    refund = refunds.request(captured, 100, reason="溢繳", by=cashier, now=NOW)
    looks = make_staff("looks", CASHIERS)
    looks.groups.clear()
    left = Q(content_type__app_label="portal_payments", codename__startswith="view_") | Q(codename="access_admin")
    looks.user_permissions.add(*Permission.objects.filter(left))
    client = logged_in(looks)
    client.post(f"/admin/money/payments/{captured.reference}/", {"refund": "", "amount": "1", "reason": "x"})
    for address in (f"refunds/{refund.uid}/", "items/", "settlements/", "closes/"):
        assert client.post(f"/admin/money/{address}", {"approve": ""}).status_code == 302
        assert client.get("/admin/money/").status_code == 200
    assert [each.state for each in Refund.objects.all()] == [RefundState.REQUESTED]


def test_the_work_list(captured: Payment, cashier: User) -> None:
    make.record(captured, gateway_reference="SB-second")
    client = logged_in(cashier)
    item = ReviewItem.objects.get()
    assert "溢繳" in client.get("/admin/money/items/").content.decode()
    empty = client.post("/admin/money/items/", {"item": item.pk, "note": ""})
    assert empty.status_code == 400
    assert "請填寫處理情形" in empty.content.decode()
    for message in ("已處理。", "這筆款項剛被別人處理過。"):
        assert message in client.post("/admin/money/items/", {"item": item.pk, "note": "已退費"}, follow=True).content.decode()
    item.refresh_from_db()
    assert (item.closed_by, item.note) == (cashier, "已退費")
    assert "已退費" in client.get("/admin/money/items/?closed").content.decode()


def test_a_settlement_file_by_the_page(captured: Payment, cashier: User) -> None:
    client = logged_in(cashier)
    wrong = client.post("/admin/money/settlements/", {"gateway": GATEWAY, "file": SimpleUploadedFile("a.csv", b"a,b\n")})
    assert "第 1 行：欄名須為" in wrong.content.decode()
    upload = SimpleUploadedFile("a.csv", a_file(row(captured, amount="999", gateway_reference="SB-x")))
    page = client.post("/admin/money/settlements/", {"gateway": GATEWAY, "file": upload}, follow=True).content.decode()
    assert re.search(r"<h2>金額不符</h2>\s*<div[^>]*><table", page)
    assert "僅本系統有" in page


def test_the_days_close_by_the_page(captured: Payment, cashier: User) -> None:
    client = logged_in(cashier)
    assert "今天還沒結束" in client.post("/admin/money/closes/", {"day": "2026-11-23"}).content.decode()
    page = client.post("/admin/money/closes/", {"day": "2026-11-22"}, follow=True).content.decode()
    assert "已日結。" in page
    assert DayClose.objects.get().sums == []


def test_what_was_reversed_is_in_the_sums(captured: Payment) -> None:
    make.record(captured, said=GatewayStatus.REVERSED)
    assert books.sums(NOW.date(), NOW.date()) == [["captured", "card", 1, 1000], ["reversed", "card", 1, -1000]]
    assert list(books.problems()) == []


# -- refunds of money that went back meanwhile --------------------------------------------


def reverse(payment: Payment) -> None:
    assert make.record(payment, said=GatewayStatus.REVERSED) is Outcome.REVERSED


def test_what_the_bank_took_back_is_not_paid_back_as_well(captured: Payment, cashier: User, colleague: User) -> None:
    refund = refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW)
    assert 'name="approve"' in logged_in(colleague).get("/admin/money/refunds/").content.decode()
    reverse(captured)
    assert 'name="approve"' not in logged_in(colleague).get("/admin/money/refunds/").content.decode()
    with pytest.raises(refunds.NotRefundable, match="款項已沖正或已退還，不足以退費"):
        refunds.approve(refund, by=colleague, now=NOW)
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by) == (RefundState.REQUESTED, None)
    assert refunds.decline(refund, by=cashier, now=NOW).state == RefundState.DECLINED


def test_what_was_approved_is_declined_only_when_its_money_is_gone(captured: Payment, cashier: User, colleague: User) -> None:
    refund = refunds.approve(refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW), by=colleague, now=NOW)
    with pytest.raises(refunds.Changed):
        refunds.decline(refund, by=colleague, now=NOW)
    reverse(captured)
    page = logged_in(cashier).get("/admin/money/refunds/").content.decode()
    assert "款項已沖正：尚未退費者，請按「不同意」。" in page
    refund = refunds.decline(refund, by=cashier, now=NOW)
    assert (refund.state, refund.decided_by, refund.message) == (RefundState.DECLINED, colleague, refunds.GONE)
    assert LedgerEvent.objects.filter(kind=LedgerEvent.Kind.REFUNDED).count() == 0


def test_what_a_person_had_paid_back_already_is_booked_and_looked_at(captured: Payment, cashier: User, colleague: User) -> None:
    refund = refunds.approve(refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW), by=colleague, now=NOW)
    reverse(captured)
    before = ReviewItem.objects.count()
    assert refunds.complete(refund, evidence="匯款單 123", now=NOW).state == RefundState.DONE
    assert ReviewItem.objects.count() == before + 1
    assert ReviewItem.objects.latest("pk").event.kind == LedgerEvent.Kind.REFUNDED
    assert list(books.problems()) == []


def test_two_refunds_do_not_take_the_money_of_one(captured: Payment, cashier: User, colleague: User) -> None:
    """It was paid twice, each is to be paid back, and the bank takes one back itself."""
    make.record(captured, gateway_reference="SB-second")
    first, second = (refunds.request(captured, 1000, reason="溢繳", by=cashier, now=NOW) for _time in range(2))
    make.record(captured, gateway_reference="SB-second", said=GatewayStatus.REVERSED)
    captured.refresh_from_db()
    assert captured.state == PaymentState.CAPTURED
    assert refunds.approve(first, by=colleague, now=NOW).state == RefundState.MANUAL
    with pytest.raises(refunds.NotRefundable):
        refunds.approve(second, by=colleague, now=NOW)


# -- a gateway that pays back itself ------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (None, RefundState.DONE),
        (NotRefunded("too late"), RefundState.FAILED),
        (Unavailable("time-out"), RefundState.MANUAL),
    ],
)
def test_72_the_gateway_pays_back_or_a_person_does(
    answer: Exception | None, state: str, captured: Payment, cashier: User, colleague: User, bank: PayingBack
) -> None:
    bank.answer = answer
    refund = refunds.approve(refunds.request(captured, 300, reason="x", by=cashier, now=NOW), by=colleague, now=NOW)
    assert (refund.state, bank.asked) == (state, [300])
    assert LedgerEvent.objects.filter(kind=LedgerEvent.Kind.REFUNDED).count() == (state == RefundState.DONE)
    if state == RefundState.FAILED:
        refund = refunds.complete(refunds.by_hand(refund), evidence="支票", now=NOW)
        assert refund.state == RefundState.DONE


@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_the_ledger_is_read_is_no_problem(payment: Payment) -> None:
    with meanwhile(Payment._meta.db_table, lambda: make.record(payment)):
        call_command("verify_ledger", verbosity=0)
    assert Payment.objects.get(pk=payment.pk).state == PaymentState.CAPTURED
