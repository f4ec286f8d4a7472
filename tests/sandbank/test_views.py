"""The bank's hosted pages and its interface for merchants."""

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from portal.sandbank import operations, signature
from portal.sandbank.models import Delivery, Order
from tests.sandbank.conftest import GOOD, NOW, link, terms

pytestmark = pytest.mark.django_db


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def page(order: Order, name: str = "") -> str:
    return f"/sandbank/orders/{order.uid}/{name}"


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def test_a_signed_link_opens_the_order(client: Client) -> None:
    response = client.get(link(terms()))
    order = Order.objects.get()
    assert (response.status_code, response["Location"]) == (302, page(order))
    assert (order.merchant, order.trade_no, order.amount, order.state) == ("tea-shop", "T0001", 1000, "open")


def test_the_same_link_again_is_the_same_order(client: Client) -> None:
    assert client.get(link(terms()))["Location"] == client.get(link(terms()))["Location"]


@pytest.mark.parametrize(
    "address",
    [
        "/sandbank/pay/",
        "/sandbank/pay/?order=!!!&signature=x",
        link(terms(), spoil=" "),
        link(terms(), now=NOW - dt.timedelta(seconds=301)),
        link({"merchant": "tea-shop"}),
        link(terms(amount="many")),
        link(terms(amount=0)),
        link(["tea-shop"]),
    ],
    ids=["nothing", "no base64", "tampered", "stale", "not whole", "no amount", "nought", "a list"],
)
def test_a_bad_link_is_refused(client: Client, address: str) -> None:
    assert "訂單資料驗證未通過或已逾時，請回特約商店重新付款。" in text(client.get(address), 400)
    assert Order.objects.count() == 0


def test_a_number_is_used_for_one_order(client: Client) -> None:
    client.get(link(terms()))
    assert client.get(link(terms(amount=1))).status_code == 400
    assert Order.objects.get().amount == 1000


def test_the_card_page_names_the_test_cards_and_is_marked(client: Client, order: Order) -> None:
    found = text(client.get(page(order)))
    for words in ("模擬銀行", "DEMO", "TWD 1,000", "4311-9522-2222-2222", "4000-0000-0000-0002", "4000-0400-0000-0008", "1234"):
        assert words in found
    assert "portal/portal.css" not in found


def test_a_good_card_and_the_code_pay(client: Client, order: Order) -> None:
    assert client.post(page(order), GOOD)["Location"] == page(order, "3ds/")
    assert client.get(page(order))["Location"] == page(order, "3ds/")
    assert "簡訊驗證碼" in text(client.get(page(order, "3ds/")))
    response = client.post(page(order, "3ds/"), {"code": "１２３４"})
    assert (response.status_code, response["Location"], state(order)) == (303, order.return_url, "paid")
    body = json.loads(Delivery.objects.get().body)
    assert body == {
        "type": "payment.succeeded",
        "event_id": Delivery.objects.get().event_id,
        "merchant": "tea-shop",
        "merchant_trade_no": "T0001",
        "bank_trade_no": order.bank_trade_no,
        "amount": 1000,
        "currency": "TWD",
        "method": "card",
        "occurred_at": "2026-11-23T10:30:00+08:00",
        "message": "",
    }


def test_a_wrong_code_may_be_tried_again(client: Client, order: Order) -> None:
    client.post(page(order), GOOD)
    found = text(client.post(page(order, "3ds/"), {"code": "9999"}))
    assert "<title>錯誤：3D 驗證" in found
    assert "簡訊驗證碼錯誤，請重新輸入。" in found
    assert (state(order), Delivery.objects.count()) == ("challenge", 0)


def test_the_code_alone_pays_nothing(client: Client, order: Order) -> None:
    assert client.post(page(order, "3ds/"), {"code": "1234"})["Location"] == page(order)
    assert state(order) == "open"


def test_a_declined_card_goes_back_with_the_reason(client: Client, order: Order) -> None:
    response = client.post(page(order), {**GOOD, "number": "4000-0000-0000-0002"})
    assert (response.status_code, response["Location"], state(order)) == (303, order.return_url, "failed")
    body = json.loads(Delivery.objects.get().body)
    assert (body["type"], body["message"]) == ("payment.failed", "發卡銀行拒絕交易")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"number": "4000-0400-0000-0008"}, "必須使用非臺灣銀行發行之國際信用卡繳費。"),
        ({"number": "4111 1111 1111 1111"}, "請勿輸入真實卡號"),
        ({"number": "3782-822463-10005"}, "信用卡包含 VISA、MasterCard 及 JCB 三種卡種可使用。"),
        ({"number": "4311"}, "信用卡號有誤"),
        ({"number": ""}, "請輸入信用卡號。"),
        ({"expiry": "13/30"}, "請依「月/年」格式輸入有效期限"),
        ({"cvv": "12"}, "背面末三碼為三位數字。"),
        ({"pace": "never"}, "選擇"),
    ],
    ids=["Bank of Taiwan", "real card", "American Express", "short", "empty", "month 13", "two digits", "pace"],
)
def test_a_card_that_is_refused_says_why_and_another_may_be_tried(
    client: Client, order: Order, changes: dict[str, str], why: str
) -> None:
    found = text(client.post(page(order), {**GOOD, **changes}))
    assert "<title>錯誤：信用卡資料" in found
    assert why in found
    assert (state(order), Delivery.objects.count()) == ("open", 0)
    assert client.post(page(order), GOOD).status_code == 302


