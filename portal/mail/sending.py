"""Sending letters of the outbox: each is claimed by one sender at a time, and tried again later when it fails."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from .models import OutgoingMail

log = logging.getLogger(__name__)

# After each failed try the letter rests so many minutes; after the last it is given up and staff see it.
RESTS = (1, 5, 15, 60, 240, 720, 1440)
# Whoever claimed a letter and died has it no longer than this.
LEASE = timedelta(minutes=5)


def send(pk: int, *, now: datetime) -> bool:
    """Send one letter if it is due and in nobody else's hands; False when it could not be sent."""
    letter = claim(pk, now=now)
    return letter is None or transmit(letter, now=now)


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due and left over, oldest first; stop at the first failure, for the mail server may be down.

    A slow mail server may make this long: each letter is claimed at the time of its own turn.
    """
    now = clock()
    due = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    sent = 0
    for pk in due.values_list("pk", flat=True):
        if not send(pk, now=clock()):
            break
        sent += 1
    return sent


def claim(pk: int, *, now: datetime) -> OutgoingMail | None:
    """Take the letter for LEASE; None when it is sent, given up, not due, or taken."""
    due = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.QUEUED, next_attempt_at__lte=now)
    if not due.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
        return None
    return OutgoingMail.objects.get(pk=pk)


def transmit(letter: OutgoingMail, *, now: datetime) -> bool:
    """Hand a claimed letter to the mail server and write down how it went."""
    try:
        _message(letter).send()
    except (OSError, ValueError) as error:  # SMTPException is an OSError; an address that cannot be written is a ValueError
        _failed(letter, error, now=now)
        return False
    letter.state, letter.sent_at, letter.last_error = OutgoingMail.State.SENT, now, ""
    letter.save(update_fields=["state", "sent_at", "last_error"])
    return True


def _message(letter: OutgoingMail) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{letter.message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers)


def _failed(letter: OutgoingMail, error: Exception, *, now: datetime) -> None:
    if letter.attempts > len(RESTS):
        letter.state = OutgoingMail.State.FAILED
    else:
        letter.next_attempt_at = now + timedelta(minutes=RESTS[letter.attempts - 1])
    letter.last_error = f"{type(error).__name__}: {error}"[:200]
    letter.save(update_fields=["state", "next_attempt_at", "last_error"])
    # Not the error's own words: a mail server repeats the address in them.
    log.warning("letter %s was not sent, try %s: %s", letter.pk, letter.attempts, type(error).__name__)
