"""On a schedule: ask about attempts whose notice never came."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from . import deadlines
from .gateways import notices
from .models import Payment
from .operations import ASK_ABOUT_A_SLIP_EVERY, inquire
from .slips import paper
from .states import LIVE, PaymentState

A_NOTICE_TAKES = timedelta(minutes=1)
EVERY = timedelta(minutes=5)
AT_MOST = 100


@shared_task
def purge_notices() -> int:
    """Forget notices that booked nothing, the old ones and the many; how many."""
    return notices.purge(now=timezone.now())


@shared_task
def sweep_slips() -> int:
    """Delete files of slips that no attempt names; how many."""
    return paper.sweep(now=timezone.now())


@shared_task
def end_unpaid() -> int:
    """Let approvals lapse that were not paid for in time; how many."""
    return deadlines.end_unpaid(now=timezone.now())


@shared_task
def end_slips() -> int:
    """Let slips expire that nobody paid; how many were looked at."""
    return deadlines.end_slips(now=timezone.now())


@shared_task
def remind() -> int:
    """Emails about slips that are about to lapse and receipts that are ready; how many wait or have waited."""
    now = timezone.now()
    return deadlines.remind_of_slips(now=now) + deadlines.announce_receipts(now=now)


@shared_task
def ask_pending() -> int:
    """Ask the gateways about live attempts, those asked longest ago first; how many were asked."""
    now = timezone.now()
    at_once = Q(asked_at__lte=now - EVERY) & ~Q(state=PaymentState.CODE_ISSUED)
    rested = Q(asked_at=None) | at_once | Q(asked_at__lte=now - ASK_ABOUT_A_SLIP_EVERY)
    pending = Payment.objects.filter(rested, state__in=LIVE, created_at__lte=now - A_NOTICE_TAKES)
    asked = pending.order_by(F("asked_at").asc(nulls_first=True), "id")[:AT_MOST]
    for payment in asked:
        inquire(payment, now=now, every=EVERY)
    return len(asked)
