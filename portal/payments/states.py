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


_P = PaymentState
_ENDS = {_P.FAILED, _P.CANCELLED, _P.EXPIRED}

# Success wins over failure; failure never overwrites success; only a reversal undoes it.
NEXT: dict[PaymentState, frozenset[PaymentState]] = {
    _P.CREATED: frozenset({_P.STARTED, _P.CAPTURED, _P.UNKNOWN}),
    _P.STARTED: frozenset({_P.CODE_ISSUED, _P.CAPTURED, _P.UNKNOWN} | _ENDS),
    _P.CODE_ISSUED: frozenset({_P.CAPTURED} | _ENDS),
    _P.UNKNOWN: frozenset({_P.STARTED, _P.CAPTURED, _P.FAILED}),
    _P.FAILED: frozenset({_P.CAPTURED}),
    _P.CANCELLED: frozenset({_P.CAPTURED}),
    _P.EXPIRED: frozenset({_P.CAPTURED}),
    _P.CAPTURED: frozenset({_P.REVERSED}),
    _P.REVERSED: frozenset(),
}
# An attempt that may still end in either way. A bill has at most one.
LIVE = frozenset({_P.CREATED, _P.STARTED, _P.CODE_ISSUED, _P.UNKNOWN})


def before(target: PaymentState) -> frozenset[PaymentState]:
    """The states from which an attempt may come to `target`."""
    return frozenset(source for source, targets in NEXT.items() if target in targets)
