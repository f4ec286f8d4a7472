"""manage.py sandbank_dispatch"""

from typing import Any

from django.core.management.base import BaseCommand

from portal.sandbank.tasks import dispatch_due


class Command(BaseCommand):
    """Send the notices that are due."""

    help = "Send the sandbank's notices that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{dispatch_due()} notices tried")
