"""Through ECPay's dialect from the list to 交易結果, over loopback: forms, notices, questions and refunds, all signed."""

import datetime as dt
import re
import threading
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from portal.cases.models import Case
from portal.cases.states import Status
from portal.payments import operations, registry
from portal.payments.gateways.ecpay import check_mac, gateway
from portal.payments.models import Bill, LedgerEvent, Notice, Payment, Receipt, ReviewItem
from portal.payments.operations import Unanswered
from portal.payments.protocol import FormPost, NotRefunded, Unavailable
from portal.payments.tasks import ask_pending
from portal.sandbank import desk
from portal.sandbank.desk import Fault
from portal.sandbank.dispatcher import THREAD
from portal.sandbank.models import Delivery, Order
from tests.database import empty_cache
from tests.factories import ecpay
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/china-student/individual/payments/"
CARD = {"number": "4311-9522-2222-2222", "expiry": "12/30", "cvv": "123", "pace": "together"}
QUESTIONS = ["Cashier/QueryTradeInfo/V5", "Cashier/QueryPaymentInfo", "CreditDetail/DoAction"]
METHODS = ("card", "web_atm", "virtual_account", "store")


@pytest.fixture(autouse=True)
def at_ecpay(sandbank: str, settings: Settings) -> Iterator[None]:
    settings.ECPAY_URL = f"{sandbank}/ecpay"
    settings.PAYMENT_METHODS = dict.fromkeys(METHODS, "ecpay")
    yield
    empty_cache()


def leave(client: Client, case: Case, method: str) -> dict[str, str]:
    """List, 明細, 方式, and the page with the form: its fields."""
    bill = client.post(LIST, {"only": case.group_no})["Location"]
    page = client.post(f"{bill}method/", {"method": method})
    assert page.status_code == 200
    action = r'<form method="post" action="http://localhost:\d+/sandbank/ecpay/Cashier/AioCheckOut/V5">'
    form = re.search(f"{action}(.*?)</form>", page.content.decode(), re.S)
    assert form
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[1])
    return {name: unescape(value) for name, value in found}


def arrive(fields: dict[str, str]) -> Any:
    """The browser posts the form; where ECPay sends it."""
    return Client(enforce_csrf_checks=True).post("/sandbank/ecpay/Cashier/AioCheckOut/V5", fields_body(fields), ecpay.FORM)


def fields_body(fields: dict[str, str]) -> bytes:
    return ecpay.unsigned(fields).body


def to_ecpay(client: Client, case: Case, method: str) -> str:
    response = arrive(leave(client, case, method))
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def pay_by_card(client: Client, page: str) -> str:
    challenge = client.post(page, CARD)["Location"]
    return str(client.post(challenge, {"code": "1234"})["Location"])


def notices_are_out() -> None:
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join(timeout=30)


def path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def result(client: Client) -> str:
    return " ".join(client.get(f"{LIST}{Bill.objects.get().number}/result/").content.decode().split())


def is_settled_once() -> bool:
    kinds = list(LedgerEvent.objects.values_list("kind", flat=True))
    return (kinds, Receipt.objects.count(), Case.objects.get().status) == (["captured"], 1, Status.COMPLETED)


def test_by_card(owner_client: Client, case: Case) -> None:
    back = pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    notices_are_out()
    assert is_settled_once()
    returned = Client().post(path(back), {"RtnCode": "1", "CheckMacValue": "of no account here"})
    assert (returned.status_code, returned["Location"]) == (303, f"{LIST}{Bill.objects.get().number}/result/")
    assert "交易成功" in result(owner_client)
    payment = Payment.objects.get()
    assert payment.gateway_reference == Order.objects.get().bank_trade_no
    delivery = Delivery.objects.get()
    assert (delivery.last_answer, delivery.tries) == ("1|OK", 1)


def test_by_web_atm(owner_client: Client, case: Case) -> None:
    page = to_ecpay(owner_client, case, "web_atm")
    assert page.endswith("/web-atm/")
    owner_client.post(page, {"pin": "123456", "pace": "together"})
    notices_are_out()
    assert is_settled_once()
    assert Order.objects.get().terms["ChooseSubPayment"] == "BOT"


def test_a_declined_card_and_another_try_with_another_number(owner_client: Client, case: Case) -> None:
    owner_client.post(to_ecpay(owner_client, case, "card"), {**CARD, "number": "4000-0000-0000-0002"})
    notices_are_out()
    assert "發卡銀行拒絕交易" in result(owner_client)
    pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    notices_are_out()
    tries = list(Payment.objects.order_by("id").values_list("reference", "state"))
    assert tries == [("P115000001A01", "failed"), ("P115000001A02", "captured")]


