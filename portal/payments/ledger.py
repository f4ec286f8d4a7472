"""The one writer of money. Everything that a gateway says comes through here, and comes in once."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.cases import operations as cases
from portal.cases.states import Status
from portal.core.append_only import link
from portal.core.serials import next_serial
from portal.fields.dates import roc_year
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import OfficeCalendar, has_passed

from . import attempts, emails, registry
from .attempts import issue_code, transition
from .gateways import notices
from .models import Bill, BillLine, LedgerEvent, Notice, Payment, Receipt, Refund, ReviewItem
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
# What an answer says that is written down; anything else is no news.
BOOKED = {GatewayStatus.PAID, GatewayStatus.REVERSED, GatewayStatus.CODE_ISSUED, *ENDS}
# A bill that expired is settled by money that was paid in time and reported later.
PAYABLE = {BillState.OPEN, BillState.EXPIRED}
# And so is one whose money had come too late, or has gone back; unless the student had cancelled it.
PAYABLE_AGAIN = {BillState.LATE_PAID, BillState.REVERSED, BillState.REFUNDED}
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
    named = Q(reference=statement.reference) | Q(slip_number=statement.reference)
    found = Payment.objects.filter(named, gateway=notice.gateway).select_related("bill__owner")
    payment = found.select_for_update(of=("self", "bill"), no_key=True).first()
    # Deliveries about one bill queue up here; a receipt of another attempt may still name this one (no_key), or both would wait.
    if payment is None:
        return _record_mismatch(notice, statement, None, Outcome.UNKNOWN_REFERENCE, "查無此交易編號")
    statement = replace(statement, reference=payment.reference)  # by whichever name it was reported, it is one event
    if differing := _differences(payment, statement):
        return _record_mismatch(notice, statement, payment, Outcome.MISMATCH, f"不符：{'、'.join(differing)}")
    if statement.said is GatewayStatus.PAID:
        return _capture(notice, statement, payment, now)
    transition(payment, PaymentState.STARTED)  # whoever speaks of it has begun it
    if statement.slip and statement.said is GatewayStatus.CODE_ISSUED:
        return Outcome.CODE_ISSUED if issue_code(payment, statement.slip) else Outcome.IGNORED
    if statement.said is GatewayStatus.REVERSED:
        return _reverse(notice, statement, payment, now)
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
    try:
        with transaction.atomic():
            if not LedgerEvent.objects.filter(business_key=key).exists():
                _review(_add(LedgerEvent(business_key=key, **event)))
    except IntegrityError:  # of an attempt that is not ours no row is locked: another delivery was quicker
        pass
    return outcome


def _capture(notice: Notice, statement: Statement, payment: Payment, now: datetime) -> Outcome:
    lines = list(payment.events.values_list("kind", "business_key", "amount", "chain"))
    known = [line[:3] for line in lines]
    payment.chain_end = lines[-1][3] if lines else ""
    if (key := _key(notice, statement)) in {line[1] for line in known}:
        return Outcome.DUPLICATE
    outcome = _take(key, notice, statement, payment, now)
    account = attempts.account_of([*known, (Kind.CAPTURED, key, statement.amount)])
    if account.state is PaymentState.REVERSED or account.balance <= 0:  # we heard first that it went back
        _reckon(payment, account, now)
    return outcome


def _take(key: str, notice: Notice, statement: Statement, payment: Payment, now: datetime) -> Outcome:
    """Money that is new to us: what it is for, if anything."""
    paid = {"captured_at": statement.occurred_at, "gateway_reference": statement.gateway_reference, "message": ""}
    transition(payment, PaymentState.CAPTURED, **paid)
    calendar = cast(OfficeCalendar, SimpleLazyObject(office_calendar.current))  # asked where a day needs it
    if _is_in_time(payment, statement, calendar):
        if _advance(payment, BillState.SETTLED, PAYABLE, settled_at=now):
            _append(Kind.CAPTURED, key, notice, statement, payment)
            _fulfil(_lines_of_money(payment.bill), notice, statement, payment, calendar, now)
            return Outcome.BOOKED
        if payment.bill.cancelled_at is None and _advance(payment, BillState.SETTLED, PAYABLE_AGAIN, settled_at=now):
            Payment.objects.filter(pk=payment.pk).update(**paid)  # it may be captured already, by what went back
            _review(_append(Kind.CAPTURED, key, notice, statement, payment, detail="沖正、退費或逾期繳費後再次入帳"))
            waiting = [line for line in _lines_of_money(payment.bill) if line.case.status != Status.COMPLETED]
            _fulfil(waiting, notice, statement, payment, calendar, now)
            return Outcome.BOOKED
    if _advance(payment, BillState.LATE_PAID, PAYABLE | {BillState.CANCELLED, BillState.REFUNDED}):
        _review(_append(Kind.CAPTURED, key, notice, statement, payment, detail="繳費單取消或逾期後入帳"))
        return Outcome.LATE
    _review(_append(Kind.OVERPAID, key, notice, statement, payment, detail="同一繳費單重複繳費"))
    return Outcome.OVERPAID


def _reverse(notice: Notice, statement: Statement, payment: Payment, now: datetime) -> Outcome:
    """沖正: the gateway said that it was paid, and corrects itself. The permit is blocked until a cashier has looked."""
    key = _key(notice, statement)
    if payment.events.filter(business_key=key).exists():
        return Outcome.DUPLICATE
    why = statement.message or "金融機構沖正"
    _review(_append(Kind.REVERSED, key, notice, statement, payment, amount=-statement.amount, detail=why))
    _reckon(payment, attempts.account(payment), now)
    return Outcome.REVERSED


def _reckon(payment: Payment, account: attempts.Account, now: datetime) -> None:
    """Money has gone back: what the attempt and its bill are now follows from the ledger, and from no order."""
    if account.state is PaymentState.CAPTURED:
        _name_what_stands(payment, account, now)
    elif account.state is PaymentState.REVERSED:
        transition(payment, PaymentState.REVERSED)
    if account.paid and account.balance <= 0:
        _take_back(payment, now)


def _name_what_stands(payment: Payment, account: attempts.Account, now: datetime) -> None:
    """The attempt goes by a transaction that was not reversed; of a receipt that says otherwise another takes the place."""
    payment.refresh_from_db(fields=["gateway_reference", "captured_at"])
    if payment.gateway_reference in {attempts.number_of(payment, f"{each}:") for each in account.standing}:
        return
    lines = payment.events.filter(kind__in=attempts.CAME).order_by("at", "pk")
    stands = next(line for line in lines if attempts.transaction_of(line.business_key) in account.standing)
    payment.captured_at = stands.at
    payment.gateway_reference = attempts.number_of(payment, stands.business_key)
    payment.save(update_fields=["captured_at", "gateway_reference"])
    if _void(payment, now):
        _announce(_issue_receipt(payment, stands.at, office_calendar.current(), now))


def _void(payment: Payment, now: datetime) -> bool:
    """Its receipt 作廢; whether there was a good one."""
    return bool(Receipt.objects.filter(payment=payment, voided_at=None).update(voided_at=now))


def _take_back(payment: Payment, now: datetime) -> None:
    """Nothing is left of the money of an attempt: its receipt is void.

    Other money for the bill takes its place, with a receipt of its own; without any the bill is 已沖正, or 已退費.
    """
    bill = payment.bill
    voided = _void(payment, now)
    if other := attempts.paid_attempts(bill).first():
        if voided:
            _announce(_issue_receipt(other, other.captured_at or now, office_calendar.current(), now))
    elif not bill.receipts.exists():  # whose money came too late
        if LedgerEvent.objects.filter(payment__bill=bill, kind=Kind.REFUNDED).exists():
            _advance(payment, BillState.REFUNDED, {BillState.LATE_PAID})
    elif bill.payments.filter(state=PaymentState.REVERSED).exists():
        _advance(payment, BillState.REVERSED, {BillState.SETTLED, BillState.REFUNDED})
    else:
        _advance(payment, BillState.REFUNDED, {BillState.SETTLED, BillState.REVERSED})


def _is_in_time(payment: Payment, statement: Statement, calendar: OfficeCalendar) -> bool:
    """Whether it was paid, by the bank's time, before the deadline of one of its cases had passed."""
    paid_on = timezone.localdate(statement.occurred_at)
    deadlines = [line.case.deadline for line in _lines(payment.bill)]
    return any(deadline is None or not has_passed(deadline, paid_on, calendar) for deadline in deadlines)


