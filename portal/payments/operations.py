"""What is done with bills and attempts. Gateways are asked outside of transactions: a bank may take its time."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.core.serials import next_serial
from portal.fields.dates import roc_year

from . import ledger, queries, registry
from .attempts import transition
from .models import Bill, BillLine, Payment
from .protocol import GatewayStatus, Method, Raw, Refused, Start, Statement, Unavailable
from .states import LIVE, BillState, PaymentState

logger = logging.getLogger(__name__)
ASK_EVERY = timedelta(seconds=3)
NO_DELAY = timedelta(0)
BILLS_AN_HOUR = PAYMENTS_AN_HOUR = 20
# After this long a gateway that never heard of an attempt never will: the order's signature is stale.
NEVER_BEGUN_AFTER = timedelta(minutes=15)


class NotPayable(Exception):
    """The bill or a case is paid, closed, or on its way; the page shows which."""


class Overdue(NotPayable):
    """The deadline of a case has passed; no new attempt to pay for it is begun."""


class TooManyAttempts(Exception):
    """So many bills or attempts of one student within an hour are no slip."""


def open_bill(owner: User, cases: Iterable[Case], *, now: datetime) -> Bill:
    """The bill 繳費單 over exactly these cases; a bill that held some of them otherwise is given up.

    Raises Overdue, NotPayable and TooManyAttempts.
    """
    wanted = {case.pk for case in cases}
    if queries.are_overdue(wanted, today=timezone.localdate(now)):
        raise Overdue
    for bill in _open_bills(owner, wanted):
        if _is_over(bill, wanted):
            return bill
        _cancel_bill(bill, now=now)
    if Bill.objects.filter(owner=owner, created_at__gt=now - timedelta(hours=1)).count() >= BILLS_AN_HOUR:
        raise TooManyAttempts
    try:
        return _new_bill(owner, wanted, now=now)
    except IntegrityError:  # another tab was quicker
        for bill in _open_bills(owner, wanted):
            if _is_over(bill, wanted):
                return bill
        raise NotPayable from None


def start_payment(bill: Bill, method: Method, *, now: datetime) -> Start:
    """The student's next step. A live attempt is asked about first, and the same one goes on rather than a second."""
    if live := queries.live_attempt(bill):
        _ask_before_going_on(live, now=now)
        if live.is_live and live.method != method.code:
            _supersede(live)
    payment = _attempt(bill, method, now=now)
    start = method.start(payment)
    transition(payment, PaymentState.STARTED)
    return start


def inquire(payment: Payment, *, now: datetime, every: timedelta = ASK_EVERY) -> Payment:
    """Ask the gateway about a live attempt, not more often than `every`; what it says is booked."""
    if payment.is_live and _may_ask(payment, now, every):
        try:
            gateway = registry.gateway(payment.gateway)
            raw = gateway.ask(payment, now)
            _apply_answer(payment, raw, ledger.plausible(gateway.read_answer(raw), now=now), now=now)
        except (Unavailable, Refused, registry.NotConfigured) as problem:
            logger.warning("no answer about payment %s: %s", payment.pk, type(problem).__name__)
            transition(payment, PaymentState.UNKNOWN)
    payment.refresh_from_db()
    return payment


def _may_ask(payment: Payment, now: datetime, every: timedelta) -> bool:
    rested = Q(asked_at=None) | Q(asked_at__lte=now - every)
    return bool(Payment.objects.filter(rested, pk=payment.pk).update(asked_at=now))


def _apply_answer(payment: Payment, raw: Raw, statement: Statement, *, now: datetime) -> None:
    if statement.reference != payment.reference:
        raise Refused("an answer about another attempt")
    if statement.said is GatewayStatus.PAID or statement.said in ledger.ENDS:
        ledger.record(ledger.keep(payment.gateway, raw), statement, now=now)
        return
    transition(payment, PaymentState.STARTED)
    if statement.said is GatewayStatus.NOT_FOUND and payment.created_at <= now - NEVER_BEGUN_AFTER:
        transition(payment, PaymentState.EXPIRED)


def _ask_before_going_on(payment: Payment, *, now: datetime) -> None:
    if inquire(payment, now=now, every=NO_DELAY).state == PaymentState.UNKNOWN:
        raise NotPayable


def _supersede(payment: Payment) -> None:
    """The student chose otherwise. Money that comes for it all the same is honoured by the ledger."""
    transition(payment, PaymentState.STARTED)
    transition(payment, PaymentState.CANCELLED)


@transaction.atomic
def _attempt(bill: Bill, method: Method, *, now: datetime) -> Payment:
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if not queries.waits_for_money(bill):
        raise NotPayable
    if queries.is_overdue(bill, today=timezone.localdate(now)):
        raise Overdue
    if live := queries.live_attempt(bill):
        if live.method != method.code:
            raise NotPayable
        return live
    if bill.payments.filter(created_at__gt=now - timedelta(hours=1)).count() >= PAYMENTS_AN_HOUR:
        raise TooManyAttempts
    number = bill.payments.count() + 1
    return Payment.objects.create(
        bill=bill,
        reference=f"P{bill.number[1:].replace('-', '')}A{number:02}",
        method=method.code,
        gateway=registry.gateway_code(method.code),
        amount=bill.total,
    )


def _open_bills(owner: User, wanted: set[int]) -> QuerySet[Bill]:
    """The open bills on which some of the wanted cases stand."""
    return Bill.objects.filter(owner=owner, state=BillState.OPEN, lines__case__in=wanted).distinct()


def _is_over(bill: Bill, wanted: set[int]) -> bool:
    """Whether the bill is over exactly the wanted cases."""
    return {line.case_id for line in bill.lines.all()} == wanted


def _cancel_bill(bill: Bill, *, now: datetime) -> None:
    """The student ticked otherwise: the bill is cancelled, once the gateway has said that its attempt is not paid."""
    if live := queries.live_attempt(bill):
        _ask_before_going_on(live, now=now)
        _supersede(live)
    _cancel(bill)


@transaction.atomic
def _cancel(bill: Bill) -> None:
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if bill.state != BillState.OPEN or bill.payments.filter(state__in=LIVE).exists():
        raise NotPayable
    Bill.objects.filter(pk=bill.pk).update(state=BillState.CANCELLED)
    bill.lines.update(live=False)


@transaction.atomic
def _new_bill(owner: User, wanted: set[int], *, now: datetime) -> Bill:
    payable = Case.objects.select_for_update().filter(owner=owner, status=Status.AWAITING_PAYMENT, pk__in=wanted)
    cases = list(payable.order_by("group_no"))
    if not cases or len(cases) != len(wanted):
        raise NotPayable
    year = roc_year(timezone.localdate(now))
    bill = Bill.objects.create(
        number=f"B{year}-{next_serial(f'bill:{year}'):06}",
        owner=owner,
        category=owner.category,
        total=sum(case.fee or 0 for case in cases),
    )
    with translation.override(settings.LANGUAGE_CODE):  # what stands on a receipt is in the language of the law
        BillLine.objects.bulk_create(
            BillLine(bill=bill, case=case, item=str(case.kind.fee(case.answers).item), amount=case.fee or 0) for case in cases
        )
    return bill
