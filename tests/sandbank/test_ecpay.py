"""The bank in ECPay's dialect, spoken to by a merchant who is not the portal."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from pytest_django import Settings

from portal.sandbank import desk, dispatcher, operations
from portal.sandbank.desk import Fault
from portal.sandbank.ecpay import check_mac, notices, orders, words
from portal.sandbank.models import Delivery, Order
from tests.sandbank.conftest import NOW, Merchant
from tests.sandbank.conftest import terms as shop_terms

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
CHECK_OUT = "/sandbank/ecpay/Cashier/AioCheckOut/V5"


def terms(url: str = "http://127.0.0.1:9/notify/", **changes: str) -> dict[str, str]:
    return {
        "MerchantID": "3002607",
        "MerchantTradeNo": "T0001",
        "MerchantTradeDate": "2026/11/23 10:30:00",
        "PaymentType": "aio",
        "TotalAmount": "1000",
        "TradeDesc": "tea",
        "ItemName": "tea 1000 TWD x 1",
        "ReturnURL": url,
        "PaymentInfoURL": f"{url}code/",
        "ChoosePayment": "Credit",
        "EncryptType": "1",
        **changes,
    }


def check_out(client: Client, **changes: str) -> Any:
    return client.post(CHECK_OUT, check_mac.write(terms(**changes)), FORM)


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


PAGES = {"Credit": "/sandbank/orders/{}/", "WebATM": "/sandbank/orders/{}/web-atm/", "ATM": "/sandbank/ecpay/codes/{}/"}


@pytest.mark.parametrize(("chosen", "page"), PAGES.items(), ids=PAGES)
def test_each_way_has_its_page(client: Client, chosen: str, page: str) -> None:
    assert check_out(client, ChoosePayment=chosen)["Location"] == page.format(Order.objects.get().uid)


@pytest.mark.parametrize(("language", "code"), [("", "zh-hant"), ("ENG", "en"), ("CHI", "zh-hans"), ("KOR", "zh-hant")])
def test_its_pages_are_in_the_customers_language(client: Client, language: str, code: str) -> None:
    page = check_out(client, ChoosePayment="ATM", Language=language)["Location"]
    assert f'<html lang="{code}">' in text(client.get(page))


def test_codes_wait_in_a_list_until_they_are_paid_once(client: Client) -> None:
    assert "目前沒有待繳的代碼。" in text(client.get("/sandbank/ecpay/codes/"))
    page = check_out(client, ChoosePayment="ATM")["Location"]
    check_out(client, MerchantTradeNo="T0002")  # by card: no code
    assert text(client.get("/sandbank/ecpay/codes/")).count("T000") == 1
    shown = text(client.get(page))
    for part in ("銀行代碼", "004", "虛擬帳號", "繳費期限", "2026/11/26", "以此代碼繳費"):
        assert part in shown
    for _each in range(2):
        assert client.post(page).status_code == 302
    assert "已收款" in text(client.get(page))
    assert Delivery.objects.filter(order__trade_no="T0001").count() == 2  # the code, and one payment
    assert "目前沒有待繳的代碼。" in text(client.get("/sandbank/ecpay/codes/"))


def test_a_code_that_lapsed_is_not_taken(client: Client) -> None:
    page = check_out(client, ChoosePayment="BARCODE", StoreExpireDate="1")["Location"]
    desk.advance(NOW)
    assert "以此代碼繳費" in text(client.get(page))  # the last day
    desk.advance(NOW)
    assert "已逾繳費期限。" in text(client.get(page))
    client.post(page)
    order = Order.objects.get()
    assert order.state == "open"
    assert orders.trade(order, NOW)["TradeStatus"] == "10200095"


def test_what_has_no_code_has_no_page_of_one(client: Client) -> None:
    check_out(client)
    assert client.get(f"/sandbank/ecpay/codes/{Order.objects.get().uid}/").status_code == 404


@pytest.mark.parametrize(
    ("chosen", "life", "codes"),
    [
        ("ATM", {"ExpireDate": "7"}, {"BankCode": "004", "vAccount": "9103522000000001", "ExpireDate": "2026/11/30"}),
        ("CVS", {"StoreExpireDate": "10080"}, {"PaymentNo": "LLL00000000001", "ExpireDate": "2026/11/30 10:30:00"}),
        (
            "BARCODE",
            {"StoreExpireDate": "7"},
            {
                "Barcode1": "1511306EU",
                "Barcode2": "0000000000000001",
                "Barcode3": "113000000001000",
                "ExpireDate": "2026/11/30 23:59:59",
            },
        ),
    ],
)
def test_codes(client: Client, chosen: str, life: dict[str, str], codes: dict[str, str]) -> None:
    check_out(client, ChoosePayment=chosen, **life)
    order = Order.objects.get()
    order.pk = 1
    assert {name: value for name, value in words.codes(order).items() if value} == codes


def test_a_code_and_a_payment_go_to_their_own_addresses(client: Client, merchant: Merchant) -> None:
    fields = terms(merchant.url, ChoosePayment="ATM", ExpireDate="7")
    client.post(CHECK_OUT, check_mac.write(fields), FORM)
    order = Order.objects.get()
    operations.receive_cash(order, now=NOW)
    code, payment = order.deliveries.all()
    assert (notices.url(code), notices.url(payment)) == (f"{merchant.url}code/", merchant.url)
    said = dict(parse_qsl((notices.form(payment) or b"").decode(), keep_blank_values=True))
    assert {name: said[name] for name in ("RtnCode", "RtnMsg", "SimulatePaid", "TradeAmt", "PaymentDate")} == {
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "SimulatePaid": "0",
        "TradeAmt": "1000",
        "PaymentDate": "2026/11/23 10:30:00",
    }
    assert said["CheckMacValue"] == check_mac.reckon(said, "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs")


@pytest.mark.parametrize("answer", [b"OK", b"1|OK\n", b" 1|OK", b"0|Unknown", b""])
def test_only_the_exact_answer_ends_the_deliveries(client: Client, merchant: Merchant, answer: bytes) -> None:
    client.post(CHECK_OUT, check_mac.write(terms(merchant.url, ChoosePayment="ATM")), FORM)
    Order.objects.update(terms=terms(merchant.url, PaymentInfoURL=merchant.url))
    delivery = Delivery.objects.get()
    merchant.answers = [(200, answer), (200, b"1|OK")]
    again = dispatcher.deliver(delivery.pk, now=NOW)
    assert again == dt.timedelta(seconds=1)
    assert dispatcher.deliver(delivery.pk, now=NOW + again) is None
    delivery.refresh_from_db()
    assert (delivery.last_answer, delivery.tries, len(merchant.heard)) == ("1|OK", 2, 2)
    assert merchant.heard[0][0]["Content-Type"] == FORM


def test_of_a_reversal_ecpay_says_nothing(client: Client, merchant: Merchant) -> None:
    desk.switch([Fault.REVERSED])
    client.post(CHECK_OUT, check_mac.write(terms(merchant.url, ChoosePayment="ATM")), FORM)
    operations.receive_cash(Order.objects.get(), now=NOW)
    reversal = Delivery.objects.order_by("id").last()
    assert reversal is not None
    assert notices.form(reversal) is None
    assert dispatcher.deliver(reversal.pk, now=NOW + dt.timedelta(days=2)) is None
    reversal.refresh_from_db()
    assert (reversal.delivered_at is not None, merchant.heard) == (True, [])


ELSEWHERE = [
    "http://127.0.0.1:5998/",
    "http://10.0.0.5:6379/",
    "https://127.0.0.1:9/",
    "http://127.0.0.1:9@evil.example/",
    "//evil.example/",
]


@pytest.mark.parametrize("url", ELSEWHERE)
@pytest.mark.parametrize("name", orders.URLS)
def test_only_the_portal_is_called_and_led_to(client: Client, name: str, url: str) -> None:
    """The keys are known to everybody."""
    assert check_out(client, **{name: url}).status_code == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize("url", ELSEWHERE)
@pytest.mark.parametrize("name", ["return_url", "notify_url"])
def test_nor_in_the_banks_own_language(name: str, url: str) -> None:
    with pytest.raises(operations.BadOrder):
        operations.open_order(shop_terms(**{name: url}), now=NOW)
    assert not Order.objects.exists()


def test_without_keys_nobody_signs(client: Client, settings: Settings) -> None:
    settings.ECPAY_MERCHANT_ID = settings.ECPAY_HASH_KEY = settings.ECPAY_HASH_IV = ""
    assert check_out(client, MerchantID="").status_code == 400
    assert not Order.objects.exists()
