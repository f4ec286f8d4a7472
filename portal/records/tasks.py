"""Tasks of records."""

from celery import shared_task
from django.utils import timezone

from . import imports, purging


@shared_task
def purge() -> int:
    """Forget old questions to the records, and files of the agency that nobody waits for; how many."""
    now = timezone.now()
    return purging.purge(now=now) + imports.sweep(now=now)


@shared_task
def import_queued() -> int:
    """Take over the files that clerks have released, and drop those that nobody did; how many were taken over."""
    now = timezone.now()
    imports.drop_old(now=now)
    return imports.take_over_queued(now=now)
