"""The one writer of money. Everything that a gateway says comes through here, and comes in once."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.cases import operations as cases
from portal.core.serials import next_serial
from portal.fields.dates import roc_year
from portal.mail import outbox
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import has_passed

from . import notices, registry
from .attempts import transition
from .models import Bill, BillLine, LedgerEvent, Notice, Payment, Receipt
from .protocol import GatewayStatus, Outcome, Raw, Refused, Statement
from .signals import receipt_created
from .states import BillState, PaymentState

logger = logging.getLogger(__name__)
CURRENCY = "TWD"
OLDEST = timedelta(days=366)
CLOCKS_DIFFER = timedelta(days=1)
ENDS = {
    GatewayStatus.FAILED: PaymentState.FAILED,
    GatewayStatus.CANCELLED: PaymentState.CANCELLED,
    GatewayStatus.EXPIRED: PaymentState.EXPIRED,
}
# A bill that expired is settled by money that was paid in time and reported later.
PAYABLE = {BillState.OPEN, BillState.EXPIRED}
Kind = LedgerEvent.Kind


def receive(gateway: str, raw: Raw, *, now: datetime) -> Outcome:
    """A message that came in: keep it, verify it, book it."""
    notice = keep(gateway, raw)
    try:
        if raw.repeats_a_key():
            raise Refused("repeated key")
        statement = plausible(registry.gateway(gateway).read(raw), now=now)
    except Refused as refusal:
        logger.warning("notice %s of %s refused: %s", notice.uid, gateway, refusal)
        outcome = _close(notice, Outcome.REFUSED, now, verified=False)
        notices.trim_after(notice)
        return outcome
    return record(notice, statement, now=now)


def plausible(statement: Statement, *, now: datetime) -> Statement:
    """Signed or not: a date that no database holds, or that is not of these years, is refused. Raises Refused."""
    if not now - OLDEST <= statement.occurred_at <= now + CLOCKS_DIFFER:
        raise Refused("occurred_at is out of range")
    return statement


def keep(gateway: str, raw: Raw) -> Notice:
    """Inbox first: the message is stored and committed before anybody acts on it."""
    with transaction.atomic(durable=True):
        return Notice.objects.create(gateway=gateway, headers=dict(raw.headers), body=raw.body)


def record(notice: Notice, statement: Statement, *, now: datetime) -> Outcome:
    """Book a verified message, all or nothing; a crash half-way is repaired by the next delivery."""
    with transaction.atomic():
        outcome = _close(notice, _book(notice, statement, now), now, verified=True)
    logger.info("notice %s of %s: %s", notice.uid, notice.gateway, outcome)
    return outcome


def _close(notice: Notice, outcome: Outcome, now: datetime, *, verified: bool) -> Outcome:
    Notice.objects.filter(pk=notice.pk).update(outcome=outcome, processed_at=now, verified=verified)
    return outcome


def _book(notice: Notice, statement: Statement, now: datetime) -> Outcome:
    found = Payment.objects.filter(reference=statement.reference, gateway=notice.gateway)
    payment = found.select_for_update().first()  # deliveries of one attempt queue up here
    if payment is None:
        return _record_mismatch(notice, statement, None, Outcome.UNKNOWN_REFERENCE, "查無此交易編號")
    if differing := _differences(payment, statement):
        return _record_mismatch(notice, statement, payment, Outcome.MISMATCH, f"不符：{'、'.join(differing)}")
    transition(payment, PaymentState.STARTED)  # whoever speaks of it has begun it
    if statement.said is GatewayStatus.PAID:
        return _capture(notice, statement, payment, now)
    if statement.said in ENDS:
        return _end(notice, statement, payment)
    return Outcome.IGNORED


def _differences(payment: Payment, statement: Statement) -> list[str]:
    """What the gateway states otherwise than we asked for. The reference is equal: it found the attempt."""
    ours = {"金額": payment.amount, "幣別": CURRENCY, "商店": registry.gateway(payment.gateway).merchant}
    theirs = {"金額": statement.amount, "幣別": statement.currency, "商店": statement.merchant}
    return [name for name, value in ours.items() if theirs[name] != value]


def _record_mismatch(notice: Notice, statement: Statement, payment: Payment | None, outcome: Outcome, why: str) -> Outcome:
    """For the cashier: once, however often it is delivered."""
    key = f"{_key(notice, statement)}:{outcome}:{statement.amount}"
    event = _event(Kind.MISMATCH, notice, statement, payment, detail=why)
    LedgerEvent.objects.get_or_create(business_key=key, defaults=event)
    return outcome


def _capture(notice: Notice, statement: Statement, payment: Payment, now: datetime) -> Outcome:
    key = _key(notice, statement)
    first = transition(
        payment,
        PaymentState.CAPTURED,
        captured_at=statement.occurred_at,
        gateway_reference=statement.gateway_reference,
        message="",
    )
    if not first and LedgerEvent.objects.filter(business_key=key).exists():
        return Outcome.DUPLICATE
    if first and _is_in_time(payment, statement) and _advance(payment, BillState.SETTLED, PAYABLE, settled_at=now):
        _append(Kind.CAPTURED, key, notice, statement, payment)
        _fulfil(notice, statement, payment, now)
        return Outcome.BOOKED
    if first and _advance(payment, BillState.LATE_PAID, PAYABLE | {BillState.CANCELLED}):
        _append(Kind.CAPTURED, key, notice, statement, payment, detail="繳費單取消或逾期後入帳")
        return Outcome.LATE
    _append(Kind.OVERPAID, key, notice, statement, payment, detail="同一繳費單重複繳費")
    return Outcome.OVERPAID


def _is_in_time(payment: Payment, statement: Statement) -> bool:
    """Whether it was paid, by the bank's time, before the deadline of one of its cases had passed."""
    paid_on, calendar = timezone.localdate(statement.occurred_at), office_calendar.current()
    deadlines = payment.bill.lines.values_list("case__deadline", flat=True)
    return any(deadline is None or not has_passed(deadline, paid_on, calendar) for deadline in deadlines)


