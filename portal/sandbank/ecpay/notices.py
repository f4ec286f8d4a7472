"""The bank's events in ECPay's words: a signed form, answered by `1|OK`."""

import json
from typing import Final

from django.utils.dateparse import parse_datetime

from portal.sandbank.models import Delivery

from . import check_mac, words

ANSWER: Final = b"1|OK"
HEADERS: Final = {"Content-Type": "application/x-www-form-urlencoded"}
CODE: Final = "code.issued"
RESULTS: Final = {
    "payment.succeeded": ("1", "交易成功"),
    "payment.failed": ("10100058", "付款失敗"),
    "payment.cancelled": ("10200095", "交易失敗"),
}
# A later try says so in other words.
AGAIN: Final = "paid"
NOBODYS_KEY: Final = "a key that no merchant has"


def form(delivery: Delivery, *, is_forged: bool = False) -> bytes | None:
    """What is sent, or None: of what ECPay says nothing, as of a reversal."""
    order, event = delivery.order, json.loads(delivery.body)
    key = NOBODYS_KEY if is_forged else ""
    if event["type"] == CODE:
        return check_mac.write(words.payment_info(order, {}), key=key)
    if event["type"] not in RESULTS:
        return None
    code, message = RESULTS[event["type"]]
    moment = parse_datetime(event["occurred_at"])
    fields = {
        **words.facts(order),
        "RtnCode": code,
        "RtnMsg": AGAIN if delivery.tries and code == "1" else event["message"] or message,
        "TradeAmt": str(event["amount"]),
        "PaymentDate": f"{moment:{words.DATE}}" if moment else "",
        "PaymentTypeChargeFee": "0",
        "SimulatePaid": "0",
    }
    return check_mac.write(fields, key=key)


def url(delivery: Delivery) -> str:
    """Codes have an address of their own."""
    is_code = json.loads(delivery.body)["type"] == CODE
    terms = delivery.order.terms
    return (terms.get("PaymentInfoURL") if is_code else None) or delivery.order.notify_url
