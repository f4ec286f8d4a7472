"""Deliveries that a restart interrupted or that wait longer than a thread does."""

from celery import shared_task
from django.utils import timezone

from . import dispatcher
from .models import Delivery


@shared_task
def dispatch_due() -> int:
    """Try every delivery that is due; how many were tried."""
    now = timezone.now()
    due = Delivery.objects.filter(delivered_at=None, due_at__lte=now, tries__lt=len(dispatcher.PAUSES))
    pks = list(due.values_list("pk", flat=True)[:100])
    for pk in pks:
        dispatcher.deliver(pk, now=now)
    return len(pks)
