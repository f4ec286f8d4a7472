"""Queue an email 信件: a row in the caller's transaction, sent by a worker after commit."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.workers import enqueue

from .models import OutgoingMail
from .tasks import send_email
from .texts import text_of


def queue(
    *,
    kind: str,
    to: str,
    context: dict[str, Any],
    cause: str | None = None,
    language: str | None = None,
    not_after: datetime | None = None,
) -> OutgoingMail:
    """Write the email `mail/<kind>.txt` to `to`, or what editors made of it; its first line is the subject, after the name of the
    system.

    Must run inside the transaction of what it tells. `cause` (say `case:<uid>:approve:3`) makes a second queueing of the
    same email return the first. Not sent by `not_after`, it is made anew or dropped (`mail.late`). Subjects and causes carry no
    personal data. Links begin with `BASE_URL`.
    """
    with translation.override(language or translation.get_language() or "zh-hant"):
        text = text_of(kind, {"BASE_URL": settings.BASE_URL, **context}, now=timezone.now())
        about, _newline, body = text.strip().partition("\n")
        subject = _("{label}：{text}").format(label=_("學生線上申辦系統"), text=about.strip())
    email = OutgoingMail(
        kind=kind,
        to=to,
        subject=subject,
        body=body.strip(),
        cause=cause,
        not_after=not_after,
        next_attempt_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            email.save()
    except IntegrityError:  # it is there already
        return OutgoingMail.objects.get(cause=cause)
    transaction.on_commit(lambda: enqueue(send_email, email.pk), robust=True)
    return email


def is_queued(cause: str) -> bool:
    """Whether that email was written already: a schedule that asks again and again does not write it anew each time."""
    return OutgoingMail.objects.filter(cause=cause).exists()
