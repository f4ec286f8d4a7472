"""`manage.py changepassword`, as Django names it, is refused: a password is its owner's, and set where the owner is notified."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Not here: students use 忘記密碼, staff are sent a link by an administrator (docs/staff.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(self.help)
