"""Emails that are worth something for a time: what they bring begins to count when they can be read.

One that was not sent by its `not_after` is not sent any more. Who wrote it makes it anew, with a link or a password that is fresh
(`renews`), or it is dropped; its row says which.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from .models import OutgoingMail

# Of the email that came too late, and now: the one in its place, queued; None where nobody waits for it any more.
Renewal = Callable[[OutgoingMail, datetime], OutgoingMail | None]
RENEWED: Final = "等候過久，已改寄新的一封"
DROPPED: Final = "等候過久，內容已過時，不再寄送"
_renewals: dict[str, Renewal] = {}


def renews(kind: str) -> Callable[[Renewal], Renewal]:
    """The function that makes emails of that kind anew; registered when its app is ready."""

    def register(renewal: Renewal) -> Renewal:
        _renewals[kind] = renewal
        return renewal

    return register


@transaction.atomic
def replace(email: OutgoingMail, *, now: datetime) -> None:
    """Take the email, which its sender has claimed, out of the queue. The new one goes on with the tries that are left."""
    renewal = _renewals.get(email.kind)
    renewed = renewal(email, now) if renewal else None
    if renewed is not None:
        OutgoingMail.objects.filter(pk=renewed.pk).update(attempts=email.attempts - 1)
    email.state, email.last_error = OutgoingMail.State.LATE, RENEWED if renewed else DROPPED
    email.erase_body()
    email.save(update_fields=["state", "last_error", "body"])
