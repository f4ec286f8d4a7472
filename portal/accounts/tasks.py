"""Tasks of accounts."""

from celery import shared_task
from django.utils import timezone

from . import emails as letters
from . import purging


@shared_task
def write_requested_letters() -> int:
    """Write the letters that were asked for: 認證信, 一次性密碼; how many requests were answered."""
    return letters.write_requested(now=timezone.now())


@shared_task
def purge() -> int:
    """Forget accounts that nobody activated, spent one-time passwords and answered requests; how many accounts."""
    return purging.purge(now=timezone.now())


@shared_task
def clear_sessions() -> int:
    """Forget visitors' sessions that are over and log-ins that ended long ago; how many."""
    return purging.forget_sessions(now=timezone.now())
