"""The addresses that gateways call."""

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.payments.gateways import returns
from portal.payments.models import LedgerEvent, Notice, Payment, Receipt
from portal.sandbank import signature
from tests.factories import payments as make
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db
DOORS = ["/payments/sandbank/notify/", "/payments/sandbank/notify"]


def deliver(payment: Payment, *, address: str = make.NOTIFY, client: Client | None = None, **changes: Any) -> Any:
    body = make.dump(make.event(payment, **changes))
    client = client or Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type="application/json", headers=make.signed(body))


def test_the_addresses() -> None:
    assert reverse("gateways:notify", args=["sandbank"]) == DOORS[0]
    assert reverse("gateways:return", args=["sandbank"]) == "/payments/sandbank/return/"


@pytest.mark.parametrize("address", DOORS)
def test_13_14_15_the_answer_is_exact_without_redirect_session_or_token(payment: Payment, address: str) -> None:
    response = deliver(payment, address=address)
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"OK", "text/plain")
    assert not response.cookies
    notice = Notice.objects.get()
    assert (notice.verified, notice.outcome, notice.gateway) == (True, "booked", "sandbank")
    assert b'"merchant_trade_no"' in bytes(notice.body)
    assert Receipt.objects.get().payment == payment


@pytest.mark.parametrize("address", DOORS)
def test_14_no_redirect_to_https_either(payment: Payment, settings: Settings, address: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^payments/[a-z0-9-]+/(notify|return)/?$"]
    assert deliver(payment, address=address).content == b"OK"


def test_14_another_language_changes_nothing(payment: Payment) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    assert deliver(payment, client=client).content == b"OK"


def test_16_every_delivery_is_answered_and_kept(payment: Payment) -> None:
    assert [deliver(payment).content for _ in range(5)] == [b"OK"] * 5
    assert list(Notice.objects.order_by("id").values_list("outcome", flat=True)) == ["booked", *["duplicate"] * 4]
    assert LedgerEvent.objects.count() == 1


def test_a_forged_notice_is_kept_and_changes_nothing(payment: Payment) -> None:
    body = make.dump(make.event(payment))
    headers = make.signed(body, keys={"demo-1": "guessed"})
    response = Client().post(make.NOTIFY, body, content_type="application/json", headers=headers)
    assert (response.status_code, response.content) == (400, b"REFUSED")
    notice = Notice.objects.get()
    assert (notice.verified, notice.outcome, bytes(notice.body)) == (False, "refused", body)
    payment.refresh_from_db()
    assert (payment.state, LedgerEvent.objects.count()) == ("started", 0)


def test_an_unsigned_notice_is_refused(payment: Payment) -> None:
    response = Client().post(make.NOTIFY, make.dump(make.event(payment)), content_type="application/json")
    assert (response.status_code, response.content) == (400, b"REFUSED")


def test_26_an_unknown_reference_is_not_acknowledged(payment: Payment) -> None:
    response = deliver(payment, merchant_trade_no="P999999999A01")
    assert (response.status_code, response.content) == (404, b"UNKNOWN")
    assert Notice.objects.get().outcome == "unknown_reference"


def test_29_a_wrong_amount_is_acknowledged_and_set_aside(payment: Payment) -> None:
    assert deliver(payment, amount=1).content == b"OK"
    assert Notice.objects.get().outcome == "mismatch"
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("size", [16 * 1024 + 1, 1024 * 1024])
def test_11_more_than_16_kilobytes_are_refused_unread(db: None, size: int) -> None:
    response = Client().post(make.NOTIFY, b"x" * size, content_type="application/json")
    assert (response.status_code, response.content) == (413, b"TOO LARGE")
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"x" * 16 * 1024], ids=["empty", "not UTF-8", "16 kB"])
def test_11_rubbish_is_refused_and_kept(db: None, body: bytes) -> None:
    response = Client().post(make.NOTIFY, body, content_type="application/json")
    assert (response.status_code, response.content) == (400, b"REFUSED")
    assert bytes(Notice.objects.get().body) == body


def test_7_a_form_that_names_a_field_twice_is_refused(db: None) -> None:
    response = Client().post(make.NOTIFY, "TradeAmt=1000&TradeAmt=1", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.content) == (400, b"REFUSED")


def test_25_without_a_database_there_is_no_acknowledgement(payment: Payment) -> None:
    def down(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise OperationalError("the database is down")

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(down):
        response = deliver(payment, client=client)
    assert response.status_code == 500
    assert b"OK" not in response.content[:10]
    assert deliver(payment).content == b"OK"


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_notice_is_posted(db: None, method: str) -> None:
    assert getattr(Client(), method)(make.NOTIFY).status_code == 405


@pytest.mark.parametrize("endpoint", ["notify", "return"])
def test_an_unknown_gateway_is_not_found(db: None, endpoint: str) -> None:
    assert Client().post(f"/payments/elsewhere/{endpoint}/").status_code == 404


def test_87_outside_of_a_demonstration_the_sandbank_has_no_address(payment: Payment, settings: Settings) -> None:
    settings.DEMO = False
    assert deliver(payment).status_code == 404
    assert Client().get(back(payment)).status_code == 404
    assert Notice.objects.count() == 0


def test_89_of_the_headers_only_what_proves_the_message_is_kept(payment: Payment) -> None:
    client = Client()
    client.cookies["sessionid"] = "secret"
    deliver(payment, client=client)
    assert set(Notice.objects.get().headers) == {"Content-Type", signature.HEADER}


def back(payment: Payment) -> str:
    return returns.return_url("sandbank", payment.reference).removeprefix("http://localhost:8000")


@pytest.mark.parametrize("method", ["get", "post"])
def test_52_the_browser_returns_without_a_session(payment: Payment, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(back(payment))
    assert (response.status_code, response["Location"]) == (
        303,
        f"/china-student/individual/payments/{payment.bill.number}/result/",
    )
    assert not response.cookies


def test_the_return_works_without_the_last_slash(payment: Payment) -> None:
    assert Client().get(back(payment).replace("/return/?", "/return?")).status_code == 303


@pytest.mark.parametrize("query", ["", "?reference=P115000001A01", "?reference=P115000001A01:forged"])
def test_50_a_forged_return_leads_nowhere(payment: Payment, query: str) -> None:
    assert Client().get(f"/payments/sandbank/return/{query}").status_code == 404


def test_50_what_the_return_brings_is_not_believed(payment: Payment) -> None:
    Client().post(f"{back(payment)}&status=paid", {"type": "payment.succeeded", "amount": "1000"})
    payment.refresh_from_db()
    assert (payment.state, LedgerEvent.objects.count(), Notice.objects.count()) == ("started", 0, 0)


def test_12_a_stale_notice_is_refused_at_once(payment: Payment) -> None:
    body = make.dump(make.event(payment))
    headers = make.signed(body, now=NOW - dt.timedelta(minutes=6))
    assert Client().post(make.NOTIFY, body, content_type="application/json", headers=headers).status_code == 400
