"""Tasks of the application forms."""

from celery import shared_task
from django.utils import timezone

from . import purging


@shared_task
def remind() -> int:
    """Tell students whose drafts are about to go; how many."""
    return purging.remind(now=timezone.now())


@shared_task
def purge() -> int:
    """Forget drafts that nobody goes on with, and files without a row; how many."""
    return purging.purge(now=timezone.now())
