"""Asking for an email: a row, and not a look at who is asked for. A task looks; so the answer tells nobody who has an account."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from portal.core.categories import StudentCategory
from portal.core.workers import enqueue
from portal.throttling import limits

from .models import EmailRequest, User
from .tasks import write_requested_emails


class TooEarly(Exception):
    """The same email was asked for a moment ago, from the same network; whether there is such an account is not said."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


NAME_LENGTH = 150  # Unicode's normal form may be longer than what was typed


def network_step(network: str, *, now: datetime) -> int:
    """The step of proof that a request from this network has to give: a dormitory may share one, so it is never closed."""
    limit = limits.EMAILS_OF_NETWORK
    asked = limits.recent(EmailRequest.objects.filter(network=network), limit, now=now, field="asked_at")
    return limits.step(limit, asked.count())


def ask(
    kind: EmailRequest.Kind, username: str, *, category: StudentCategory, network: str, now: datetime, proof: int = 0
) -> None:
    """Ask for the email of that kind to the account 帳號, whether or not there is one. Raises MoreProof, TooEarly."""
    if proof < (needed := network_step(network, now=now)):
        raise limits.MoreProof(needed)
    subject = _subject(kind, username, category=category, network=network)
    if until := limits.hit_until(limits.EMAIL_AGAIN, subject, now=now):
        raise TooEarly(until)
    limits.note(limits.EMAIL_AGAIN, subject, now=now)
    note(kind, User.normalize_username(username), category=category, network=network, now=now)


def note_sent(kind: EmailRequest.Kind, username: str, *, category: StudentCategory, network: str, now: datetime) -> None:
    """That network has just had an email of that kind to that 帳號: to ask for another is too early for a while."""
    limits.note(limits.EMAIL_AGAIN, _subject(kind, username, category=category, network=network), now=now)


def _subject(kind: EmailRequest.Kind, username: str, *, category: StudentCategory, network: str) -> str:
    """Keyed: the name that was typed stands nowhere."""
    said = f"{kind} {category.slug} {User.normalize_username(username)} {network}"
    return salted_hmac("portal.accounts.email_requests", said, algorithm="sha256").hexdigest()


def note(kind: EmailRequest.Kind, username: str, *, category: StudentCategory, network: str = "", now: datetime) -> None:
    """Write the request; after commit a worker is notified."""
    EmailRequest.objects.create(kind=kind, username=username[:NAME_LENGTH], category=category.slug, network=network, asked_at=now)
    transaction.on_commit(lambda: enqueue(write_requested_emails), robust=True)
