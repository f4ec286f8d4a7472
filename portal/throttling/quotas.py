"""Quotas: how much of something one person or network may do in a period, counted in the database for all processes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils.crypto import salted_hmac

from portal.core.purging import delete_in_batches

from .models import QuotaUse


@dataclass(frozen=True)
class Quota:
    """At most `limit` in each period of that length; periods begin on the clock, so twice as much may meet at an edge."""

    name: str
    limit: int
    period: timedelta

    def take(self, of: str, *, now: datetime, amount: int = 1) -> bool:
        """Count `amount` for that person or network, or say that it would be too much. Who it is, is kept as a keyed digest."""
        starts_at = self._start(now)
        key = salted_hmac("portal.throttling.quotas", f"{self.name}:{of}", algorithm="sha256").hexdigest()
        used = QuotaUse.objects.filter(key=key, starts_at=starts_at)
        room = used.filter(used__lte=self.limit - amount)
        if room.update(used=F("used") + amount):
            return True
        if amount > self.limit or used.exists():
            return False
        ends_at = starts_at + self.period
        _, created = QuotaUse.objects.get_or_create(key=key, starts_at=starts_at, defaults={"used": amount, "ends_at": ends_at})
        return created or bool(room.update(used=F("used") + amount))

    def _start(self, now: datetime) -> datetime:
        seconds = int(self.period.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def purge(*, now: datetime) -> int:
    """Forget periods that are over; how many."""
    return delete_in_batches(QuotaUse.objects.filter(ends_at__lte=now))