@pytest.mark.parametrize("number", ["４３１１ ９５２２ ２２２２ ２２２２", "4311952222222222"])
def test_a_card_number_is_read_as_people_type_it(client: Client, order: Order, number: str) -> None:
    assert client.post(page(order), {**GOOD, "number": number})["Location"] == page(order, "3ds/")


@pytest.mark.parametrize("begun", [False, True])
def test_the_card_holder_may_cancel(client: Client, order: Order, begun: bool) -> None:
    if begun:
        client.post(page(order), GOOD)
    response = client.post(page(order, "cancel/"))
    assert (response["Location"], state(order)) == (order.return_url, "cancelled")
    assert json.loads(Delivery.objects.get().body)["type"] == "payment.cancelled"


def test_what_is_paid_is_not_cancelled_or_paid_again(client: Client, order: Order) -> None:
    client.post(page(order), GOOD)
    client.post(page(order, "3ds/"), {"code": "1234"})
    client.post(page(order, "cancel/"))
    client.post(page(order, "3ds/"), {"code": "1234"})
    assert client.post(page(order), GOOD)["Location"] == page(order, "done/")
    assert (state(order), Delivery.objects.count()) == ("paid", 1)


def test_when_the_notice_goes_first_the_browser_waits_for_it(client: Client, order: Order) -> None:
    client.post(page(order), {**GOOD, "pace": "notice_first"})
    assert client.post(page(order, "3ds/"), {"code": "1234"})["Location"] == page(order, "done/")
    assert '<meta http-equiv="refresh" content="1">' in text(client.get(page(order, "done/")))
    Delivery.objects.update(delivered_at=NOW)
    found = text(client.get(page(order, "done/")))
    assert "http-equiv" not in found
    assert f'href="{order.return_url}">返回特約商店</a>' in found


def test_an_order_left_alone_expires(client: Client, order: Order) -> None:
    later = NOW + operations.LIFE
    with time_machine.travel(later, tick=False):
        assert client.post(page(order), GOOD)["Location"] == page(order, "done/")
        assert "交易逾時" in text(client.get(page(order, "done/")))
        assert not operations.cancel(order, now=later)
    assert state(order) == "open"
    assert operations.status(order, later)["status"] == "expired"


def test_an_order_on_its_way_is_not_done(client: Client, order: Order) -> None:
    assert client.get(page(order, "done/"))["Location"] == page(order)


def ask(order: Order | None, *, now: dt.datetime = NOW, **changes: Any) -> dict[str, Any]:
    body = json.dumps({"merchant": "tea-shop", "merchant_trade_no": order.trade_no if order else "T9999", **changes}).encode()
    headers = {signature.HEADER: signature.sign(django_settings.SANDBANK_KEYS, body, now)}
    response = Client(enforce_csrf_checks=True).post("/sandbank/api/orders/query/", body, "application/json", headers=headers)
    assert signature.is_valid(django_settings.SANDBANK_KEYS, response.content, response[signature.HEADER], now)
    answer: dict[str, Any] = json.loads(response.content)
    return answer


def test_a_merchant_may_ask(client: Client, order: Order) -> None:
    assert (ask(order)["status"], ask(order)["amount"]) == ("open", 1000)
    assert ask(None)["status"] == "not_found"
    assert ask(order, merchant="coffee-shop")["status"] == "not_found"
    client.post(page(order), GOOD)
    client.post(page(order, "3ds/"), {"code": "1234"})
    answer = ask(order)
    assert (answer["status"], answer["event_id"]) == ("paid", Delivery.objects.get().event_id)


def test_an_outcome_is_said_no_earlier_than_its_notice(client: Client, order: Order) -> None:
    client.post(page(order), {**GOOD, "pace": "return_first"})
    client.post(page(order, "3ds/"), {"code": "1234"})
    assert ask(order)["status"] == "processing"
    later = NOW + operations.LATE
    with time_machine.travel(later, tick=False):
        assert ask(order, now=later)["status"] == "paid"


def test_an_unsigned_question_is_not_answered(client: Client, order: Order) -> None:
    response = client.post("/sandbank/api/orders/query/", {"merchant_trade_no": order.trade_no}, "application/json")
    assert (response.status_code, response.content) == (401, b"")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff"])
def test_a_signed_question_that_makes_no_sense_is_refused(client: Client, order: Order, body: bytes) -> None:
    headers = {signature.HEADER: signature.sign(django_settings.SANDBANK_KEYS, body, NOW)}
    assert client.post("/sandbank/api/orders/query/", body, "application/json", headers=headers).status_code == 400


@pytest.mark.parametrize("name", ["", "3ds/", "cancel/", "done/"])
def test_87_outside_of_a_demonstration_there_is_no_bank(client: Client, order: Order, settings: Settings, name: str) -> None:
    settings.DEMO = False
    for address in (page(order, name), link(terms()), "/sandbank/api/orders/query/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_89_no_card_number_is_kept(client: Client, order: Order, caplog: pytest.LogCaptureFixture) -> None:
    client.post(page(order), GOOD)
    client.post(page(order, "3ds/"), {"code": "1234"})
    kept = json.dumps([list(Order.objects.values()), list(Delivery.objects.values())], default=str) + caplog.text
    for secret in ("4311", "2222-2222", "222222222"):
        assert secret not in kept


def test_the_pages_are_not_kept_and_run_no_script(client: Client, order: Order) -> None:
    response = client.get(page(order))
    assert "no-store" in response["Cache-Control"]
    for forbidden in ("<script", "style=", "onclick"):
        assert forbidden not in text(response)
