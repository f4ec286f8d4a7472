"""The Web ATM and the e-government platform."""

import base64
import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from portal.payments.methods.egov import WAYS as OURS
from portal.payments.methods.egov import EGovernment
from portal.sandbank import operations, signature
from portal.sandbank.models import Delivery, Order
from portal.sandbank.platform_forms import WAYS
from tests.sandbank.conftest import NOW, link, terms

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def atm(db: None) -> Order:
    return operations.open_order(terms(method="web_atm", merchant_trade_no="T0002"), now=NOW)


@pytest.fixture
def egov(db: None) -> Order:
    return operations.open_order(terms(method="egov", way="general", payer_id="A123456789"), now=NOW)


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def posted(data: dict[str, Any]) -> dict[str, str]:
    """A signed order that is posted."""
    body = json.dumps(data).encode()
    signed = signature.sign(django_settings.SANDBANK_KEYS, body, NOW)
    return {"order": base64.urlsafe_b64encode(body).decode(), "signature": signed}


@pytest.mark.parametrize(("method", "page"), [("card", ""), ("web_atm", "web-atm/"), ("egov", "e-gov/"), ("teahouse", "")])
def test_an_order_opens_on_the_page_of_its_method(client: Client, method: str, page: str) -> None:
    response = client.get(link(terms(method=method)))
    assert response["Location"] == f"/sandbank/orders/{Order.objects.get().uid}/{page}"


def test_an_order_may_be_posted_and_the_payer_is_kept_masked() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sandbank/pay/", posted(terms(method="egov", way="general", payer_id="A123456789")))
    order = Order.objects.get()
    assert (response["Location"], order.payer, order.agreed) == (f"/sandbank/orders/{order.uid}/e-gov/", "A12****789", False)
    assert "A123456789" not in json.dumps(list(Order.objects.values()), default=str)
    assert strict.post("/sandbank/pay/", {"order": "x", "signature": "x"}).status_code == 400


def test_the_pin_pays(client: Client, atm: Order) -> None:
    address = f"/sandbank/orders/{atm.uid}/web-atm/"
    found = text(client.get(address))
    for words in ("WEB ATM", "讀卡機", "TWD 1,000", "123456"):
        assert words in found
    response = client.post(address, {"pin": "１２３４５６", "pace": "together"})
    assert (response["Location"], state(atm)) == (atm.return_url, "paid")
    client.post(address, {"pin": "123456", "pace": "together"})
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("pin", "why"), [("", "請輸入晶片密碼。"), ("12", "6 至 12 位數字"), ("654321", "晶片密碼錯誤，未扣款")])
def test_a_wrong_pin_pays_nothing(client: Client, atm: Order, pin: str, why: str) -> None:
    assert why in text(client.post(f"/sandbank/orders/{atm.uid}/web-atm/", {"pin": pin, "pace": "together"}))
    assert (state(atm), Delivery.objects.count()) == ("open", 0)


def test_an_empty_account_fails(client: Client, atm: Order) -> None:
    client.post(f"/sandbank/orders/{atm.uid}/web-atm/", {"pin": "000000", "pace": "together"})
    assert (state(atm), atm.message) == ("failed", "存款餘額不足")


@pytest.mark.parametrize(("way", "fee"), [("account", 10), ("atm", 15), ("card", 20)])
def test_the_fee_is_shown_before_it_is_debited_and_the_merchant_never_sees_it(
    client: Client, egov: Order, way: str, fee: int
) -> None:
    address = f"/sandbank/orders/{egov.uid}/e-gov/"
    assert f"手續費新臺幣 {fee} 元" in text(client.get(address))
    confirm = client.post(address, {"way": way, "pace": "together"})["Location"]
    assert confirm == f"{address}confirm/"
    found = text(client.get(confirm))
    assert f"<dt>手續費</dt><dd>TWD {fee}</dd>" in found
    assert f"<strong>TWD {1000 + fee:,}</strong>" in found
    assert state(egov) == "challenge"
    assert client.post(confirm, {"go": "pay"})["Location"] == egov.return_url
    assert (state(egov), json.loads(Delivery.objects.get().body)["amount"]) == ("paid", 1000)


def test_who_goes_back_chooses_again(client: Client, egov: Order) -> None:
    address = f"/sandbank/orders/{egov.uid}/e-gov/"
    client.post(address, {"way": "card", "pace": "together"})
    assert client.get(address)["Location"] == f"{address}confirm/"
    assert client.post(f"{address}confirm/", {"go": "back"})["Location"] == address
    egov.refresh_from_db()
    assert (egov.state, egov.way, egov.fee) == ("open", "", 0)
    assert client.post(f"{address}confirm/", {"go": "pay"})["Location"] == address
    assert Delivery.objects.count() == 0


def test_a_confirmation_may_be_refused(client: Client, egov: Order) -> None:
    address = f"/sandbank/orders/{egov.uid}/e-gov/"
    client.post(address, {"way": "card", "pace": "together"})
    client.post(f"{address}confirm/", {"go": "poor"})
    assert (state(egov), egov.message) == ("failed", "存款餘額不足")


def test_an_agreed_account_pays_by_transfer_only(client: Client) -> None:
    order = operations.open_order(terms(method="egov", way="agreed"), now=NOW)
    address = f"/sandbank/orders/{order.uid}/e-gov/"
    found = text(client.get(address))
    assert (found.count('name="way"'), "約定帳戶繳費" in found) == (1, True)
    assert "請選擇付款方式。" in text(client.post(address, {"way": "card", "pace": "together"}))


def test_the_pages_of_one_method_are_no_way_to_pay_by_another(client: Client, egov: Order, atm: Order) -> None:
    assert client.get(f"/sandbank/orders/{atm.uid}/")["Location"].endswith("/web-atm/")
    assert client.post(f"/sandbank/orders/{atm.uid}/e-gov/", {"way": "card"})["Location"].endswith("/web-atm/")
    client.post(f"/sandbank/orders/{egov.uid}/e-gov/", {"way": "card", "pace": "together"})
    client.post(f"/sandbank/orders/{egov.uid}/3ds/", {"code": "1234"})
    assert state(egov) == "challenge"


def test_the_portal_shows_the_fees_that_the_platform_takes() -> None:
    shown = {key.removeprefix("egov_"): fee.amount for key, fee in zip(OURS, EGovernment().handling_fees(), strict=True)}
    assert shown == {code: fee for code, (_name, fee) in WAYS.items()}


@pytest.mark.parametrize(("language", "lang"), [("en", "en"), ("zh-hans", "zh-hans"), ("zh-hant", "zh-hant"), ("xx", "zh-hant")])
def test_the_bank_speaks_the_language_that_was_chosen_and_remembers_it(
    client: Client, atm: Order, language: str, lang: str
) -> None:
    client.get(f"/sandbank/orders/{atm.uid}/web-atm/?language={language}")
    assert f'<html lang="{lang}">' in text(client.get(f"/sandbank/orders/{atm.uid}/web-atm/"))


def test_the_bank_begins_in_the_language_of_the_merchants_customer(client: Client) -> None:
    address = client.get(link(terms(language="en")))["Location"]
    assert '<html lang="en">' in text(client.get(address))
