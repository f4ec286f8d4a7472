"""Wagtail's emails about workflows and comments, by the outbox: kept in a row first, sent after commit, tried again, and shown
in a demonstration's mailbox. Wagtail itself would talk to the mail server within an editor's request, and give up at once."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.dummy import EmailBackend
from wagtail.admin import mail

from . import outbox


def send_mail(subject: str, message: str, recipient_list: Sequence[str], from_email: str | None = None, **kwargs: Any) -> int:
    """In the place of Wagtail's; how many are on their way. Who they are from is the outbox's."""
    for address in recipient_list:
        outbox.queue(kind="admin_letter", to=address, context={"subject": " ".join(subject.split()), "text": message})
    return len(recipient_list)


mail.send_mail = send_mail
mail.get_connection = EmailBackend  # type: ignore[assignment]  # opened around them; nothing goes through it
