"""Tasks of core."""

from celery import shared_task
from django.utils import timezone

from . import temporary_files


@shared_task
def sweep_temporary_files() -> int:
    """Delete spooled uploads of killed workers; how many files."""
    return temporary_files.sweep(now=timezone.now())
