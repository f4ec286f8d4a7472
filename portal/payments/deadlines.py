"""What happens by itself on a day: unpaid cases and slips end, the gateway asked first; and emails about days that come."""

import logging
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from portal.cases import operations as cases
from portal.cases import queries as case_queries
from portal.cases.models import Case
from portal.cases.states import Status
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import OfficeCalendar

from . import emails
from .attempts import transition
from .models import Bill, Payment, Receipt
from .operations import Unanswered, ask_now
from .states import LIVE, BillState, PaymentState

logger = logging.getLogger(__name__)
# A gateway may need seconds for each answer, and other attempts wait for theirs.
ASK_AT_MOST: Final = 100
# The longest that offices are closed in one go is shorter.
NEAR: Final = timedelta(days=14)


def end_unpaid(*, now: datetime) -> int:
    """Let every approval lapse whose 繳費期限 has passed without money; how many.

    While a gateway does not say what became of an attempt, its case stays as it is; the next run asks again. May run as
    often as one likes. Money that comes later is booked by the bank's time (ledger): paid in time, the case is completed.
    """
    overdue = case_queries.overdue([Status.AWAITING_PAYMENT], timezone.localdate(now), office_calendar.current())
    for payment in _on_their_way(overdue)[:ASK_AT_MOST]:
        _give_up_unless_paid(payment, now=now)
    on_their_way = _on_their_way(overdue).values("bill__lines__case")
    return sum(_end(case, now=now) for case in overdue.exclude(pk__in=on_their_way))


def end_slips(*, now: datetime) -> int:
    """Let every slip expire whose last day is over without money, once the gateway has answered; how many were looked at.

    Its bill may be paid another way. What was paid at a counter in time and is reported later is booked all the same.
    """
    over = Payment.objects.filter(state=PaymentState.CODE_ISSUED, pay_until__lt=timezone.localdate(now))
    ended = over.order_by(F("asked_at").asc(nulls_first=True), "pk")[:ASK_AT_MOST]
    for payment in ended:
        _give_up_unless_paid(payment, now=now)
    return len(ended)


def remind_of_slips(*, now: datetime) -> int:
    """Write to who has a slip whose last day is today or the next working day, once for each slip; how many there are."""
    today, calendar = timezone.localdate(now), office_calendar.current()
    near = Payment.objects.filter(state=PaymentState.CODE_ISSUED, pay_until__range=(today, today + NEAR))
    lapsing = [payment for payment in near.select_related("bill__owner") if _is_near(payment, today, calendar)]
    for payment in lapsing:
        emails.slip_lapsing(payment)
    return len(lapsing)


def _is_near(payment: Payment, today: date, calendar: OfficeCalendar) -> bool:
    return payment.pay_until is not None and calendar.working_day_before(payment.pay_until) <= today


def announce_receipts(*, now: datetime) -> int:
    """Write to whose receipt can be downloaded since these days and could not when they paid, once; how many there are."""
    today = timezone.localdate(now)
    ready = Receipt.objects.filter(voided_at=None, available_on__range=(today - NEAR, today))
    waited = [
        receipt
        for receipt in ready.select_related("payment__bill__owner")
        if not receipt.is_available(timezone.localdate(receipt.issued_at))
    ]
    for receipt in waited:
        emails.receipt_ready(receipt)
    return len(waited)


def _on_their_way(overdue: QuerySet[Case]) -> QuerySet[Payment]:
    """The attempts on these cases that may still end in either way, those asked about longest ago first."""
    pending = Payment.objects.filter(state__in=LIVE, bill__state=BillState.OPEN, bill__lines__case__in=overdue.values("pk"))
    return pending.order_by(F("asked_at").asc(nulls_first=True), "pk").distinct()


def _give_up_unless_paid(payment: Payment, *, now: datetime) -> None:
    try:
        ask_now(payment, now=now)
    except Unanswered:
        return
    if payment.is_live:
        transition(payment, PaymentState.STARTED)
        transition(payment, PaymentState.EXPIRED)


def _end(case: Case, *, now: datetime) -> bool:
    try:
        _expire_with_bill(case, now=now)
    except cases.NotAllowed:  # paid, or being paid, since we asked
        return False
    logger.info("case %s was not paid for in time", case.uid)
    return True


@transaction.atomic
def _expire_with_bill(case: Case, *, now: datetime) -> None:
    """Both or neither. The bill is locked first, as whoever begins or books a payment does."""
    bills = Bill.objects.select_for_update().filter(state=BillState.OPEN, pk__in=case.bill_lines.filter(live=True).values("bill"))
    for bill in bills:
        if bill.payments.filter(state__in=LIVE).exists():
            raise cases.NotAllowed("an attempt is on its way")
        Bill.objects.filter(pk=bill.pk).update(state=BillState.EXPIRED)
        bill.lines.update(live=False)
    cases.expire(case, now=now)
