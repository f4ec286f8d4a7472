"""The counter, the store, the clock and the fault panel."""

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from portal.sandbank import collection, desk, dispatcher, operations
from portal.sandbank.desk import Fault
from portal.sandbank.models import Delivery, Order
from portal.sandbank.tasks import dispatch_due
from tests.sandbank.conftest import NOW, Merchant

pytestmark = pytest.mark.django_db
ACCOUNT = "9990001150000016"  # for 1,000
BARCODES = ("151207000", ACCOUNT, "120767000001000")
STORE = dict(zip(("barcode_1", "barcode_2", "barcode_3"), BARCODES, strict=True))


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# -- counter ----------------------------------------------------------------------------


@pytest.mark.parametrize("account", [ACCOUNT, " 9990-0011 5000 0016 ", "９９９０００１１５０００００１６"])
@pytest.mark.parametrize("amount", ["1000", "1,000", "１０００"])
def test_cash_for_an_account_is_taken_once(client: Client, account: str, amount: str) -> None:
    found = text(client.post("/sandbank/desk/counter/", {"account": account, "amount": amount}))
    assert "已收款" in found
    order = Order.objects.get()
    assert (order.trade_no, order.amount, order.state, order.method) == (ACCOUNT, 1000, "paid", "virtual_account")
    again = text(client.post("/sandbank/desk/counter/", {"account": ACCOUNT, "amount": "1000"}))
    assert "本繳費單已繳費，不得重複繳費。" in again
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("account", "amount", "why"),
    [
        (ACCOUNT, "999", "帳號檢查碼不符"),
        (ACCOUNT, "1001", "帳號檢查碼不符"),
        ("9990001150000015", "1000", "帳號檢查碼不符"),
        ("999000115000001", "1000", "虛擬帳號為 16 位數字。"),
        ("7006020000462711", "14520", "非本行代收之帳號。"),
        ("", "1000", "請輸入虛擬帳號。"),
        (ACCOUNT, "", "請輸入金額。"),
        (ACCOUNT, "-1000", "金額須為正整數。"),
        (ACCOUNT, "0", "金額須為正整數。"),
        (ACCOUNT, "1000.0", "金額須為正整數。"),
    ],
)
def test_32_45_what_does_not_fit_is_not_taken_and_nothing_typed_is_lost(
    client: Client, account: str, amount: str, why: str
) -> None:
    found = text(client.post("/sandbank/desk/counter/", {"account": account, "amount": amount}))
    assert why in found
    assert "<title>錯誤：臨櫃繳費" in found
    for typed in filter(None, (account, amount)):
        assert f'value="{typed}"' in found
    assert Order.objects.count() == 0


# -- store --------------------------------------------------------------------------------


def test_three_barcodes_pay(client: Client) -> None:
    assert "已收款" in text(client.post("/sandbank/desk/store/", STORE))
    assert (Order.objects.get().trade_no, Order.objects.get().amount) == (ACCOUNT, 1000)
    assert "本繳費單已繳費，不得重複繳費。" in text(client.post("/sandbank/desk/store/", STORE))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"barcode_1": ""}, "請掃描第一段條碼。"),
        ({"barcode_1": "15120700"}, "第 1 段條碼格式不符。"),
        ({"barcode_1": "151399000", "barcode_3": "120747000001000"}, "條碼檢查碼不符"),
        ({"barcode_2": BARCODES[2]}, "第 2 段條碼格式不符。"),
        ({"barcode_3": "120767000001001"}, "條碼檢查碼不符"),
        ({"barcode_3": "12076700000100"}, "第 3 段條碼格式不符。"),
        ({"barcode_3": "120767000001000K"}, "第 3 段條碼格式不符。"),  # a mod-43 character
    ],
)
def test_what_a_till_cannot_use_it_refuses(client: Client, changes: dict[str, str], why: str) -> None:
    assert why in text(client.post("/sandbank/desk/store/", {**STORE, **changes}))
    assert Order.objects.count() == 0


