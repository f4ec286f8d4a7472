"""Tasks of core."""

from celery import shared_task
from django.utils import timezone

from . import purging, temporary_files, wagtail_leftovers


@shared_task
def purge() -> int:
    """Forget used quotas, what the admin left half-done, and spooled uploads of killed workers; how many rows and files."""
    now = timezone.now()
    return purging.forget_quotas(now=now) + wagtail_leftovers.purge(now=now) + temporary_files.sweep(now=now)
