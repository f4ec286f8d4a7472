"""Tasks of the outbox."""

from celery import shared_task
from django.utils import timezone

from . import purging, sending


@shared_task
def send_email(pk: int) -> None:
    """Send one queued email."""
    sending.send(pk, now=timezone.now())


@shared_task
def purge() -> int:
    """Forget emails that were sent or given up long ago; how many."""
    return purging.purge(now=timezone.now())


@shared_task
def sweep() -> int:
    """Send what is due and left over: after a failure, a killed worker, a broker that was down."""
    return sending.send_due(clock=timezone.now)
