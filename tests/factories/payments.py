"""Bills, attempts and notices, made by the operations themselves and signed as the bank signs."""

import datetime as dt
import json
import threading
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.payments import ledger, operations, registry
from portal.payments.models import Bill, Payment, Receipt
from portal.payments.protocol import GatewayStatus, Outcome, Raw, Statement
from portal.sandbank import signature
from portal.sandbank.dispatcher import THREAD
from tests.factories.cases import NOW, approved

NOTIFY = "/payments/sandbank/notify/"


def open_bill(owner: User, *cases: Case, now: dt.datetime = NOW) -> Bill:
    """繳費單 over those cases."""
    return operations.open_bill(owner, cases, now=now)


def started(bill: Bill, *, now: dt.datetime = NOW) -> Payment:
    """An attempt by card, on its way; the bank has not been met yet."""
    operations.start_payment(bill, registry.method("card"), now=now)
    return bill.payments.get()


def slip(bill: Bill, code: str = "store", *, now: dt.datetime = NOW) -> Payment:
    """取得繳費單."""
    operations.start_payment(bill, registry.method(code), now=now)
    return bill.payments.get(method=code, state="code_issued")


def attempt(owner: User, officer: User) -> Payment:
    """A started attempt to pay one approved case."""
    return started(open_bill(owner, approved(owner, officer)))


def statement(payment: Payment, **changes: Any) -> Statement:
    """What the sandbank states when all went well."""
    fields: dict[str, Any] = {
        "said": GatewayStatus.PAID,
        "merchant": "student-permits",
        "reference": payment.reference,
        "amount": payment.amount,
        "currency": "TWD",
        "occurred_at": NOW,
        "gateway_reference": f"SB{payment.reference}",
    }
    return Statement(**{**fields, **changes})


def record(payment: Payment, *, now: dt.datetime = NOW, **changes: Any) -> Outcome:
    """The gateway states this and the ledger books it."""
    notice = ledger.keep(payment.gateway, Raw({}, b"{}", now))
    return ledger.record(notice, statement(payment, **changes), now=now)


def paid(owner: User, officer: User) -> Receipt:
    """A case paid and complete, with its receipt."""
    payment = attempt(owner, officer)
    assert record(payment) is Outcome.BOOKED
    return Receipt.objects.get(payment=payment)


def notices_are_out() -> None:
    """Wait for the bank's threads, and for those that they started to try again."""
    while waiting := [thread for thread in threading.enumerate() if thread.name == THREAD]:
        for thread in waiting:
            thread.join(timeout=60)
            assert not thread.is_alive(), "the bank still waits to send a notice"


def event(payment: Payment, **changes: Any) -> dict[str, Any]:
    """The sandbank's notice of a success, before it is signed."""
    fields = {
        "type": "payment.succeeded",
        "event_id": "evt_0001",
        "merchant": "student-permits",
        "merchant_trade_no": payment.reference,
        "bank_trade_no": "SB2611230001",
        "amount": payment.amount,
        "currency": "TWD",
        "method": "card",
        "occurred_at": "2026-11-23T10:35:12+08:00",
        "message": "",
    }
    return {key: value for key, value in {**fields, **changes}.items() if value is not None}


def dump(data: Mapping[str, Any]) -> bytes:
    """JSON as the bank writes it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(body: bytes, *, now: dt.datetime = NOW, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """The headers that prove `body` at `now`."""
    return {
        "Content-Type": "application/json",
        signature.HEADER: signature.sign(keys or settings.SANDBANK_KEYS, body, now),
    }


def raw(payment: Payment, *, now: dt.datetime = NOW, **changes: Any) -> Raw:
    """The signed notice as it comes to the log-in page."""
    body = dump(event(payment, **changes))
    return Raw(signed(body, now=now), body, now)
