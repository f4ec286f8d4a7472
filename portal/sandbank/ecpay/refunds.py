"""信用卡請退款 (DoAction). What is paid today is claimed tonight: until then it is given up, from then on it is given back."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from portal.sandbank import desk
from portal.sandbank.models import Order

DONE: Final = ("1", "OK")
REFUSED: Final = ("10200105", "error_status")


@transaction.atomic
def act(fields: Mapping[str, str], order: Order | None, *, now: datetime) -> dict[str, str]:
    """E, N or R, and whether it was done."""
    named = {name: fields.get(name, "") for name in ("MerchantID", "MerchantTradeNo", "TradeNo")}
    code, message = _act(fields, Order.objects.select_for_update().get(pk=order.pk), now) if order else REFUSED
    return {**named, "RtnCode": code, "RtnMsg": message}


def _act(fields: Mapping[str, str], order: Order, now: datetime) -> tuple[str, str]:
    amount, returned = fields.get("TotalAmount", ""), order.terms.get("returned", 0)
    if order.method != "card" or order.state != Order.State.PAID or fields.get("TradeNo") != order.bank_trade_no:
        return REFUSED
    if not re.fullmatch(r"[1-9][0-9]{0,8}", amount, re.ASCII) or returned + int(amount) > order.amount:
        return REFUSED
    whole, state = int(amount) == order.amount, _claim(order, now)
    match fields.get("Action"):
        case "R" if state == "claimed" or (state == "to be claimed" and not whole):
            return _note(order, returned=returned + int(amount))
        case "E" if state == "to be claimed" and whole:
            return _note(order, claim="taken back")
        case "N" if state == "taken back" and whole:
            return _note(order, returned=order.amount)
    return REFUSED


def _claim(order: Order, now: datetime) -> str:
    if "claim" in order.terms:
        return str(order.terms["claim"])
    paid_on = timezone.localdate(order.ended_at or order.created_at)
    return "claimed" if timezone.localdate(desk.clock(now)) > paid_on else "to be claimed"


def _note(order: Order, **terms: object) -> tuple[str, str]:
    Order.objects.filter(pk=order.pk).update(terms={**order.terms, **terms})
    return DONE
