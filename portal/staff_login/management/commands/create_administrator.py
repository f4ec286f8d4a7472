"""`manage.py create_administrator <username> <email>`: the first administrator; the others are made in the admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from portal.accounts.forms import USERNAME
from portal.accounts.models import User
from portal.staff_login import operations


class Command(BaseCommand):
    help = "Make an administrator's account and print the link on which its owner sets the password and the authenticator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="the name that the admin shows")

    @transaction.atomic
    def handle(self, *args: Any, username: str, email: str, name: str, **options: Any) -> None:
        username = User.normalize_username(username)
        if not USERNAME.fullmatch(username):
            raise CommandError("a username has 4 to 30 characters: a to z, digits or . _ -")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"there is an account {username!r} already")
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is no e-mail address") from None
        member = operations.NewMember(username=username, chinese_name=name[:60], email=email, is_superuser=True)
        link = operations.invite(operations.create(member, [], now=timezone.now()), now=timezone.now())
        self.stdout.write(f"{username} sets the password and the authenticator within 72 hours at\n{link}")