def test_stars_around_a_scan_do_no_harm(client: Client) -> None:
    assert "已收款" in text(client.post("/sandbank/desk/store/", {name: f"*{code}*" for name, code in STORE.items()}))


def test_38_on_the_last_day_it_is_taken_and_on_the_next_it_is_not() -> None:
    last_second = dt.datetime(2026, 12, 7, 23, 59, 59, tzinfo=dispatcher.TAIPEI)
    assert collection.in_a_store(*BARCODES, now=last_second).amount == 1000
    with pytest.raises(ValidationError, match="已逾繳費期限，超商不受理。"):
        collection.in_a_store(*BARCODES, now=last_second + dt.timedelta(seconds=1))


def test_42_a_store_takes_twenty_thousand_at_most() -> None:
    for amount, is_taken in ((20_000, True), (20_001, False)):
        written = f"{amount:09d}"
        third = "1207" + collection.check_characters("151207000", ACCOUNT, f"1207{written}") + written
        if is_taken:
            assert collection.in_a_store("151207000", ACCOUNT, third, now=NOW).amount == amount
        else:
            with pytest.raises(ValidationError, match="金額超過超商代收上限。"):
                collection.in_a_store("151207000", ACCOUNT, third, now=NOW)


@pytest.mark.parametrize(("written", "day"), [("151207", dt.date(2026, 12, 7)), ("991231", dt.date(2010, 12, 31))])
def test_62_the_year_on_a_barcode_is_the_nearest(written: str, day: dt.date) -> None:
    assert collection._due(written, NOW) == day


# -- clock --------------------------------------------------------------------------------


def test_a_merchant_hears_of_the_counter_on_the_next_working_day_and_of_stores_after_two(
    client: Client, merchant: Merchant, settings: Settings
) -> None:
    settings.BASE_URL = merchant.url.removesuffix("/notify/")
    client.post("/sandbank/desk/counter/", {"account": ACCOUNT, "amount": "1000"})
    client.post("/sandbank/desk/store/", {**STORE, "barcode_2": "9990001150000021", "barcode_3": _third("9990001150000021")})
    heard = []
    for _each in range(3):
        dispatch_due()
        heard.append(len(merchant.heard))
        desk.advance(NOW)
    assert heard == [0, 1, 2]
    body = json.loads(merchant.heard[0][1])
    assert (body["merchant_trade_no"], body["amount"], body["type"]) == (ACCOUNT, 1000, "payment.succeeded")
    assert body["occurred_at"] == "2026-11-23T10:30:00+08:00"  # the true time, whatever the clock of the bank says


def _third(account: str) -> str:
    return "1207" + collection.check_characters("151207000", account, "1207000001000") + "000001000"


def test_until_then_who_asks_is_kept_waiting(client: Client) -> None:
    client.post("/sandbank/desk/counter/", {"account": ACCOUNT, "amount": "1000"})
    order = Order.objects.get()
    assert operations.status(order, NOW)["status"] == "processing"
    desk.advance(NOW)
    desk.advance(NOW)
    assert operations.status(order, NOW)["status"] == "paid"


def test_the_next_working_day_is_reached_from_the_small_hours_too(client: Client) -> None:
    now = dt.datetime.fromisoformat("2026-11-23T04:06:00+08:00")
    with time_machine.travel(now, tick=False):
        client.post("/sandbank/desk/counter/", {"account": ACCOUNT, "amount": "1000"})
        desk.advance(now)
        assert operations.status(Order.objects.get(), now)["status"] == "paid"


@pytest.mark.parametrize(
    ("day", "then"),
    [("2026-11-23", "2026-11-24"), ("2026-11-27", "2026-11-30"), ("2026-11-28", "2026-11-30")],
)
def test_the_clock_goes_on_by_working_days_and_is_set_right_again(client: Client, day: str, then: str) -> None:
    now = dt.datetime.fromisoformat(f"{day}T09:00:00+08:00")
    with time_machine.travel(now, tick=False):
        assert client.post("/sandbank/desk/clock/", {"go": "on"})["Location"] == "/sandbank/desk/"
        assert desk.clock(now).astimezone(dispatcher.TAIPEI).date() == dt.date.fromisoformat(then)
        client.post("/sandbank/desk/clock/", {"go": "reset"})
        assert desk.clock(now) == now


