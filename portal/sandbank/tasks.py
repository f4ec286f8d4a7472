"""Deliveries that a restart interrupted or that wait longer than a thread does."""

from celery import shared_task
from django.utils import timezone

from . import dispatcher


@shared_task
def dispatch_due() -> int:
    """Try every delivery that is due; how many were tried."""
    now = timezone.now()
    pks = list(dispatcher.due(now=now).values_list("pk", flat=True)[:100])
    for pk in pks:
        dispatcher.deliver(pk, now=now)
    return len(pks)
