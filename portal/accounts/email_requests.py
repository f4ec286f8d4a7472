"""Asking for a letter: a row, and not a look at who is asked for. A task looks; so the answer tells nobody who has an account."""

from datetime import datetime

from django.db import transaction

from portal.core.categories import StudentCategory
from portal.core.workers import tell_worker
from portal.throttling import limits

from .models import LetterRequest, User
from .tasks import write_requested_letters

NAME_LENGTH = 150  # Unicode's normal form may be longer than what was typed


def network_step(network: str, *, now: datetime) -> int:
    """The step of proof that a request from this network has to give: a dormitory may share one, so it is never closed."""
    limit = limits.LETTERS_OF_NETWORK
    asked = limits.recent(LetterRequest.objects.filter(network=network), limit, now=now, field="asked_at")
    return limits.step(limit, asked.count())


def ask(
    kind: LetterRequest.Kind, username: str, *, category: StudentCategory, network: str, now: datetime, proof: int = 0
) -> None:
    """Ask for the letter of that kind to the account 帳號, whether or not there is one. Raises MoreProof."""
    if proof < (needed := network_step(network, now=now)):
        raise limits.MoreProof(needed)
    note(kind, User.normalize_username(username), category=category, network=network, now=now)


def note(kind: LetterRequest.Kind, username: str, *, category: StudentCategory, network: str = "", now: datetime) -> None:
    """Write the request; after commit a worker is told."""
    LetterRequest.objects.create(
        kind=kind, username=username[:NAME_LENGTH], category=category.slug, network=network, asked_at=now
    )
    transaction.on_commit(lambda: tell_worker(write_requested_letters), robust=True)
