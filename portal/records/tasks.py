"""Tasks of records."""

from celery import shared_task
from django.utils import timezone

from . import purging


@shared_task
def purge() -> int:
    """Forget old questions to the records; how many."""
    return purging.purge(now=timezone.now())
