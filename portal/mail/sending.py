"""Sending emails of the outbox: each is claimed by one sender at a time, and tried again later when it fails."""

import enum
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from portal.encryption.ciphers import CannotDecrypt

from . import late
from .models import OutgoingMail

log = logging.getLogger(__name__)

# After each failed try the email rests so many minutes; after the last it is given up and staff see it.
RESTS = (1, 5, 15, 60, 240, 720, 1440)
# From this code on a mail server means never (RFC 5321, 4.2.1).
PERMANENT = 500
# Whoever claimed an email and died has it no longer than this.
LEASE = timedelta(minutes=5)


class Outcome(enum.Enum):
    """How a try to send went."""

    SENT = enum.auto()
    NOT_OURS = enum.auto()  # sent already, given up, not due, or in another's hands
    LATE = enum.auto()  # what it brings is not worth sending any more; a new one may have taken its place
    REFUSED = enum.auto()  # the mail server does not take this email; the next one it may
    TROUBLE = enum.auto()  # the mail server is down, slow, or takes nothing from us


def send(pk: int, *, now: datetime) -> Outcome:
    """Send one email if it is due and in nobody else's hands."""
    email = claim(pk, now=now)
    if email and email.not_after and email.not_after <= now:
        late.replace(email, now=now)
        return Outcome.LATE
    return transmit(email, now=now) if email else Outcome.NOT_OURS


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due and left over, oldest first; how many were sent.

    One refused address does not hold up the others; a mail server in trouble is left alone until the next sweep. It may also be
    slow: each email is claimed at the time of its own turn.
    """
    now = clock()
    due = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    sent = 0
    for pk in due.values_list("pk", flat=True):
        outcome = send(pk, now=clock())
        if outcome is Outcome.TROUBLE:
            break
        sent += outcome is Outcome.SENT
    return sent


def claim(pk: int, *, now: datetime) -> OutgoingMail | None:
    """Take the email for LEASE; None when it is sent, given up, not due, or taken."""
    due = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.QUEUED, next_attempt_at__lte=now)
    if not due.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
        return None
    return OutgoingMail.objects.get(pk=pk)


def transmit(email: OutgoingMail, *, now: datetime) -> Outcome:
    """Hand a claimed email to the mail server and write down how it went."""
    try:
        _message(email).send()
    except CannotDecrypt as error:  # the key may come back; the next email has another
        _failed(email, error, final=False, now=now)
        return Outcome.REFUSED
    except (OSError, ValueError) as error:  # SMTPException is an OSError; an address that cannot be written is a ValueError
        codes = _codes_for_email(error)
        _failed(email, error, final=bool(codes) and min(codes) >= PERMANENT, now=now)
        return Outcome.REFUSED if codes else Outcome.TROUBLE
    email.state, email.sent_at, email.last_error = OutgoingMail.State.SENT, now, ""
    email.erase_body()
    email.save(update_fields=["state", "sent_at", "last_error", "body"])
    return Outcome.SENT


def _codes_for_email(error: Exception) -> list[int]:
    """What the mail server said of this very email: 4xx later (greylisting), 5xx never. Nothing: it said nothing of it."""
    match error:
        case SMTPRecipientsRefused(recipients=refused):
            return [code for code, _words in refused.values()]
        case SMTPDataError(smtp_code=code):
            return [code]
        case ValueError():
            return [PERMANENT]
    return []


def _message(email: OutgoingMail) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{email.message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(email.subject, email.body, to=[email.to], headers=headers)


def _failed(email: OutgoingMail, error: Exception, *, final: bool, now: datetime) -> None:
    if final or email.attempts > len(RESTS):
        email.state = OutgoingMail.State.FAILED
        email.erase_body()
    else:
        email.next_attempt_at = now + timedelta(minutes=RESTS[email.attempts - 1])
    email.last_error = f"{type(error).__name__}: {error}"[:200]
    email.save(update_fields=["state", "next_attempt_at", "last_error", "body"])
    # Not the error's own words: a mail server repeats the address in them.
    log.warning("email %s was not sent, try %s: %s", email.pk, email.attempts, type(error).__name__)