def _lines(bill: Bill) -> list[BillLine]:
    """Its lines with their cases, read once."""
    prefetch_related_objects([bill], Prefetch("lines", BillLine.objects.select_related("case").order_by("case_id")))
    return list(bill.lines.all())


def _end(notice: Notice, statement: Statement, payment: Payment) -> Outcome:
    """Not paid. Of an attempt that has ended already this changes nothing."""
    key = _key(notice, statement)
    if not transition(payment, ENDS[statement.said], gateway_reference=statement.gateway_reference, message=statement.message):
        known = LedgerEvent.objects.filter(business_key=key).exists()
        return Outcome.DUPLICATE if known else Outcome.IGNORED
    _append(Kind.FAILED, key, notice, statement, payment, amount=0, detail=statement.message)
    return Outcome.ENDED


def _fulfil(
    lines: list[BillLine], notice: Notice, statement: Statement, payment: Payment, calendar: OfficeCalendar, now: datetime
) -> None:
    """Receipt, cases and email, in the transaction of the money."""
    payment.captured_at = statement.occurred_at
    receipt = _issue_receipt(payment, statement.occurred_at, calendar, now)
    for line in lines:
        _settle_case(line, notice, statement, payment, now)
    _announce(receipt)


def _announce(receipt: Receipt) -> None:
    """By email, and to the packages above, which print it."""
    emails.payment_received(receipt)
    transaction.on_commit(partial(receipt_created.send_robust, sender=Receipt, receipt=receipt))