def test_the_clock_stops_a_year_ahead() -> None:
    for _each in range(400):
        ahead = desk.advance(NOW)
    assert ahead - NOW == dt.timedelta(days=366)


# -- faults -------------------------------------------------------------------------------


def test_the_panel_switches_exactly_these_on(client: Client) -> None:
    client.post("/sandbank/desk/faults/", {"faults": ["drop", "delay"]})
    assert desk.active() == {"drop", "delay"}
    found = text(client.get("/sandbank/desk/"))
    assert found.count(" checked") == 2
    client.post("/sandbank/desk/faults/", {"faults": ["x" * 300]})
    assert desk.active() == {"drop", "delay"}
    client.post("/sandbank/desk/faults/")
    assert desk.active() == set()


def paid(order: Order, *faults: Fault) -> list[dict[str, Any]]:
    """The notices that come of a payment, in the order in which they are due."""
    desk.switch(faults)
    operations.challenge(order, pace="together", now=NOW)
    operations.pay(order, now=NOW)
    return [json.loads(each.body) for each in Delivery.objects.order_by("due_at", "id")]


@pytest.mark.parametrize(
    ("fault", "events"),
    [
        (Fault.SUCCESS_AFTER_FAILURE, ["payment.failed", "payment.succeeded"]),
        (Fault.REORDER, ["payment.succeeded", "payment.failed"]),
        (Fault.REVERSED, ["payment.succeeded", "payment.reversed"]),
        (Fault.WRONG_AMOUNT, ["payment.succeeded"]),
    ],
)
def test_what_a_fault_makes_of_a_payment(order: Order, fault: Fault, events: list[str]) -> None:
    bodies = paid(order, fault)
    assert [body["type"] for body in bodies] == events
    assert bodies[0]["amount"] == (1001 if fault is Fault.WRONG_AMOUNT else 1000)
    assert operations.status(order, NOW)["amount"] == 1000  # who asks hears the truth
    assert operations.status(order, NOW)["status"] == "paid"


def test_without_a_notice_only_asking_helps(order: Order, merchant: Merchant) -> None:
    paid(order, Fault.NO_NOTICE)
    assert dispatch_due() == 0
    assert (merchant.heard, operations.status(order, NOW)["status"]) == ([], "paid")


def test_a_delayed_notice_is_sent_after_a_minute(order: Order, merchant: Merchant) -> None:
    paid(order, Fault.DELAY)
    assert dispatch_due() == 0
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        assert dispatch_due() == 1


def test_a_duplicate_is_the_same_event(order: Order, merchant: Merchant) -> None:
    paid(order, Fault.DUPLICATE)
    dispatch_due()
    first, second = merchant.heard
    assert first[1] == second[1]


@pytest.mark.parametrize(("fault", "arrived"), [(Fault.DROP, 1), (Fault.BAD_SIGNATURE, 2)])
def test_what_went_wrong_once_is_sent_again(order: Order, merchant: Merchant, fault: Fault, arrived: int) -> None:
    paid(order, fault)
    if fault is Fault.BAD_SIGNATURE:
        merchant.answers = [(400, b"REFUSED")]
    assert dispatch_due() == 1
    with time_machine.travel(NOW + dispatcher.PAUSES[0], tick=False):
        assert dispatch_due() == 1
    assert len(merchant.heard) == arrived
    assert Delivery.objects.get().delivered_at is not None


def test_the_day_after_a_reversal_is_notified(order: Order) -> None:
    paid(order, Fault.REVERSED)
    desk.advance(NOW)
    assert operations.status(order, NOW)["status"] == "reversed"


@pytest.mark.parametrize("name", ["", "counter/", "store/", "clock/", "faults/"])
def test_87_outside_of_a_demonstration_there_is_no_desk(client: Client, settings: Settings, name: str) -> None:
    settings.DEMO = False
    for call in (client.get, client.post):
        assert call(f"/sandbank/desk/{name}").status_code == 404
