"""The sandbank 模擬銀行: a bank for demonstrations and tests, spoken to over HTTP only."""

import base64
import json
from datetime import datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.utils import timezone

from portal.payments.protocol import Answer, GatewayStatus, Outcome, Raw, Redirect, Refused, Statement, Unavailable

from . import returns, signature, strict_json

if TYPE_CHECKING:
    from portal.payments.models import Payment

CODE = "sandbank"
MERCHANT = "student-permits"
CURRENCY = "TWD"
TIMEOUT = 3  # seconds; a student is waiting
MAX_AMOUNT = 10**9  # TWD; the ledger's columns hold it
EVENTS = {
    "payment.succeeded": GatewayStatus.PAID,
    "payment.failed": GatewayStatus.FAILED,
    "payment.cancelled": GatewayStatus.CANCELLED,
}
STATUSES = {
    "paid": GatewayStatus.PAID,
    "failed": GatewayStatus.FAILED,
    "cancelled": GatewayStatus.CANCELLED,
    "expired": GatewayStatus.EXPIRED,
    "open": GatewayStatus.PENDING,
    "processing": GatewayStatus.PENDING,
    "not_found": GatewayStatus.NOT_FOUND,
}


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A bank answers where it is asked; a redirect is no answer."""


_opener = build_opener(_NoRedirect, ProxyHandler({}))


class Sandbank:
    """Signed both ways; see `signature`."""

    merchant = MERCHANT
    demo_only = True

    def hand_over(self, payment: "Payment") -> Redirect:
        """The signed order travels in the address: reference and amount, nothing about a person."""
        order = _dump(_order(payment))
        signed = signature.sign(settings.SANDBANK_KEYS, order, timezone.now())
        query = urlencode({"order": base64.urlsafe_b64encode(order).decode(), "signature": signed})
        return Redirect(f"{settings.SANDBANK_URL}/pay/?{query}")

    def read(self, raw: Raw) -> Statement:
        if raw.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise Refused("wrong content type")
        data = _verified(raw)
        said = EVENTS.get(_text(data, "type"))
        if said is None or not _text(data, "event_id"):
            raise Refused("unknown type of event")
        return _statement(data, said)

    def ask(self, payment: "Payment", now: datetime) -> Raw:
        body = _dump({"merchant": MERCHANT, "merchant_trade_no": payment.reference})
        headers = {"Content-Type": "application/json", signature.HEADER: signature.sign(settings.SANDBANK_KEYS, body, now)}
        request = Request(f"{settings.SANDBANK_URL}/api/orders/query/", body, headers)  # noqa: S310 -- our own setting
        try:
            with _opener.open(request, timeout=TIMEOUT) as response:
                signed = {signature.HEADER: response.headers.get(signature.HEADER, "")}
                return Raw(signed, response.read(64 * 1024), now)
        except HTTPError as error:
            error.close()
            raise Unavailable(str(error)) from error
        except (OSError, HTTPException) as error:
            raise Unavailable(str(error)) from error

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
