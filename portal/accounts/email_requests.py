"""Asking for an email: a row, and not a look at who is asked for. A task looks; so the answer tells nobody who has an account."""

from datetime import datetime

from django.db import transaction

from portal.core.categories import StudentCategory
from portal.core.workers import enqueue
from portal.throttling import limits

from .models import EmailRequest, User
from .tasks import write_requested_emails

NAME_LENGTH = 150  # Unicode's normal form may be longer than what was typed


def network_step(network: str, *, now: datetime) -> int:
    """The step of proof that a request from this network has to give: a dormitory may share one, so it is never closed."""
    limit = limits.EMAILS_OF_NETWORK
    asked = limits.recent(EmailRequest.objects.filter(network=network), limit, now=now, field="asked_at")
    return limits.step(limit, asked.count())


def ask(
    kind: EmailRequest.Kind, username: str, *, category: StudentCategory, network: str, now: datetime, proof: int = 0
) -> None:
    """Ask for the email of that kind to the account 帳號, whether or not there is one. Raises MoreProof."""
    if proof < (needed := network_step(network, now=now)):
        raise limits.MoreProof(needed)
    note(kind, User.normalize_username(username), category=category, network=network, now=now)


def note(kind: EmailRequest.Kind, username: str, *, category: StudentCategory, network: str = "", now: datetime) -> None:
    """Write the request; after commit a worker is notified."""
    EmailRequest.objects.create(kind=kind, username=username[:NAME_LENGTH], category=category.slug, network=network, asked_at=now)
    transaction.on_commit(lambda: enqueue(write_requested_emails), robust=True)
