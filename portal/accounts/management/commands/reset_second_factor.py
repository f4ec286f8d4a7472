"""`manage.py reset_second_factor <username>`: for who has lost the telephone and the recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts import second_factor
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Forget a member of staff's authenticator and recovery codes; the next log-in sets up another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=User.normalize_username(username), category="").first()
        if user is None:
            raise CommandError(f"there is no member of staff {username!r}")
        second_factor.reset(user)
        self.stdout.write(f"{user.username} sets up a new authenticator at the next log-in")
