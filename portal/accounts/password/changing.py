"""密碼修改: a new password ends every session of the account, and its owner is notified."""

import logging
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from portal.accounts import emails
from portal.accounts.account import profile
from portal.accounts.models import OneTimePassword, User
from portal.core import categories
from portal.mail import outbox
from portal.sessions import devices as sessions_open
from portal.sessions.engine import AccountSession
from portal.throttling import limits

logger = logging.getLogger(__name__)


class TooManyTries(Exception):
    """目前密碼 was wrong so often in this session that the session was ended."""


def change(user: User, new_password: str, *, now: datetime) -> None:
    """The account has that password from now on. Whoever is logged in anywhere is logged out; a waiting Email is dropped."""
    user.password = make_password(new_password)  # before the transaction: hashing is slow on purpose
    with transaction.atomic():
        user.save(update_fields=["password"])
        OneTimePassword.objects.filter(user=user).delete()
        limits.forget(limits.PASSWORD_EMAILS, emails.subject(user))
        profile.cancel_email_change(user, now=now)
        sessions_open.end_all(user)
        _tell(user, now=now)
    logger.info("account %s has a new password", user.pk)


def _tell(user: User, *, now: datetime) -> None:
    outbox.queue(
        kind="password_changed",
        to=user.email,
        context={"username": user.username, "category": categories.get(user.category), "at": now},
        language=user.language,
    )


def is_current(user: User, password: str, *, session_key: str) -> bool:
    """Whether that is 目前密碼. A stolen session must not try passwords: each try is counted before it is looked at.

    Raises TooManyTries, and ends the session, when it was wrong too often.
    """
    session = AccountSession.objects.filter(pk=session_key)
    if not session.filter(wrong_passwords__lt=limits.CURRENT_PASSWORD.count).update(wrong_passwords=F("wrong_passwords") + 1):
        raise TooManyTries
    if user.check_password(password):
        session.update(wrong_passwords=0)
        return True
    logger.info("account %s: wrong current password", user.pk)
    if not session.filter(wrong_passwords__lt=limits.CURRENT_PASSWORD.count).exists():
        session.delete()
        raise TooManyTries
    return False
