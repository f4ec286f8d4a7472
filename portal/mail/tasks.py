"""Sending."""

from celery import shared_task


@shared_task
def send_letter(pk: int) -> None:
    """Send one queued letter."""
