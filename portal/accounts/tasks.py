"""Tasks of accounts."""

from celery import shared_task
from django.utils import timezone

from . import emails, purging


@shared_task
def write_requested_emails() -> int:
    """Write the emails that were asked for: 認證信, 一次性密碼; how many requests were answered."""
    return emails.write_requested(now=timezone.now())


@shared_task
def purge() -> int:
    """Forget accounts that nobody activated, used one-time passwords and answered requests; how many accounts."""
    return purging.purge(now=timezone.now())


@shared_task
def clear_sessions() -> int:
    """Forget visitors' sessions that are over and log-ins that ended long ago; how many."""
    return purging.forget_sessions(now=timezone.now())
