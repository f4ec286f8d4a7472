"""Queue a letter 信件: a row in the caller's transaction, sent by a task after commit."""

from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .models import OutgoingMail


def queue(*, kind: str, to: str, context: dict[str, Any], cause: str | None = None, language: str | None = None) -> OutgoingMail:
    """Write the letter `mail/<kind>.txt` to `to`; its first line is the subject.

    Must run inside the transaction of what it tells. `cause` (say `case:<uid>:approve:3`) makes a second queueing of the
    same letter return the first. Subjects and causes carry no personal data.
    """
    if cause and (known := OutgoingMail.objects.filter(cause=cause).first()):
        return known
    with translation.override(language or translation.get_language() or "zh-hant"):
        subject, _, body = render_to_string(f"mail/{kind}.txt", context).strip().partition("\n")
    letter = OutgoingMail.objects.create(
        kind=kind, to=to, subject=subject.strip(), body=body.strip() + "\n", cause=cause, next_attempt_at=timezone.now()
    )
    from .tasks import send_letter

    transaction.on_commit(lambda: send_letter.delay(letter.pk), robust=True)
    return letter
