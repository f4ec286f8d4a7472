"""What editors planned happens on time."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish the pages and snippets that are due."""
    call_command("publish_scheduled")
