"""An order as ECPay takes it. The rows are the bank's own."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.sandbank import operations
from portal.sandbank.demonstration import is_ours
from portal.sandbank.models import Order

from . import check_mac
from .words import CODE_READY, MERCHANT, facts, is_lapsed, written

# ChoosePayment -> the bank's own name of the method.
METHODS: Final = {"Credit": "card", "WebATM": "web_atm", "ATM": "ecpay_atm", "CVS": "ecpay_cvs", "BARCODE": "ecpay_barcode"}
PAID, UNPAID, FAILED = "1", "0", "10200095"
URLS: Final = ("ReturnURL", "OrderResultURL", "ClientBackURL", "ClientRedirectURL", "PaymentInfoURL")
_LONGEST: Final = {"TradeDesc": 200, "ItemName": 400, **dict.fromkeys(URLS, 200)}
_FORMS: Final = {
    "MerchantTradeNo": r"[A-Za-z0-9]{1,20}",
    "TotalAmount": r"[1-9][0-9]{0,8}",
    "MerchantTradeDate": r"[0-9/]{10} [0-9:]{8}",
    "ExpireDate": r"([1-9]|[1-5][0-9]|60)?",
    "StoreExpireDate": r"([1-9][0-9]{0,4})?",
}


class Refused(Exception):
    """ECPay's error page; the text says which error."""


def open_order(fields: Mapping[str, str], *, now: datetime) -> Order:
    """AioCheckOut: the number is used up by the first order that carries it."""
    _check(fields)
    method = METHODS[fields["ChoosePayment"]]
    back = fields.get("OrderResultURL") or fields.get("ClientRedirectURL") or fields.get("ClientBackURL", "")
    order = Order(
        merchant=f"{MERCHANT}{fields['MerchantID']}",
        trade_no=fields["MerchantTradeNo"],
        amount=int(fields["TotalAmount"]),
        currency="TWD",
        method=method,
        return_url=back,
        notify_url=fields["ReturnURL"],
        terms={name: value for name, value in fields.items() if name != check_mac.NAME},
        created_at=now,
    )
    try:
        with transaction.atomic():
            order.clean_fields(exclude=["return_url", "notify_url"])
            order.save()
            if method in CODE_READY:
                operations.announce_code(order, now=now)
    except (IntegrityError, ValidationError):
        raise Refused("10300028 MerchantTradeNo is used") from None
    return order


def _check(fields: Mapping[str, str]) -> None:
    fixed = {"PaymentType": "aio", "EncryptType": "1"}
    if any(fields.get(name) != value for name, value in fixed.items()) or fields.get("ChoosePayment") not in METHODS:
        raise Refused("10200052 a parameter is wrong")
    if not all(re.fullmatch(form, fields.get(name, ""), re.ASCII) for name, form in _FORMS.items()):
        raise Refused("10200052 a parameter is malformed")
    if not all(fields.get(name) for name in ("TradeDesc", "ItemName", "ReturnURL")):
        raise Refused("10200052 a parameter is missing")
    if any(len(fields.get(name, "")) > longest for name, longest in _LONGEST.items()):
        raise Refused("10200052 a parameter is too long")
    if not all(is_ours(fields[name]) for name in URLS if fields.get(name)):
        raise Refused("10200052 an address is wrong")


def find(fields: Mapping[str, str]) -> Order | None:
    """The order that a merchant asks about."""
    return Order.objects.filter(merchant=f"{MERCHANT}{fields['MerchantID']}", trade_no=fields.get("MerchantTradeNo", "")).first()


def trade(order: Order, now: datetime) -> dict[str, str]:
    """查詢訂單."""
    return {
        **facts(order),
        "PaymentDate": written(order.ended_at) if _status(order, now) == PAID else "",
        "HandlingCharge": "0",
        "ItemName": order.terms.get("ItemName", ""),
        "TradeStatus": _status(order, now),
    }


def _status(order: Order, now: datetime) -> str:
    if order.method in CODE_READY and order.state == Order.State.OPEN:
        return FAILED if is_lapsed(order, now) else UNPAID
    said = operations.status(order, now)["status"]
    return {"paid": PAID, "open": UNPAID, "processing": UNPAID}.get(said, FAILED)
