"""`manage.py reset_second_factor <username>`: where no second administrator can confirm it, by who has the server in hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.accounts.models import User
from portal.staff_login import resets


class Command(BaseCommand):
    help = "Forget a member of staff's authenticator, recovery codes and sessions, and print a link on which to set up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=User.normalize_username(username), category="").first()
        if user is None:
            raise CommandError(f"there is no member of staff {username!r}")
        link = resets.by_command(user, now=timezone.now())
        self.stdout.write(f"{user.username} sets up a new password and authenticator within 72 hours at\n{link}")