@pytest.mark.parametrize(
    ("method", "way", "codes"),
    [
        ("virtual_account", "ATM:BOT", ["account"]),
        ("store", "BARCODE", ["barcode_1", "barcode_2", "barcode_3"]),
        ("store", "CVS", ["code"]),
    ],
)
def test_by_a_code(owner_client: Client, case: Case, settings: Settings, method: str, way: str, codes: list[str]) -> None:
    settings.ECPAY_PAYMENTS = {method: way}
    page = to_ecpay(owner_client, case, method)
    notices_are_out()
    payment = Payment.objects.get()
    assert (payment.state, sorted(payment.codes)) == ("code_issued", codes)
    assert payment.pay_until == case.deadline
    shown = result(owner_client)
    assert "http-equiv" not in shown
    assert f"{payment.pay_until:%Y/%m/%d} 前（含當日）" in shown
    assert LedgerEvent.objects.count() == 0
    at_the_counter = owner_client.get(page).content.decode()
    assert all(text in at_the_counter for text in payment.codes.values())
    printed = owner_client.get(f"{LIST}{payment.bill.number}/slip.pdf")
    assert printed.status_code == (404 if codes == ["code"] else 200)
    printed.close()
    owner_client.post(page)
    owner_client.post(page)  # a code is paid once
    notices_are_out()
    assert is_settled_once()


def test_a_code_whose_notice_never_came_is_asked_for(owner_client: Client, case: Case) -> None:
    page = to_ecpay(owner_client, case, "virtual_account")
    notices_are_out()
    Payment.objects.update(state="started", codes={}, pay_until=None)
    Notice.objects.all().delete()
    with time_machine.travel(NOW + dt.timedelta(minutes=2)):
        assert ask_pending() == 1
    payment = Payment.objects.get()
    assert (payment.state, list(payment.codes)) == ("code_issued", ["account"])
    desk.switch([Fault.NO_NOTICE])
    owner_client.post(page)
    with time_machine.travel(NOW + dt.timedelta(hours=7)):
        assert ask_pending() == 1
    assert is_settled_once()


def test_58_a_payment_whose_notice_never_came_is_asked_for(owner_client: Client, case: Case) -> None:
    desk.switch([Fault.NO_NOTICE])
    pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    notices_are_out()
    assert (Notice.objects.count(), Payment.objects.get().state) == (0, "started")
    with time_machine.travel(NOW + dt.timedelta(minutes=2)):
        assert ask_pending() == 1
    assert is_settled_once()


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.DUPLICATE, Fault.BAD_SIGNATURE, Fault.REORDER, Fault.SUCCESS_AFTER_FAILURE])
def test_with_each_fault_it_is_settled_once(owner_client: Client, case: Case, fault: Fault) -> None:
    desk.switch([fault])
    pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    for _each in range(4):  # a try starts the next one
        notices_are_out()
    assert list(LedgerEvent.objects.filter(kind="captured").values_list("amount", flat=True)) == [1000]
    assert (Receipt.objects.count(), Case.objects.get().status) == (1, Status.COMPLETED)


def test_29_a_wrong_amount_is_for_the_cashier(owner_client: Client, case: Case) -> None:
    desk.switch([Fault.WRONG_AMOUNT])
    pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    notices_are_out()
    assert (Receipt.objects.count(), ReviewItem.objects.count(), Notice.objects.get().outcome) == (0, 1, "mismatch")


def test_17_a_retry_carries_other_words(owner_client: Client, case: Case) -> None:
    desk.switch([Fault.DROP])
    pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    for _each in range(3):
        notices_are_out()
    assert b"RtnMsg=paid&" in bytes(Notice.objects.get().body)
    assert is_settled_once()


def test_46_a_second_click_before_leaving_is_the_same_order(owner_client: Client, case: Case) -> None:
    first, second = (leave(owner_client, case, "card") for _each in range(2))
    assert first == second
    assert Payment.objects.count() == 1


def test_47_whoever_comes_back_without_paying_gets_a_new_number(owner_client: Client, case: Case) -> None:
    """ECPay takes a MerchantTradeNo once; the old page may still be paid, and is honoured then."""
    abandoned = to_ecpay(owner_client, case, "card")
    pay_by_card(owner_client, to_ecpay(owner_client, case, "card"))
    notices_are_out()
    tries = list(Payment.objects.order_by("id").values_list("reference", "state"))
    assert tries == [("P115000001A01", "cancelled"), ("P115000001A02", "captured")]
    pay_by_card(owner_client, abandoned)
    notices_are_out()
    assert list(LedgerEvent.objects.order_by("id").values_list("kind", flat=True)) == ["captured", "overpaid"]
    assert ReviewItem.objects.count() == 1


