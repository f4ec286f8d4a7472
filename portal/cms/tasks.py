"""Tasks of the CMS."""

from celery import shared_task
from django.utils import timezone

from . import wagtail_leftovers


@shared_task
def purge() -> int:
    """Forget what the admin left half-done; how many rows."""
    return wagtail_leftovers.purge(now=timezone.now())
