"""What ECPay is asked: what became of an order, which code it has, and to give money back."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from portal.payments.gateways import transport
from portal.payments.protocol import GatewayStatus, NotRefunded, Raw, Refused, Unavailable
from portal.payments.states import PaymentState

from . import contract, messages, orders

if TYPE_CHECKING:
    from portal.payments.models import Payment

# Who asks too often is answered 403, for half an hour.
REST: Final = timedelta(minutes=30)
RESTING: Final = "payments:ecpay:resting"
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
# DoAction: take the capture back, give the authorisation up, give captured money back.
CANCEL_CAPTURE, GIVE_UP, GIVE_BACK = "E", "N", "R"


def about(payment: "Payment", now: datetime) -> Raw:
    """The answer about the order; if it waits for money at a counter, and we know no code yet, the one about its code."""
    fields = {
        "MerchantID": settings.ECPAY_MERCHANT_ID,
        "MerchantTradeNo": payment.reference,
        "TimeStamp": str(int(now.timestamp())),
    }
    order = _ask("Cashier/QueryTradeInfo/V5", fields, now)
    if payment.state == PaymentState.CODE_ISSUED or orders.way(payment.method)[0] not in orders.CODES or not _is_open(order):
        return order
    code = _ask("Cashier/QueryPaymentInfo", fields, now)
    return code if _has_code(code) else order


def _is_open(raw: Raw) -> bool:
    try:
        return messages.answer(raw).said is GatewayStatus.PENDING
    except Refused:
        return False


def _has_code(raw: Raw) -> bool:
    """Whether it says so. Who signed it is looked at by who reads it."""
    try:
        return messages.has_code(messages.parsed(raw.body))
    except Refused:
        return False


def give_back(payment: "Payment", amount: int, *, now: datetime) -> None:
    """退刷 of a card. Before ECPay has claimed the money, all of it is given up instead; a part never needs that.

    Raises NotRefunded, or Unavailable when nobody knows.
    """
    try:
        _act(payment, GIVE_BACK, amount, now)
    except NotRefunded:
        if amount != payment.amount:
            raise
        _relinquish(payment, now)


def _relinquish(payment: "Payment", now: datetime) -> None:
    """Of what is only authorised there is no capture to cancel: then the second step alone does it."""
    with suppress(NotRefunded):
        _act(payment, CANCEL_CAPTURE, payment.amount, now)
    _act(payment, GIVE_UP, payment.amount, now)


def _act(payment: "Payment", action: str, amount: int, now: datetime) -> None:
    fields = {
        "MerchantID": settings.ECPAY_MERCHANT_ID,
        "MerchantTradeNo": payment.reference,
        "TradeNo": payment.gateway_reference,
        "Action": action,
        "TotalAmount": str(amount),
    }
    answer = _ask("CreditDetail/DoAction", fields, now)
    try:
        said = messages.parsed(answer.body)
    except Refused as problem:
        raise Unavailable("DoAction was not answered") from problem
    if said.get("MerchantTradeNo", payment.reference) != payment.reference or not said.get("RtnCode"):
        raise Unavailable("DoAction was answered about something else")
    if said["RtnCode"] != messages.PAID:
        raise NotRefunded(f"{action}: {said['RtnCode']} {said.get('RtnMsg', '')}"[:200])


def _ask(path: str, fields: Mapping[str, str], now: datetime) -> Raw:
    if now.timestamp() < cache.get(RESTING, 0):
        raise Unavailable("asked too often: resting")
    try:
        body = urlencode(contract.signed(fields)).encode()
        answer, _headers = transport.post(f"{contract.address()}/{path}", body, _FORM)
    except transport.Forbidden:
        cache.set(RESTING, (now + REST).timestamp(), REST.total_seconds())
        raise
    return Raw({messages.ASKED_ABOUT: fields["MerchantTradeNo"]}, answer, now)