def test_a_used_number_is_refused_by_ecpay(owner_client: Client, case: Case) -> None:
    fields = leave(owner_client, case, "card")
    assert arrive(fields).status_code == 302
    assert arrive(fields).status_code == 400
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"TotalAmount": "1"},
        {"MerchantTradeNo": "P1"},
        {"ItemName": "others"},
        {"CheckMacValue": ""},
    ],
    ids=str,
)
def test_a_tampered_order_is_refused_by_ecpay(owner_client: Client, case: Case, changes: dict[str, str]) -> None:
    assert arrive({**leave(owner_client, case, "card"), **changes}).status_code == 400
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"MerchantTradeNo": "P-1"},
        {"TotalAmount": "0"},
        {"PaymentType": "card"},
        {"EncryptType": "0"},
        {"ChoosePayment": "Barter"},
        {"TradeDesc": ""},
        {"ItemName": "x" * 401},
        {"ReturnURL": "ftp://portal.example/"},
        {"StoreExpireDate": "soon"},
    ],
    ids=str,
)
def test_a_wrong_order_is_refused_by_ecpay(owner_client: Client, case: Case, changes: dict[str, str]) -> None:
    fields = {**leave(owner_client, case, "card"), **changes}
    signed = {**fields, "CheckMacValue": check_mac.check_mac_value(fields, "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs")}
    assert arrive(signed).status_code == 400
    assert Order.objects.count() == 0


# Questions.


def test_before_the_browser_arrives_nobody_knows_the_order(owner_client: Client, case: Case) -> None:
    leave(owner_client, case, "card")
    payment = Payment.objects.get()
    assert gateway.read_answer(gateway.ask(payment, NOW)).said == "not_found"
    with time_machine.travel(NOW + dt.timedelta(minutes=16)):
        operations.inquire(payment, now=NOW + dt.timedelta(minutes=16))
    assert payment.state == "expired"


def test_the_result_page_asks_every_half_minute_at_the_most(owner_client: Client, case: Case) -> None:
    to_ecpay(owner_client, case, "card")
    seconds = dt.timedelta(seconds=29)
    payment = Payment.objects.get()
    operations.inquire(payment, now=NOW)
    operations.inquire(payment, now=NOW + seconds)
    assert Payment.objects.get().asked_at == NOW


