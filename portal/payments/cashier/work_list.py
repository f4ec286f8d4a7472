"""What waits for a cashier: money that has to be looked at, refunds that somebody has to decide or pay back."""

from datetime import datetime

from django.db.models import QuerySet

from portal.accounts.models import User

from ..models import Refund, ReviewItem
from ..states import WAITS_FOR_CASHIERS


def items(*, closed: bool = False) -> QuerySet[ReviewItem]:
    """待處理款項, the oldest first; or those that were closed, the newest first."""
    found = ReviewItem.objects.filter(closed_at__isnull=not closed).select_related("event__payment__bill", "closed_by")
    return found.order_by("-id" if closed else "id")


def close(pk: int, *, note: str, by: User, now: datetime) -> bool:
    """處理完成; whether it still waited."""
    waiting = ReviewItem.objects.filter(pk=pk, closed_at=None)
    return bool(waiting.update(closed_at=now, closed_by=by, note=note))


def refunds() -> QuerySet[Refund]:
    """待辦退費."""
    return Refund.objects.filter(state__in=WAITS_FOR_CASHIERS)