def _lines_of_money(bill: Bill) -> list[BillLine]:
    """What is paid for, taken up again where the bill had expired."""
    if not all(line.live for line in _lines(bill)):
        _take_up_lines(bill)
    return _lines(bill)


def _take_up_lines(bill: Bill) -> None:
    """Of a bill that had expired: what the money is for, but for a case that stands on another bill since."""
    elsewhere = BillLine.objects.filter(live=True, case__in=bill.lines.values("case")).values("case")
    bill.lines.filter(live=False).exclude(case__in=elsewhere).update(live=True)
    bill._prefetched_objects_cache.clear()  # type: ignore[attr-defined]  # they are read anew


def _issue_receipt(payment: Payment, paid_at: datetime, calendar: OfficeCalendar, now: datetime) -> Receipt:
    today = timezone.localdate(now)
    year = roc_year(today)
    method = registry.any_method(payment.method)
    paid_on = timezone.localdate(paid_at)
    first_day = method.available_on(paid_on, calendar) if method else today
    return Receipt.objects.create(
        number=f"R{year}-{next_serial(f'receipt:{year}'):06}",
        bill=payment.bill,
        payment=payment,
        amount=payment.amount,
        issued_at=now,
        available_on=max(first_day, today),
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
        _review(_append(Kind.MISMATCH, key, notice, statement, payment, amount=line.amount, detail=why))


def _advance(payment: Payment, target: BillState, sources: set[BillState], **fields: Any) -> bool:
    return bool(Bill.objects.filter(pk=payment.bill_id, state__in=sources).update(state=target, **fields))


def _key(notice: Notice, statement: Statement) -> str:
    """What makes two deliveries one event; the bytes may differ."""
    return _business_key(notice.gateway, statement, statement.said)


def _business_key(gateway: str, statement: Statement, said: GatewayStatus) -> str:
    return f"{gateway}:{statement.reference}:{statement.gateway_reference}:{said}"


def _append(kind: Kind, key: str, notice: Notice, statement: Statement, payment: Payment, **fields: Any) -> LedgerEvent:
    return _add(LedgerEvent(business_key=key, **_event(kind, notice, statement, payment, **fields)))


def _add(event: LedgerEvent) -> LedgerEvent:
    """The next line of its attempt, whose row is locked: nobody adds another one meanwhile."""
    event.chain = link(_chain_end(event.payment), event.said())
    event.save(force_insert=True)
    if event.payment and event.payment.chain_end is not None:
        event.payment.chain_end = event.chain
    return event


def _chain_end(payment: Payment | None) -> str:
    if payment is None:
        return ""
    if payment.chain_end is not None:
        return payment.chain_end
    return payment.events.order_by("pk").values_list("chain", flat=True).last() or ""


def _review(event: LedgerEvent) -> None:
    """A cashier has to look at it."""
    ReviewItem.objects.create(event=event)


def _event(kind: Kind, notice: Notice, statement: Statement, payment: Payment | None, **fields: Any) -> dict[str, Any]:
    event = {"kind": kind, "at": statement.occurred_at, "amount": statement.amount, "notice": notice, "payment": payment}
    return event | fields


@transaction.atomic
def book_refund(refund: Refund, *, now: datetime) -> None:
    """退費 was paid back: one line, and whatever follows once nothing is left of the money."""
    named = Payment.objects.filter(pk=refund.payment_id).select_related("bill")
    payment = named.select_for_update(of=("self", "bill"), no_key=True).get()
    key = f"refund:{refund.uid}"
    booked = {"at": now, "amount": -refund.amount, "payment": payment, "business_key": key, "detail": refund.reason}
    event = _add(LedgerEvent(kind=Kind.REFUNDED, **booked))
    account = attempts.account(payment)
    if account.balance < 0:  # paid back twice: to the student, and to the bank that took its money back
        _review(event)
    _reckon(payment, account, now)
