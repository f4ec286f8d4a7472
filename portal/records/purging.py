"""Questions to the records are kept for half a year: to see who asked for whom, and no longer."""

from datetime import datetime, timedelta
from typing import Final

from portal.core.purging import delete_in_batches

from .models import LookupLog

LOOKUP_LIFE: Final = timedelta(days=180)


def purge(*, now: datetime) -> int:
    """Delete older ones; how many."""
    return delete_in_batches(LookupLog.objects.filter(asked_at__lte=now - LOOKUP_LIFE))