class Bank(ThreadingHTTPServer):
    """Answers every question in the same way."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mouth)
        self.status, self.answer, self.asked = 200, b"", 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Mouth(BaseHTTPRequestHandler):
    server: Bank

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def bank(settings: Settings) -> Iterator[Bank]:
    with Bank() as server:
        settings.ECPAY_URL = server.url
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def payment(bill: Bill) -> Payment:
    start = operations.start_payment(bill, registry.method("card"), now=NOW)
    assert isinstance(start, FormPost)
    return bill.payments.get()


def test_57_who_is_answered_403_rests_for_half_an_hour(payment: Payment, bank: Bank) -> None:
    bank.status = 403
    for _each in range(3):
        with pytest.raises(Unavailable):
            gateway.ask(payment, NOW)
    assert bank.asked == 1
    bank.status, bank.answer = 200, ecpay.raw(ecpay.trade(payment)).body
    with pytest.raises(Unavailable, match="resting"):
        gateway.ask(payment, NOW + dt.timedelta(minutes=29, seconds=59))
    assert gateway.read_answer(gateway.ask(payment, NOW + dt.timedelta(minutes=30))).said == "paid"
    assert bank.asked == 2


def test_57_meanwhile_nothing_is_begun_beside_it(payment: Payment, bank: Bank) -> None:
    bank.status = 403
    with pytest.raises(Unanswered):
        operations.start_payment(payment.bill, registry.method("web_atm"), now=NOW + dt.timedelta(minutes=1))
    assert list(Payment.objects.values_list("state", flat=True)) == ["unknown"]


@pytest.mark.parametrize("status", [500, 302, 404, 204])
def test_anything_but_200_is_no_answer_and_no_reason_to_rest(payment: Payment, bank: Bank, status: int) -> None:
    bank.status = status
    for _each in range(2):
        with pytest.raises(Unavailable):
            gateway.ask(payment, NOW)
    assert bank.asked == 2


def test_56_an_answer_with_a_bad_signature_is_no_answer(payment: Payment, bank: Bank) -> None:
    bank.answer = ecpay.raw(ecpay.trade(payment), key="guessed").body
    with pytest.raises(Unanswered):
        operations.ask_now(payment, now=NOW + dt.timedelta(minutes=1))
    assert (Payment.objects.get().state, LedgerEvent.objects.count()) == ("unknown", 0)


def test_56_an_answer_about_another_order_is_no_answer(payment: Payment, bank: Bank) -> None:
    bank.answer = ecpay.raw(ecpay.trade(payment, MerchantTradeNo="P115000009A01")).body
    with pytest.raises(Unanswered):
        operations.ask_now(payment, now=NOW + dt.timedelta(minutes=1))
    assert LedgerEvent.objects.count() == 0


def test_an_order_that_ecpay_never_saw_needs_to_repeat_nothing(payment: Payment, bank: Bank) -> None:
    bank.answer = ecpay.raw({"MerchantID": "", "MerchantTradeNo": "", "TradeAmt": "", "TradeStatus": "10200047"}).body
    later = NOW + dt.timedelta(minutes=16)
    assert operations.ask_now(payment, now=later) == "not_found"
    assert Payment.objects.get().state == "expired"


def test_without_keys_nothing_is_asked(payment: Payment, bank: Bank, settings: Settings) -> None:
    settings.ECPAY_HASH_IV = ""
    with pytest.raises(Unavailable):
        gateway.ask(payment, NOW)
    assert bank.asked == 0


# Refunds.


def paid(client: Client, case: Case) -> Payment:
    pay_by_card(client, to_ecpay(client, case, "card"))
    notices_are_out()
    return Payment.objects.get()


def returned() -> int:
    return int(Order.objects.get().terms.get("returned", 0))


def test_70_captured_money_is_given_back_in_parts(owner_client: Client, case: Case) -> None:
    payment = paid(owner_client, case)
    desk.advance(NOW)
    assert gateway.can_refund(payment)
    gateway.refund(payment, 300, now=NOW)
    assert returned() == 300
    with pytest.raises(NotRefunded, match="error_status"):
        gateway.refund(payment, 701, now=NOW)
    gateway.refund(payment, 700, now=NOW)
    assert returned() == 1000


def test_all_of_what_is_not_captured_yet_is_given_up_in_two_steps(owner_client: Client, case: Case) -> None:
    payment = paid(owner_client, case)
    gateway.refund(payment, 1000, now=NOW)
    order = Order.objects.get()
    assert (order.terms["claim"], returned()) == ("taken back", 1000)
    with pytest.raises(NotRefunded):
        gateway.refund(payment, 1000, now=NOW)


def test_a_part_of_what_is_not_captured_yet_is_given_back(owner_client: Client, case: Case) -> None:
    payment = paid(owner_client, case)
    gateway.refund(payment, 300, now=NOW)
    assert returned() == 300


@pytest.mark.parametrize("answer", [b"", b"<html>", b"RtnCode=1&MerchantTradeNo=P115000009A01", b"MerchantTradeNo=P115000001A01"])
def test_72_an_answer_that_is_none_leaves_it_unknown(payment: Payment, bank: Bank, answer: bytes) -> None:
    bank.answer = answer
    with pytest.raises(Unavailable):
        gateway.refund(payment, 1000, now=NOW)
    assert bank.asked == 1


# What is kept.


def test_89_nothing_of_a_card_or_a_key_is_kept_or_logged(
    owner_client: Client, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    paid(owner_client, case)
    result(owner_client)
    order = Order.objects.get()
    kept = b"".join(bytes(notice.body) for notice in Notice.objects.all()).decode() + caplog.text + str(order.terms)
    for secret in ("9522", "2222-2222", "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs", case.owner.ui_no, case.owner.email):
        assert secret not in kept


@pytest.mark.parametrize("address", ["Cashier/AioCheckOut/V5", *QUESTIONS])
def test_87_outside_of_a_demonstration_there_is_nothing_here(settings: Settings, address: str) -> None:
    settings.DEMO = False
    assert Client().post(f"/sandbank/ecpay/{address}").status_code == 404


@pytest.mark.parametrize("address", QUESTIONS)
def test_a_question_that_is_not_signed_just_now_is_refused_by_ecpay(payment: Payment, address: str) -> None:
    fields = {"MerchantID": "3002607", "MerchantTradeNo": payment.reference, "TimeStamp": f"{NOW.timestamp() - 181:.0f}"}
    old = Client().post(f"/sandbank/ecpay/{address}", ecpay.raw(fields).body, ecpay.FORM)
    forged = Client().post(f"/sandbank/ecpay/{address}", ecpay.raw(fields, key="guessed").body, ecpay.FORM)
    assert (old.status_code, forged.status_code) == (200 if "DoAction" in address else 400, 400)
