"""What is done with bills and attempts. Gateways are asked outside of transactions: a bank may take its time."""

import logging
from collections.abc import Iterable, Mapping
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
from .attempts import issue_code, transition
from .models import Bill, BillLine, Payment
from .protocol import NOTHING_SAID, GatewayStatus, Method, NotIssued, Raw, Refused, Slip, Start, Statement, Unavailable
from .states import LIVE, BillState, PaymentState

logger = logging.getLogger(__name__)
ASK_EVERY = timedelta(seconds=3)
# A counter reports after days: what became of a slip is asked for seldom.
ASK_ABOUT_A_SLIP_EVERY = timedelta(hours=6)
NO_DELAY = timedelta(0)
BILLS_AN_HOUR = PAYMENTS_AN_HOUR = 20
# After this long a gateway that never heard of an attempt never will: the order's signature is stale.
NEVER_BEGUN_AFTER = timedelta(minutes=15)


class NotPayable(Exception):
    """The bill or a case is paid, closed, or on its way; the page shows which."""


class Overdue(NotPayable):
    """The deadline of a case has passed; no new attempt to pay for it is begun."""


class NotAccepted(NotPayable):
    """The method does not take so much, or gives no code: another one may."""


class Unanswered(NotPayable):
    """The gateway does not say what became of an attempt: nothing may be given up, and nothing begun beside it."""


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
        cancel_bill(bill, now=now)
    if Bill.objects.filter(owner=owner, created_at__gt=now - timedelta(hours=1)).count() >= BILLS_AN_HOUR:
        raise TooManyAttempts
    try:
        return _new_bill(owner, wanted, now=now)
    except IntegrityError:  # another tab was quicker
        for bill in _open_bills(owner, wanted):
            if _is_over(bill, wanted):
                return bill
        raise NotPayable from None


def start_payment(bill: Bill, method: Method, *, said: Mapping[str, str] = NOTHING_SAID, now: datetime) -> Start:
    """The student's next step. A live attempt is asked about first, and the same one goes on rather than a second.

    A slip that was issued is the same slip again. Another method gives up the attempt before it, and so does coming back to a
    gateway that has used up its reference; money that comes for that one all the same is honoured. Raises Overdue, NotAccepted,
    NotPayable and TooManyAttempts.
    """
    if not method.accepts(bill.total):
        raise NotAccepted
    live = queries.live_attempt(bill)
    if live and not (live.slip and live.method == method.code):
        heard = ask_now(live, now=now)
        if live.is_live and (live.method != method.code or _is_used_up(live, heard)):
            _supersede(live)
    payment = _attempt(bill, method, now=now)
    return payment.slip or _hand_over(payment, method, said)


def _hand_over(payment: Payment, method: Method, said: Mapping[str, str]) -> Start:
    try:
        start = method.start(payment, said)
    except Unavailable as problem:  # it may have been begun there
        transition(payment, PaymentState.UNKNOWN)
        raise Unanswered from problem
    except NotIssued as problem:
        logger.warning("no code for payment %s: %s", payment.pk, problem)
        transition(payment, PaymentState.STARTED)
        transition(payment, PaymentState.FAILED)
        raise NotAccepted from problem
    if isinstance(start, Slip):
        issue_code(payment, start)
        if payment.slip is None:  # given up in another tab meanwhile
            raise NotPayable
        return payment.slip  # of two tabs the first decided
    transition(payment, PaymentState.STARTED)
    return start


def inquire(payment: Payment, *, now: datetime, every: timedelta | None = None) -> Payment:
    """Ask the gateway about a live attempt, not more often than `every`; what it says is booked.

    Without an answer nothing is known of an attempt under way; a slip stays good.
    """
    if payment.is_live and _may_ask(payment, now, ask_every(payment) if every is None else every):
        try:
            _ask(payment, now=now)
        except Unanswered:
            transition(payment, PaymentState.UNKNOWN)
    payment.refresh_from_db()
    return payment


def ask_now(payment: Payment, *, now: datetime) -> GatewayStatus | None:
    """The same at once, for who cannot go on without the answer; what was said, if it was asked. Raises Unanswered."""
    said = None
    if payment.is_live and _may_ask(payment, now, NO_DELAY):
        try:
            said = _ask(payment, now=now)
        except Unanswered:
            transition(payment, PaymentState.UNKNOWN)
            raise
    payment.refresh_from_db()
    if payment.state == PaymentState.UNKNOWN:  # somebody else asks just now
        raise Unanswered
    return said


def ask_every(payment: Payment) -> timedelta:
    """How seldom a gateway is asked about an attempt."""
    if payment.state == PaymentState.CODE_ISSUED:
        return ASK_ABOUT_A_SLIP_EVERY
    try:
        return registry.gateway(payment.gateway).ask_every
    except registry.NotConfigured:
        return ASK_EVERY


def _is_used_up(payment: Payment, said: GatewayStatus | None) -> bool:
    """Whether the gateway knows the reference, and takes none twice."""
    return said is GatewayStatus.PENDING and registry.gateway(payment.gateway).takes_a_reference_once


def _ask(payment: Payment, *, now: datetime) -> GatewayStatus:
    try:
        gateway = registry.gateway(payment.gateway)
        raw = gateway.ask(payment, now)
        statement = ledger.plausible(gateway.read_answer(raw), now=now)
        _apply_answer(payment, raw, statement, now=now)
        return statement.said
    except (Unavailable, Refused, registry.NotConfigured) as problem:
        logger.warning("no answer about payment %s: %s", payment.pk, type(problem).__name__)
        raise Unanswered from problem


def _may_ask(payment: Payment, now: datetime, every: timedelta) -> bool:
    rested = Q(asked_at=None) | Q(asked_at__lte=now - every)
    return bool(Payment.objects.filter(rested, pk=payment.pk).update(asked_at=now))


def _apply_answer(payment: Payment, raw: Raw, statement: Statement, *, now: datetime) -> None:
    if statement.reference not in {payment.reference, payment.slip_number}:
        raise Refused("an answer about another attempt")
    if statement.said in ledger.BOOKED:
        ledger.record(ledger.keep(payment.gateway, raw), statement, now=now)
        return
    transition(payment, PaymentState.STARTED)
    if payment.state == PaymentState.CODE_ISSUED:
        return  # nobody has paid it yet, and a counter knows of no other
    if statement.said is GatewayStatus.NOT_FOUND and payment.created_at <= now - NEVER_BEGUN_AFTER:
        transition(payment, PaymentState.EXPIRED)


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


def cancel_bill(bill: Bill, *, now: datetime) -> None:
    """取消繳費單, or the student ticked otherwise: once the gateway has said that its attempt is not paid.

    Its cases wait for payment again. Raises NotPayable when the money is there, or nobody knows.
    """
    if live := queries.live_attempt(bill):
        ask_now(live, now=now)
        _supersede(live)
    _cancel(bill, now)


@transaction.atomic
def _cancel(bill: Bill, now: datetime) -> None:
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if bill.state != BillState.OPEN or bill.payments.filter(state__in=LIVE).exists():
        raise NotPayable
    Bill.objects.filter(pk=bill.pk).update(state=BillState.CANCELLED, cancelled_at=now)
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
