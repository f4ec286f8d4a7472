"""What the bank does with an order."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from . import dispatcher
from .models import Delivery, Order

LIFE = timedelta(minutes=30)
LATE = timedelta(seconds=3)
UNENDED = (Order.State.OPEN, Order.State.CHALLENGE)
EVENTS = {
    Order.State.PAID: "payment.succeeded",
    Order.State.FAILED: "payment.failed",
    Order.State.CANCELLED: "payment.cancelled",
}


class BadOrder(Exception):
    """The merchant's order is not whole, or its number was used for another one."""


def open_order(data: dict[str, Any], *, now: datetime) -> Order:
    """The order of that number; asking again gives the same one."""
    try:
        terms: dict[str, Any] = {
            "amount": int(data["amount"]),
            "currency": word(data["currency"]),
            "method": word(data["method"]),
            "return_url": word(data["return_url"]),
            "notify_url": word(data["notify_url"]),
        }
        key = {"merchant": word(data["merchant"]), "trade_no": word(data["merchant_trade_no"])}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadOrder from error
    if terms["amount"] <= 0:
        raise BadOrder
    if not all(terms[name].startswith(("http://", "https://")) for name in ("return_url", "notify_url")):
        raise BadOrder
    try:
        Order(**key, **terms, created_at=now).clean_fields(exclude=["return_url", "notify_url"])
    except ValidationError as error:
        raise BadOrder from error
    order, _ = Order.objects.get_or_create(**key, defaults={**terms, "created_at": now})
    if any(getattr(order, name) != value for name, value in terms.items()):
        raise BadOrder
    return order


def word(value: Any) -> str:
    """A short printable text, such as every database holds. Raises ValueError."""
    if not isinstance(value, str) or len(value) > 400 or not value.isprintable():
        raise ValueError("not a word")
    return value


def is_over(order: Order, now: datetime) -> bool:
    """Whether nobody may pay it any more."""
    return order.state not in UNENDED or order.created_at <= now - LIFE


def challenge(order: Order, *, pace: str, now: datetime) -> bool:
    """The card is good so far: 3-D Secure comes next."""
    return _move(order, Order.State.OPEN, Order.State.CHALLENGE, now, pace=pace)


def decline(order: Order, *, pace: str, message: str, now: datetime) -> bool:
    """The issuer says no."""
    return _end(order, Order.State.OPEN, Order.State.FAILED, now, pace=pace, message=message)


def pay(order: Order, *, now: datetime) -> bool:
    """The card holder proved who he is: the money moves."""
    return _end(order, Order.State.CHALLENGE, Order.State.PAID, now)


def cancel(order: Order, *, now: datetime) -> bool:
    """取消交易."""
    return _end(order, order.state, Order.State.CANCELLED, now, message="持卡人取消交易")


def status(order: Order, now: datetime) -> dict[str, Any]:
    """What a merchant is notified who asks. An outcome is notified no earlier than its notice."""
    known = order.deliveries.first()
    if known and known.visible_at <= now:
        return {**json.loads(known.body), "status": order.state}
    if known:
        return {**_facts(order, now), "status": "processing"}
    return {**_facts(order, now), "status": "expired" if is_over(order, now) else "open"}


def never_heard(merchant: str, trade_no: str, now: datetime) -> dict[str, Any]:
    """What a merchant is notified of an order that never came."""
    order = Order(merchant=merchant, trade_no=trade_no, amount=0, currency="TWD", ended_at=now)
    return {**_facts(order, now), "status": "not_found"}


@transaction.atomic
def _end(order: Order, source: str, target: Order.State, now: datetime, **fields: Any) -> bool:
    if not _move(order, source, target, now, ended_at=now, **fields):
        return False
    _announce(order, now)
    return True


def _move(order: Order, source: str, target: Order.State, now: datetime, **fields: Any) -> bool:
    """One conditional UPDATE: a double click moves an order once."""
    may = Order.objects.filter(pk=order.pk, state=source, created_at__gt=now - LIFE).filter(state__in=UNENDED)
    moved = bool(may.update(state=target, **fields))
    order.refresh_from_db()
    return moved


def _announce(order: Order, now: datetime) -> None:
    event_id = f"evt_{uuid.uuid4().hex}"
    body = {**_facts(order, now), "type": EVENTS[Order.State(order.state)], "event_id": event_id, "message": order.message}
    visible_at = now + LATE if order.pace == Order.Pace.RETURN_FIRST else now
    delivery = Delivery.objects.create(
        order=order, event_id=event_id, body=dump(body).decode(), visible_at=visible_at, due_at=visible_at
    )
    transaction.on_commit(lambda: dispatcher.start(delivery.pk, after=visible_at - now))


def _facts(order: Order, now: datetime) -> dict[str, Any]:
    return {
        "merchant": order.merchant,
        "merchant_trade_no": order.trade_no,
        "bank_trade_no": order.bank_trade_no if order.pk else "",
        "amount": order.amount,
        "currency": order.currency,
        "method": order.method,
        "occurred_at": dispatcher.taipei(order.ended_at or now),
    }


def dump(data: dict[str, Any]) -> bytes:
    """JSON as this bank writes it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
