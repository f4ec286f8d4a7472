"""Tasks of throttling."""

from celery import shared_task
from django.utils import timezone

from . import limits, quotas


@shared_task
def purge() -> int:
    """Forget counted tries and used quotas whose period is over; how many rows."""
    now = timezone.now()
    return limits.purge(now=now) + quotas.purge(now=now)
