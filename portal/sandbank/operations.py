"""What the bank does with an order."""

import json
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import desk, dispatcher
from .collection import REPORTED_AFTER, Collected
from .demonstration import is_ours
from .desk import Fault
from .models import Delivery, Order

LIFE = timedelta(minutes=30)
LATE = timedelta(seconds=3)
# Between two notices of one order of which the wrong one goes first.
APART = timedelta(seconds=2)
# As the day begins, so that 次一營業日 reaches it from any hour.
REPORT_AT = time.min
REVERSED = "payment.reversed"
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
            "agreed": data.get("way") == "agreed",
            "payer": masked(word(data.get("payer_id", ""))),
        }
        key = {"merchant": word(data["merchant"]), "trade_no": word(data["merchant_trade_no"])}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadOrder from error
    if terms["amount"] <= 0:
        raise BadOrder
    if not all(is_ours(terms[name]) for name in ("return_url", "notify_url")):
        raise BadOrder
    try:
        Order(**key, **terms, created_at=now).clean_fields(exclude=["return_url", "notify_url"])
    except ValidationError as error:
        raise BadOrder from error
    order, _ = Order.objects.get_or_create(**key, defaults={**terms, "created_at": now})
    if any(getattr(order, name) != value for name, value in terms.items()):
        raise BadOrder
    return order


def masked(number: str) -> str:
    """A payer's number as the bank keeps it: A12****789."""
    return number[:3] + "*" * (len(number) - 6) + number[-3:] if len(number) > 6 else "*" * len(number)


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


def pay(order: Order, *, now: datetime, **fields: Any) -> bool:
    """Whoever pays proved who they are: the money moves."""
    return _end(order, Order.State.CHALLENGE, Order.State.PAID, now, **fields)


def pay_at_once(order: Order, *, pace: str, now: datetime) -> bool:
    """Web ATM: the PIN was right."""
    return _end(order, Order.State.OPEN, Order.State.PAID, now, pace=pace)


def choose_way(order: Order, *, way: str, fee: int, pace: str, now: datetime) -> bool:
    """The e-government platform: how it is paid; a second page asks to confirm."""
    return _move(order, Order.State.OPEN, Order.State.CHALLENGE, now, way=way, fee=fee, pace=pace)


def choose_again(order: Order, *, now: datetime) -> bool:
    """Back to the choice."""
    return _move(order, Order.State.CHALLENGE, Order.State.OPEN, now, way="", fee=0)


def fail(order: Order, *, message: str, now: datetime) -> bool:
    """Confirmed, and refused all the same."""
    return _end(order, Order.State.CHALLENGE, Order.State.FAILED, now, message=message)


def collect(collected: Collected, *, now: datetime) -> Order:
    """Cash for a slip; the merchant hears of it after some working days. Raises ValidationError for what was paid already."""
    try:
        with transaction.atomic():
            order = Order.objects.create(
                merchant=collected.contract.merchant,
                trade_no=collected.account,
                amount=collected.amount,
                currency="TWD",
                method=collected.method,
                notify_url=collected.contract.notify_url,
                state=Order.State.PAID,
                created_at=now,
                ended_at=now,
            )
            _announce(order, now)
    except IntegrityError:
        raise ValidationError(_("本繳費單已繳費，不得重複繳費。")) from None
    return order


def announce_code(order: Order, *, now: datetime) -> None:
    """In ECPay's dialect: the merchant is notified of the code under which his order is paid."""
    _send(order, "code.issued", now, wait=timedelta(0))


@transaction.atomic
def receive_cash(order: Order, *, now: datetime) -> bool:
    """Cash for such a code, days later perhaps. One conditional UPDATE: a code is paid once."""
    if not Order.objects.filter(pk=order.pk, state=Order.State.OPEN).update(state=Order.State.PAID, ended_at=now):
        return False
    order.refresh_from_db()
    _announce(order, now)
    return True


def cancel(order: Order, *, now: datetime) -> bool:
    """取消交易."""
    return _end(order, order.state, Order.State.CANCELLED, now, message="持卡人取消交易")


def status(order: Order, now: datetime) -> dict[str, Any]:
    """What a merchant who asks is answered; of an outcome not before its notice."""
    if known := order.deliveries.first():
        clock = desk.clock(now)
        visible = [json.loads(each.body)["type"] for each in order.deliveries.all() if each.visible_at <= clock]
        state = "reversed" if REVERSED in visible else order.state if visible else "processing"
        return {**_facts(order, now), "message": order.message, "event_id": known.event_id, "status": state}
    return {**_facts(order, now), "status": "expired" if is_over(order, now) else "open"}


def never_heard(merchant: str, trade_no: str, now: datetime) -> dict[str, Any]:
    """The answer about an order that never came."""
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
    """The notice of what happened, and whatever a fault that is switched on makes of it."""
    wait = _report_wait(order, now)
    if order.state != Order.State.PAID:
        _send(order, EVENTS[Order.State(order.state)], now, wait=wait, message=order.message)
        return
    faults = desk.active()
    if Fault.SUCCESS_AFTER_FAILURE in faults:
        _send(order, "payment.failed", now, wait=wait, message="交易失敗")
        wait += APART
    amount = order.amount + (1 if Fault.WRONG_AMOUNT in faults else 0)
    delay = timedelta(minutes=1) if Fault.DELAY in faults else timedelta(0)
    _send(order, "payment.succeeded", now, wait=wait, delay=delay, amount=amount, is_sent=Fault.NO_NOTICE not in faults)
    if Fault.REORDER in faults:
        _send(order, "payment.failed", now, wait=wait + APART, message="交易失敗")
    if Fault.REVERSED in faults:
        _send(order, REVERSED, now, wait=_until(desk.working_day_after(_day(now + wait)), now), message="沖正")


def _report_wait(order: Order, now: datetime) -> timedelta:
    """How long after the money the merchant may know."""
    if days := REPORTED_AFTER.get(order.method):
        return _until(desk.working_day_after(_day(now), days), now)
    return LATE if order.pace == Order.Pace.RETURN_FIRST else timedelta(0)


def _day(now: datetime) -> date:
    return timezone.localdate(desk.clock(now))


def _until(day: date, now: datetime) -> timedelta:
    """From now to the morning of that day, by the bank's clock."""
    morning = timezone.make_aware(datetime.combine(day, REPORT_AT))
    return morning - desk.clock(now)


def _send(
    order: Order,
    event: str,
    now: datetime,
    *,
    wait: timedelta,
    delay: timedelta = timedelta(0),
    is_sent: bool = True,
    **changes: Any,
) -> None:
    """A notice that merchants may know of after `wait` and that is sent `delay` later, unless it is never sent."""
    event_id = f"evt_{uuid.uuid4().hex}"
    body = {**_facts(order, now), "message": "", **changes, "type": event, "event_id": event_id}
    visible_at = desk.clock(now) + wait
    delivery = Delivery.objects.create(
        order=order,
        event_id=event_id,
        body=dump(body).decode(),
        visible_at=visible_at,
        due_at=visible_at + delay,
        tries=0 if is_sent else dispatcher.MOST_TRIES,
    )
    if is_sent and wait + delay < dispatcher.SOON:
        transaction.on_commit(lambda: dispatcher.start(delivery.pk, after=wait + delay))


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
