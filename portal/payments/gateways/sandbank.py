"""The sandbank 模擬銀行: a bank for demonstrations and tests, spoken to over HTTP only."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

from portal.core.outward import straight
from portal.payments.protocol import (
    NOTHING_SAID,
    Answer,
    FormPost,
    GatewayStatus,
    Outcome,
    Raw,
    Redirect,
    Refused,
    Start,
    Statement,
)
from portal.payments.slips import issuing

from . import returns, signature, strict_json, transport
from .base import BaseGateway

if TYPE_CHECKING:
    from portal.payments.models import Payment

CODE = "sandbank"
MERCHANT = "student-permits"
CURRENCY = "TWD"
MAX_AMOUNT = 10**9  # TWD; the ledger's columns hold it
EVENTS = {
    "payment.succeeded": GatewayStatus.PAID,
    "payment.failed": GatewayStatus.FAILED,
    "payment.cancelled": GatewayStatus.CANCELLED,
    "payment.reversed": GatewayStatus.REVERSED,
}
STATUSES = {
    "paid": GatewayStatus.PAID,
    "failed": GatewayStatus.FAILED,
    "cancelled": GatewayStatus.CANCELLED,
    "expired": GatewayStatus.EXPIRED,
    "open": GatewayStatus.PENDING,
    "processing": GatewayStatus.PENDING,
    "not_found": GatewayStatus.NOT_FOUND,
    "reversed": GatewayStatus.REVERSED,
}
# Paid at its counter or in a store: the codes follow from the contract, and the bank hears of them when they are paid.
SLIPS = {"virtual_account": issuing.virtual_account, "store": issuing.store}


class Sandbank(BaseGateway):
    """Signed both ways; see `signature`."""

    code = CODE
    name = "模擬銀行"
    merchant = MERCHANT
    demo_only = True

    @property
    def origin(self) -> str:  # type: ignore[override]  # settings may change it
        """Where its pages are."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(settings.SANDBANK_URL))

    def hand_over(self, payment: "Payment", said: Mapping[str, str] = NOTHING_SAID) -> Start:
        """A slip, or the signed order: in the address, unless the student said something of a person, which is posted."""
        if issue := SLIPS.get(payment.method):
            return issue(payment, now=timezone.now())
        order = _dump({**_order(payment), **said})
        signed = signature.sign(settings.SANDBANK_KEYS, order, timezone.now())
        fields = {"order": base64.urlsafe_b64encode(order).decode(), "signature": signed}
        address = f"{settings.SANDBANK_URL}/pay/"
        return FormPost(address, fields) if said else Redirect(f"{address}?{urlencode(fields)}")

    def read(self, raw: Raw) -> Statement:
        if raw.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise Refused("wrong content type")
        data = _verified(raw)
        said = EVENTS.get(_text(data, "type"))
        if said is None or not _text(data, "event_id"):
            raise Refused("unknown type of event")
        return _statement(data, said)

    def ask(self, payment: "Payment", now: datetime) -> Raw:
        body = _dump({"merchant": MERCHANT, "merchant_trade_no": payment.slip_number or payment.reference})
        headers = {"Content-Type": "application/json", signature.HEADER: signature.sign(settings.SANDBANK_KEYS, body, now)}
        answer, sent = transport.post(f"{settings.SANDBANK_URL}/api/orders/query/", body, headers, opener=straight)
        return Raw({signature.HEADER: sent.get(signature.HEADER, "")}, answer, now)

    def read_answer(self, raw: Raw) -> Statement:
        data = _verified(raw)
        said = STATUSES.get(_text(data, "status"))
        if said is None:
            raise Refused("unknown status")
        return _statement(data, said)

    def answer(self, outcome: Outcome) -> Answer:
        """`OK` ends the deliveries: also of what is kept for the cashier. An unknown reference is delivered again."""
        if outcome is Outcome.REFUSED:
            return Answer(400, b"REFUSED")
        if outcome is Outcome.UNKNOWN_REFERENCE:
            return Answer(404, b"UNKNOWN")
        return Answer(200, b"OK")


gateway = Sandbank()


def _order(payment: "Payment") -> dict[str, Any]:
    return {
        "merchant": MERCHANT,
        "merchant_trade_no": payment.reference,
        "amount": payment.amount,
        "currency": CURRENCY,
        "method": payment.method,
        "language": payment.bill.owner.language,
        "return_url": returns.return_url(CODE, payment.reference),
        "notify_url": returns.notify_url(CODE),
    }


def _dump(data: dict[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def _verified(raw: Raw) -> dict[str, Any]:
    signature.verify(settings.SANDBANK_KEYS, raw.body, raw.headers.get(signature.HEADER, ""), raw.received_at)
    try:
        return strict_json.loads(raw.body)
    except ValueError as error:
        raise Refused(f"not JSON: {error}") from error


def _statement(data: dict[str, Any], said: GatewayStatus) -> Statement:
    amount = data.get("amount")
    if type(amount) is not int or not 0 <= amount <= MAX_AMOUNT:
        raise Refused("amount is not a whole number")
    return Statement(
        said=said,
        merchant=_text(data, "merchant"),
        reference=_text(data, "merchant_trade_no"),
        amount=amount,
        currency=_text(data, "currency"),
        occurred_at=_moment(data),
        gateway_reference=_text(data, "bank_trade_no", required=said is GatewayStatus.PAID),
        message=_text(data, "message", required=False),
    )


def _text(data: dict[str, Any], key: str, *, required: bool = True) -> str:
    value = data.get(key, "")
    if not isinstance(value, str) or len(value) > 64 or not value.isprintable() or (required and not value):
        raise Refused(f"{key} is missing or malformed")
    return value


def _moment(data: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(data, "occurred_at"))
    except ValueError as error:
        raise Refused("occurred_at is malformed") from error
    if timezone.is_naive(moment):
        raise Refused("occurred_at lacks its offset")
    return moment
