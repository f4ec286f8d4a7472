"""Asking for a letter: a row, and not a look at who is asked for. A task looks; so the answer tells nobody who has an account."""

from datetime import datetime

from django.db import transaction

from portal.core.categories import StudentCategory
from portal.core.workers import tell_worker

from .models import LetterRequest, User
from .purging import REQUEST_LIFE
from .tasks import write_requested_letters

ALLOWED = 60  # of one network in an hour; a dormitory may share one
NAME_LENGTH = 150  # Unicode's normal form may be longer than what was typed


class TooManyRequests(Exception):
    """This network asked for too many letters; it has to wait."""


def ask(kind: LetterRequest.Kind, username: str, *, category: StudentCategory, network: str, now: datetime) -> None:
    """Ask for the letter of that kind to the account 帳號, whether or not there is one. Raises TooManyRequests."""
    recent = LetterRequest.objects.filter(network=network, asked_at__gt=now - REQUEST_LIFE)
    if recent.count() >= ALLOWED:
        raise TooManyRequests
    note(kind, User.normalize_username(username), category=category, network=network, now=now)


def note(kind: LetterRequest.Kind, username: str, *, category: StudentCategory, network: str = "", now: datetime) -> None:
    """Write the request; after commit a worker is told."""
    LetterRequest.objects.create(
        kind=kind, username=username[:NAME_LENGTH], category=category.slug, network=network, asked_at=now
    )
    transaction.on_commit(lambda: tell_worker(write_requested_letters), robust=True)
