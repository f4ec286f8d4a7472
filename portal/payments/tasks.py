"""On a schedule: ask about attempts whose notice never came."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from . import deadlines, notices
from .models import Payment
from .operations import inquire
from .states import LIVE

A_NOTICE_TAKES = timedelta(minutes=1)
EVERY = timedelta(minutes=5)
AT_MOST = 100


@shared_task
def purge_notices() -> int:
    """Forget notices that booked nothing, the old ones and the many; how many."""
    return notices.purge(now=timezone.now())


@shared_task
def end_unpaid() -> int:
    """Let approvals lapse that were not paid for in time; how many."""
    return deadlines.end_unpaid(now=timezone.now())


@shared_task
def ask_pending() -> int:
    """Ask the gateways about live attempts, those asked longest ago first; how many were asked."""
    now = timezone.now()
    rested = Q(asked_at=None) | Q(asked_at__lte=now - EVERY)
    pending = Payment.objects.filter(rested, state__in=LIVE, created_at__lte=now - A_NOTICE_TAKES)
    asked = pending.order_by(F("asked_at").asc(nulls_first=True), "id")[:AT_MOST]
    for payment in asked:
        inquire(payment, now=now, every=EVERY)
    return len(asked)
