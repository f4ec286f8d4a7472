"""The lives of a bill and of an attempt, as data: which state may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BillState(models.TextChoices):
    """Where a bill 繳費單 stands."""

    OPEN = "open", _("待繳費")
    SETTLED = "settled", _("已繳費")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已逾期")
    LATE_PAID = "late_paid", _("逾期繳費")
    REVERSED = "reversed", _("已沖正")
    REFUNDED = "refunded", _("已退費")


class PaymentState(models.TextChoices):
    """Where one attempt stands."""

    CREATED = "created", _("已建立")
    STARTED = "started", _("進行中")
    CODE_ISSUED = "code_issued", _("已取號")
    UNKNOWN = "unknown", _("確認中")
    CAPTURED = "captured", _("繳費成功")
    FAILED = "failed", _("繳費失敗")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已逾期")
    REVERSED = "reversed", _("已沖正")


class RefundState(models.TextChoices):
    """Where a refund 退費 stands."""

    REQUESTED = "requested", "待核准"
    DECLINED = "declined", "不同意"
    APPROVED = "approved", "已核准"
    SUBMITTED = "submitted", "已送金流"
    MANUAL = "manual", "待人工退費"
    DONE = "done", "已退費"
    FAILED = "failed", "退費失敗"


_P = PaymentState
_ENDS = {_P.FAILED, _P.CANCELLED, _P.EXPIRED}

# Success wins over failure; failure never overwrites success; only a reversal undoes it, and other money makes it good again.
# Of several ends the one that says most stays, whichever was heard of first: what came of it depends on no order.
NEXT: dict[PaymentState, frozenset[PaymentState]] = {
    _P.CREATED: frozenset({_P.STARTED, _P.CAPTURED, _P.UNKNOWN}),
    _P.STARTED: frozenset({_P.CODE_ISSUED, _P.CAPTURED, _P.UNKNOWN} | _ENDS),
    _P.CODE_ISSUED: frozenset({_P.CAPTURED} | _ENDS),
    _P.UNKNOWN: frozenset({_P.STARTED, _P.CAPTURED, _P.FAILED}),
    _P.FAILED: frozenset({_P.CAPTURED}),
    _P.CANCELLED: frozenset({_P.CAPTURED, _P.FAILED}),
    _P.EXPIRED: frozenset({_P.CAPTURED, _P.FAILED, _P.CANCELLED}),
    _P.CAPTURED: frozenset({_P.REVERSED}),
    _P.REVERSED: frozenset({_P.CAPTURED}),
}

_R = RefundState
NEXT_OF_REFUND: dict[RefundState, frozenset[RefundState]] = {
    _R.REQUESTED: frozenset({_R.APPROVED, _R.DECLINED}),
    # Declined after the approval: only where the money has gone back meanwhile (沖正).
    _R.APPROVED: frozenset({_R.SUBMITTED, _R.MANUAL, _R.DECLINED}),
    _R.SUBMITTED: frozenset({_R.DONE, _R.FAILED, _R.MANUAL}),
    _R.MANUAL: frozenset({_R.DONE, _R.DECLINED}),
    _R.FAILED: frozenset({_R.MANUAL, _R.DECLINED}),
    _R.DECLINED: frozenset(),
    _R.DONE: frozenset(),
}
# Somebody has to do something about it: also when a process died between the approval and the gateway's answer.
WAITS_FOR_CASHIERS = frozenset(_R) - {_R.DECLINED, _R.DONE}
# What such a refund may still take of the money that is there; and what it takes, for it was decided.
MAY_TAKE_MONEY = WAITS_FOR_CASHIERS
TAKES_MONEY = MAY_TAKE_MONEY - {_R.REQUESTED, _R.FAILED}
# An attempt that may still end in either way. A bill has at most one.
LIVE = frozenset({_P.CREATED, _P.STARTED, _P.CODE_ISSUED, _P.UNKNOWN})


def before(target: PaymentState) -> frozenset[PaymentState]:
    """The states from which an attempt may come to `target`."""
    return frozenset(source for source, targets in NEXT.items() if target in targets)
