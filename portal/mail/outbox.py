"""Queue a letter 信件: a row in the caller's transaction, sent by a worker after commit."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.core.workers import tell_worker

from .models import OutgoingMail
from .tasks import send_letter


def queue(*, kind: str, to: str, context: dict[str, Any], cause: str | None = None, language: str | None = None) -> OutgoingMail:
    """Write the letter `mail/<kind>.txt` to `to`; its first line is the subject.

    Must run inside the transaction of what it tells. `cause` (say `case:<uid>:approve:3`) makes a second queueing of the
    same letter return the first. Subjects and causes carry no personal data. Links begin with `BASE_URL`.
    """
    if cause and (known := OutgoingMail.objects.filter(cause=cause).first()):
        return known
    with translation.override(language or translation.get_language() or "zh-hant"):
        text = render_to_string(f"portal/mail/{kind}.txt", {"BASE_URL": settings.BASE_URL, **context})
    subject, _, body = text.strip().partition("\n")
    letter = OutgoingMail(
        kind=kind, to=to, subject=subject.strip(), body=body.strip(), cause=cause, next_attempt_at=timezone.now()
    )
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError:  # somebody queued it between our question and our writing
        return OutgoingMail.objects.get(cause=cause)
    transaction.on_commit(lambda: tell_worker(send_letter, letter.pk), robust=True)
    return letter
