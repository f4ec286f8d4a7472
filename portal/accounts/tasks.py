"""Tasks of accounts."""

from celery import shared_task

from .sessions import SessionStore


@shared_task
def clear_sessions() -> None:
    """Forget the sessions that ended long ago."""
    SessionStore.clear_expired()
