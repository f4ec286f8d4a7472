"""Notices that booked nothing are kept for a while, and so many of them at most: anybody may send unsigned ones."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from portal.core.purging import delete_in_batches, keep_newest
from portal.payments.models import LedgerEvent, Notice

# To see what a gateway with a wrong key sent; nobody needs it longer.
REFUSED_LIFE: Final = timedelta(days=7)
REFUSED_MAX: Final = 1000
# Verified, but nothing came of it: repeated, or about an attempt that had ended.
IDLE_LIFE: Final = timedelta(days=180)
IDLE_MAX: Final = 20000
# So seldom a request looks how many there are.
TRIM_EVERY: Final = 50


def purge(*, now: datetime) -> int:
    """Delete what is too old or too many; how many. What stands behind a line of the ledger is kept with it, by law."""
    deleted = delete_in_batches(refused().filter(received_at__lte=now - REFUSED_LIFE))
    deleted += delete_in_batches(idle().filter(received_at__lte=now - IDLE_LIFE))
    return deleted + keep_newest(refused(), REFUSED_MAX) + keep_newest(idle(), IDLE_MAX)


def trim_after(notice: Notice) -> None:
    """The schedule may be late, a flood is not: now and then the one who adds a refused notice takes away the oldest."""
    if notice.pk % TRIM_EVERY == 0:
        keep_newest(refused(), REFUSED_MAX)


def refused() -> QuerySet[Notice]:
    """Not proven to be the gateway's."""
    return _booked_nothing().filter(verified=False)


def idle() -> QuerySet[Notice]:
    """The gateway's, and no line of the ledger came of it."""
    return _booked_nothing().filter(verified=True)


def _booked_nothing() -> QuerySet[Notice]:
    return Notice.objects.filter(~Exists(LedgerEvent.objects.filter(notice=OuterRef("pk"))))
