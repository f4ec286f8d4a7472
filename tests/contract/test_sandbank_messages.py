"""The sandbank's own signature, and the shape of its messages."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import time_machine
from pytest_django import Settings

from portal.accounts.models import User
from portal.payments import ledger
from portal.payments.gateways import sandbank
from portal.payments.gateways import signature as ours
from portal.payments.models import LedgerEvent, Payment
from portal.payments.protocol import GatewayStatus, Outcome, Raw, Refused, Statement
from portal.sandbank import signature as theirs
from tests.factories import payments as make
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def payment(owner: User, officer: User) -> Payment:
    return make.attempt(owner, officer)


@pytest.fixture
def order() -> Payment:
    """An attempt at the sandbank, as a message names it."""
    return Payment(reference="P115000001A01", amount=1000, method="card", gateway="sandbank")


@pytest.mark.parametrize("side", [ours, theirs], ids=["portal", "bank"])
def test_1_the_vector(side: Any) -> None:
    body = (
        b'{"amount":1000,"bank_trade_no":"SB2611230001","currency":"TWD","event_id":"evt_0001",'
        b'"merchant_trade_no":"P00000001A01","method":"card","occurred_at":"2026-11-23T09:35:12+08:00",'
        b'"type":"payment.succeeded"}'
    )
    v1 = "e76e3f9e0d713f755b688463c6bad98c61968a1b8e2262671403476efe08dc86"
    assert side.digest("sandbank-demo-key-0001", "1795397712", body) == v1
    moment = dt.datetime.fromtimestamp(1795397712, dt.UTC)
    assert side.sign({"demo-1": "sandbank-demo-key-0001"}, body, moment) == f"t=1795397712,kid=demo-1,v1={v1}"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: "", "missing"),
        (lambda text: text[:-1], "malformed"),
        (lambda text: text[:-64] + text[-64:].upper(), "malformed"),
        (lambda text: text.split(",v1=")[0] + ",v1=", "malformed"),
        (lambda text: f"{text},{text}", "malformed"),
        (lambda text: text[:-64] + "0" * 64, "wrong signature"),
        (lambda text: text.replace("kid=demo-1", "kid=demo-2"), "unknown key"),
        (lambda text: text.replace("t=1", "t=2"), "wrong signature"),
    ],
    ids=["missing", "short", "upper case", "empty", "repeated", "zeros", "8 other key", "other time"],
)
def test_3_a_spoilt_signature_is_refused(order: Payment, spoil: Callable[[str], str], why: str) -> None:
    raw = make.raw(order)
    headers = {**raw.headers, ours.HEADER: spoil(raw.headers[ours.HEADER])}
    with pytest.raises(Refused, match=why):
        sandbank.gateway.read(replace(raw, headers=headers))
    assert not theirs.is_valid({"demo-1": "x"}, raw.body, headers[ours.HEADER], NOW)


def test_9_while_keys_are_changed_both_are_believed_and_the_first_signs(order: Payment, settings: Settings) -> None:
    old = settings.SANDBANK_KEYS
    settings.SANDBANK_KEYS = {"new": "another-secret", **old}
    body = make.dump(make.event(order))
    for keys in (old, {"new": "another-secret"}):
        assert sandbank.gateway.read(Raw(make.signed(body, keys=keys), body, NOW)).said is GatewayStatus.PAID
    assert ",kid=new," in ours.sign(settings.SANDBANK_KEYS, body, NOW)
    settings.SANDBANK_KEYS = {"new": "another-secret"}
    with pytest.raises(Refused, match="unknown key"):
        sandbank.gateway.read(Raw(make.signed(body, keys=old), body, NOW))


@pytest.mark.parametrize("seconds", [301, -301])
def test_12_a_stale_signature_is_refused(order: Payment, seconds: int) -> None:
    signed_at = NOW - dt.timedelta(seconds=seconds)
    with pytest.raises(Refused, match="stale"):
        sandbank.gateway.read(replace(make.raw(order, now=signed_at), received_at=NOW))


@pytest.mark.parametrize("seconds", [300, -300])
def test_12_the_clocks_may_be_five_minutes_apart(order: Payment, seconds: int) -> None:
    signed_at = NOW - dt.timedelta(seconds=seconds)
    assert sandbank.gateway.read(replace(make.raw(order, now=signed_at), received_at=NOW)).said is GatewayStatus.PAID


def test_12_a_replayed_event_changes_nothing(payment: Payment) -> None:
    raw = make.raw(payment)
    ledger.receive("sandbank", raw, now=NOW)
    assert ledger.receive("sandbank", raw, now=NOW) is Outcome.DUPLICATE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"amount":1000,"amount":1}',
        b'{"amount":NaN}',
    ],
    ids=["empty", "11 not UTF-8", "null", "a list", "7 repeated key", "no number"],
)
def test_11_what_is_not_an_object_of_JSON_is_refused(body: bytes) -> None:  # noqa: N802
    with pytest.raises(Refused):
        sandbank.gateway.read(Raw(make.signed(body), body, NOW))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": -1},
        {"amount": 1000.0},
        {"amount": "1000"},
        {"amount": "１０００"},
        {"amount": True},
        {"amount": None},
        {"amount": 10**9 + 1},
        {"currency": ""},
        {"currency": 901},
        {"merchant_trade_no": None},
        {"merchant_trade_no": "P" * 65},
        {"merchant_trade_no": "P\0"},
        {"bank_trade_no": ""},
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-11-23T10:35:12"},
        {"type": "payment.simulated"},
        {"type": "code.issued"},
        {"type": None},
        {"event_id": None},
    ],
    ids=str,
)
def test_28_45_malformed_fields_are_refused(order: Payment, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        sandbank.gateway.read(make.raw(order, **changes))


def test_11_the_wrong_content_type_is_refused(order: Payment) -> None:
    raw = make.raw(order)
    with pytest.raises(Refused, match="content type"):
        sandbank.gateway.read(replace(raw, headers={**raw.headers, "Content-Type": "text/plain"}))


def test_7_a_form_that_names_a_field_twice_is_refused(payment: Payment, form_bank: str) -> None:
    """By the ledger, before any gateway reads it: this one would take the last."""
    form = {"reference": payment.reference, "amount": payment.amount}
    assert ledger.receive(form_bank, signed_form({**form, "amount": 1}, **form), now=NOW) is Outcome.REFUSED
    assert LedgerEvent.objects.count() == 0
    # The control: but for the repetition nothing is wrong with it.
    assert ledger.receive(form_bank, signed_form(form), now=NOW) is Outcome.BOOKED


@pytest.mark.parametrize(
    ("content_type", "body", "repeats"),
    [
        ("application/x-www-form-urlencoded", b"TradeAmt=1000&MerchantID=1&TradeAmt=1", True),
        ("application/x-www-form-urlencoded; charset=utf-8", b"TradeAmt=&TradeAmt=", True),
        ("application/x-www-form-urlencoded", b"TradeAmt=1&%54radeAmt=1", True),
        ("application/x-www-form-urlencoded", b"TradeAmt=1&MerchantID=1", False),
        ("application/json", b"TradeAmt=1&TradeAmt=1", False),
    ],
)
def test_7_what_repeats_a_key(content_type: str, body: bytes, repeats: bool) -> None:
    assert Raw({"Content-Type": content_type}, body, NOW).repeats_a_key() is repeats


class FormBank(sandbank.Sandbank):
    """A bank whose messages are signed forms."""

    def read(self, raw: Raw) -> Statement:
        signature = raw.headers[ours.HEADER]
        ours.verify({"1": "secret"}, raw.body, signature, raw.received_at)
        form = dict(parse_qsl(raw.body.decode()))
        return Statement(GatewayStatus.PAID, self.merchant, form["reference"], int(form["amount"]), "TWD", NOW, "F1")


def signed_form(fields: Mapping[str, Any], **more: Any) -> Raw:
    """A form with the fields, and with the others behind them."""
    body = urlencode([*fields.items(), *more.items()]).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", ours.HEADER: ours.sign({"1": "secret"}, body, NOW)}
    return Raw(headers, body, NOW)


@pytest.fixture
def form_bank(settings: Settings, payment: Payment, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module beside the other gateways', as one that an agency adds, and the payment goes to it."""
    module = ModuleType("portal.payments.gateways.formbank")
    module.gateway = FormBank()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.PAYMENT_METHODS = {"card": "formbank"}
    Payment.objects.filter(pk=payment.pk).update(gateway="formbank")
    return "formbank"