def _end(notice: Notice, statement: Statement, payment: Payment) -> Outcome:
    """Not paid. Of an attempt that has ended already this changes nothing."""
    key = _key(notice, statement)
    if not transition(payment, ENDS[statement.said], gateway_reference=statement.gateway_reference, message=statement.message):
        known = LedgerEvent.objects.filter(business_key=key).exists()
        return Outcome.DUPLICATE if known else Outcome.IGNORED
    _append(Kind.FAILED, key, notice, statement, payment, amount=0, detail=statement.message)
    return Outcome.ENDED


def _fulfil(notice: Notice, statement: Statement, payment: Payment, now: datetime) -> None:
    """Receipt, cases and email, in the transaction of the money."""
    receipt = _issue_receipt(payment, now)
    bill = payment.bill
    _take_up_lines(bill)
    for line in bill.lines.select_related("case").order_by("case_id"):
        _settle_case(line, notice, statement, payment, now)
    outbox.queue(
        kind="payment_received",
        to=bill.owner.email,
        context={"bill": bill, "payment": payment, "receipt": receipt},
        cause=f"receipt:{receipt.number}",
        language=bill.owner.language,
    )
    transaction.on_commit(partial(receipt_created.send_robust, sender=Receipt, receipt=receipt))


def _take_up_lines(bill: Bill) -> None:
    """Of a bill that had expired: what the money is for, but for a case that stands on another bill since."""
    elsewhere = BillLine.objects.filter(live=True, case__in=bill.lines.values("case")).values("case")
    bill.lines.filter(live=False).exclude(case__in=elsewhere).update(live=True)


def _issue_receipt(payment: Payment, now: datetime) -> Receipt:
    today = timezone.localdate(now)
    year = roc_year(today)
    return Receipt.objects.create(
        number=f"R{year}-{next_serial(f'receipt:{year}'):06}",
        bill=payment.bill,
        payment=payment,
        amount=payment.amount,
        issued_at=now,
        available_on=today,
    )


def _settle_case(line: BillLine, notice: Notice, statement: Statement, payment: Payment, now: datetime) -> None:
    """The money is there even when the case cannot use it any more: then the cashier is notified."""
    try:
        if not line.live:
            raise cases.NotAllowed("it stands on another bill")
        cases.settle(line.case, paid_at=statement.occurred_at, now=now)
    except cases.NotAllowed as refusal:
        why = f"收件號 {line.case.case_no} {'逾期繳費' if isinstance(refusal, cases.TooLate) else '之狀態無法結案'}"
        key = f"{_key(notice, statement)}:{line.case_id}"
        _append(Kind.MISMATCH, key, notice, statement, payment, amount=line.amount, detail=why)


def _advance(payment: Payment, target: BillState, sources: set[BillState], **fields: Any) -> bool:
    return bool(Bill.objects.filter(pk=payment.bill_id, state__in=sources).update(state=target, **fields))


def _key(notice: Notice, statement: Statement) -> str:
    """What makes two deliveries one event; the bytes may differ."""
    return f"{notice.gateway}:{statement.reference}:{statement.gateway_reference}:{statement.said}"


def _append(kind: Kind, key: str, notice: Notice, statement: Statement, payment: Payment, **fields: Any) -> None:
    LedgerEvent.objects.create(business_key=key, **_event(kind, notice, statement, payment, **fields))


def _event(kind: Kind, notice: Notice, statement: Statement, payment: Payment | None, **fields: Any) -> dict[str, Any]:
    event = {"kind": kind, "at": statement.occurred_at, "amount": statement.amount, "notice": notice, "payment": payment}
    return event | fields
