"""退費: one cashier asks, another approves; then the gateway pays back, or the agency does by hand and says by what."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Sum

from portal.accounts.models import User

from .. import attempts, emails, ledger, registry
from ..models import Payment, Refund
from ..protocol import NotRefunded, Unavailable
from ..states import MAY_TAKE_MONEY, NEXT_OF_REFUND, TAKES_MONEY, PaymentState, RefundState

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)
FIND_OUT: Final = "金流沒有回應，請先查明是否已退費"
GONE: Final = "款項已沖正或已退還，不足以退費"


class NotRefundable(Exception):
    """Nothing, or not so much, of the payment can be paid back; the text says why, to the cashier."""


class SamePerson(NotRefundable):
    """Who asked for it may not approve it."""


class Changed(NotRefundable):
    """Somebody decided meanwhile."""


def left(payment: Payment) -> int:
    """How much of what the ledger says is there can still be asked back."""
    if payment.state != PaymentState.CAPTURED:
        return 0
    asked = payment.refunds.filter(state__in=MAY_TAKE_MONEY).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(attempts.account(payment).balance - asked)


def is_covered(refund: Refund) -> bool:
    """Whether the money is still there, beside what was decided to pay back of it otherwise."""
    payment = refund.payment
    others = payment.refunds.filter(state__in=TAKES_MONEY).exclude(pk=refund.pk).aggregate(sum=Sum("amount"))["sum"] or 0
    return payment.state == PaymentState.CAPTURED and attempts.account(payment).balance - others >= refund.amount


@transaction.atomic
def request(payment: Payment, amount: int, *, reason: str, by: User, now: datetime) -> Refund:
    """申請退費. Raises NotRefundable."""
    payment = Payment.objects.select_for_update().get(pk=payment.pk)  # two at once would each see all of it
    if not 0 < amount <= left(payment):
        raise NotRefundable(f"可退金額為 {left(payment)} 元")
    return Refund.objects.create(payment=payment, amount=amount, reason=reason, requested_by=by, requested_at=now)


def approve(refund: Refund, *, by: User, now: datetime) -> Refund:
    """核准, by another person; then the gateway is asked to pay back, where it can. Raises NotRefundable."""
    if by.pk == refund.requested_by_id:
        raise SamePerson("申請退費的人不能核准自己的申請")
    _move_covered(refund, RefundState.APPROVED, decided_by=by, decided_at=now)
    return carry_out(refund, now=now)


@transaction.atomic
def decline(refund: Refund, *, by: User, now: datetime) -> Refund:
    """不同意, also by who asked for it; of what was approved only once the money has gone back (沖正). Raises NotRefundable."""
    _lock(refund)
    if refund.state == RefundState.REQUESTED:
        return _move(refund, RefundState.DECLINED, decided_by=by, decided_at=now)
    if is_covered(refund):
        raise Changed("已核准的退費不能改為不同意")
    return _move(refund, RefundState.DECLINED, message=GONE)


def carry_out(refund: Refund, *, now: datetime) -> Refund:
    """Ask the gateway to pay back what was approved; what it cannot do is left to be paid back by hand."""
    payment = refund.payment
    try:
        gateway = registry.gateway(payment.gateway)
    except registry.NotConfigured:
        return _move(refund, RefundState.MANUAL)
    if not gateway.can_refund(payment):
        return _move(refund, RefundState.MANUAL)
    _move_covered(refund, RefundState.SUBMITTED)
    try:
        gateway.refund(payment, refund.amount, now=now)
    except NotRefunded as refusal:
        logger.warning("refund %s was refused: %s", refund.uid, refusal)
        return _move(refund, RefundState.FAILED, message=str(refusal)[:200])
    except Unavailable as problem:  # it may have paid back: a person finds out
        logger.warning("no answer about refund %s: %s", refund.uid, problem)
        return _move(refund, RefundState.MANUAL, message=FIND_OUT)
    return complete(refund, evidence=f"{payment.gateway} {payment.gateway_reference}", now=now)


@transaction.atomic
def complete(refund: Refund, *, evidence: str, now: datetime) -> Refund:
    """已退費: the money is back; `evidence` says by what. The ledger books it, and tells a cashier where there was none to pay
    back any more. Raises NotRefundable.
    """
    if not evidence.strip():
        raise NotRefundable("請填寫退費憑證")
    _move(refund, RefundState.DONE, evidence=evidence.strip(), done_at=now)
    ledger.book_refund(refund, now=now)
    emails.refunded(refund)
    return refund


def by_hand(refund: Refund) -> Refund:
    """改為人工退費: after the gateway refused, or when nobody knows whether it was ever asked. Raises NotRefundable."""
    if refund.state == RefundState.SUBMITTED:
        return _move(refund, RefundState.MANUAL, message=FIND_OUT)
    return _move_covered(refund, RefundState.MANUAL)


@transaction.atomic
def _move_covered(refund: Refund, target: RefundState, **fields: Any) -> Refund:
    """As `_move`, for what leads to money being paid: it must be there. Raises NotRefundable."""
    _lock(refund)
    _move(refund, target, **fields)
    if not is_covered(refund):
        raise NotRefundable(GONE)  # and it is where it was
    return refund


def _lock(refund: Refund) -> None:
    """The refund as it is, and its attempt, held until commit: the ledger books nothing about it meanwhile."""
    refund.payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    refund.refresh_from_db(fields=["state"])


def _move(refund: Refund, target: RefundState, **fields: Any) -> Refund:
    """One edge of the graph; one conditional UPDATE, so that of two people one takes it."""
    sources: Iterable[str] = [source for source, targets in NEXT_OF_REFUND.items() if target in targets]
    if not Refund.objects.filter(pk=refund.pk, state__in=sources).update(state=target, **fields):
        raise Changed("這筆退費剛被別人處理過")
    refund.refresh_from_db()
    return refund
