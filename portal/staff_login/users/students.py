"""What an administrator may change of a student's account: the Email, and whether it is open. The student is notified of each.

Who the student is comes from the agency's records; the password is the student's own (忘記密碼).
"""

import logging
from datetime import datetime

from django.db import transaction

from portal.accounts.account import profile
from portal.accounts.models import OneTimePassword, User
from portal.core import categories
from portal.mail import outbox
from portal.sessions import devices as sessions_open

logger = logging.getLogger(__name__)


class NeverActivated(Exception):
    """待開通: only the link of the student's own email opens it."""


@transaction.atomic
def change_email(user: User, email: str, *, now: datetime) -> None:
    """Another address: both are notified. Whatever waits for the old one, a new Email or a one-time password, is dropped."""
    old = User.objects.select_for_update().get(pk=user.pk).email
    user.email = email
    if old == email:
        return
    user.save(update_fields=["email"])
    profile.cancel_email_change(user, now=now)
    OneTimePassword.objects.filter(user=user).delete()
    for address in filter(None, (old, email)):
        _tell(user, "email_changed_by_staff", to=address, now=now)
    logger.info("account %s was given another address by an administrator", user.pk)


@transaction.atomic
def set_active(user: User, is_active: bool, *, now: datetime) -> None:
    """停用, 啟用: a closed account is logged out everywhere. Raises NeverActivated."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.awaits_activation:
        raise NeverActivated
    user.is_active = is_active
    if locked.is_active == is_active:
        return
    # Some accounts are older than the email that activates.
    user.activated_at = locked.activated_at or now
    user.save(update_fields=["is_active", "activated_at"])
    if not is_active:
        OneTimePassword.objects.filter(user=user).delete()
        sessions_open.end_all(user)
    _tell(user, "account_reopened" if is_active else "account_closed", to=user.email, now=now)
    logger.info("account %s was %s by an administrator", user.pk, "opened" if is_active else "closed")


def _tell(user: User, kind: str, *, to: str, now: datetime) -> None:
    context = {"username": user.username, "category": categories.get(user.category), "at": now}
    outbox.queue(kind=kind, to=to, context=context, language=user.language)
