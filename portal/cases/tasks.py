"""On a schedule: deadlines."""

from celery import shared_task
from django.utils import timezone

from . import deadlines


@shared_task
def end_uncorrected() -> int:
    """Reject what was not corrected in time; how many cases."""
    return deadlines.end_uncorrected(now=timezone.now())


@shared_task
def remind() -> int:
    """Write to those whose deadline comes near; how many of them wait."""
    return deadlines.remind(now=timezone.now())
