"""Queue an email 信件: a row in the caller's transaction, sent by a worker after commit."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.core.workers import enqueue

from .models import OutgoingMail
from .tasks import send_email


def queue(*, kind: str, to: str, context: dict[str, Any], cause: str | None = None, language: str | None = None) -> OutgoingMail:
    """Write the email `mail/<kind>.txt` to `to`; its first line is the subject.

    Must run inside the transaction of what it tells. `cause` (say `case:<uid>:approve:3`) makes a second queueing of the
    same email return the first. Subjects and causes carry no personal data. Links begin with `BASE_URL`.
    """
    if cause and (known := OutgoingMail.objects.filter(cause=cause).first()):
        return known
    with translation.override(language or translation.get_language() or "zh-hant"):
        text = render_to_string(f"portal/mail/{kind}.txt", {"BASE_URL": settings.BASE_URL, **context})
    subject, _, body = text.strip().partition("\n")
    email = OutgoingMail(
        kind=kind, to=to, subject=subject.strip(), body=body.strip(), cause=cause, next_attempt_at=timezone.now()
    )
    try:
        with transaction.atomic():
            email.save()
    except IntegrityError:  # somebody queued it between our question and our writing
        return OutgoingMail.objects.get(cause=cause)
    transaction.on_commit(lambda: enqueue(send_email, email.pk), robust=True)
    return email
