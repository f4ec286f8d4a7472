"""Emails are kept for a season, to answer who says that none came."""

from datetime import datetime, timedelta
from typing import Final

from portal.core.purging import delete_in_batches

from .models import OutgoingMail

EMAIL_LIFE: Final = timedelta(days=90)


def purge(*, now: datetime) -> int:
    """Delete emails that were sent or given up so long ago; how many. What still waits is never deleted."""
    done = OutgoingMail.objects.exclude(state=OutgoingMail.State.QUEUED)
    return delete_in_batches(done.filter(created_at__lte=now - EMAIL_LIFE))
