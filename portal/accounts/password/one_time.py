"""忘記密碼: a random password that opens only the page on which a new one is set; the old one stays good until then."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.models import OneTimePassword, User
from portal.fields.identifiers import clean_code

LIFE = timedelta(minutes=30)
EMAILS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nobody mistakes one for another
GROUPS, EMAILS_A_GROUP = 5, 4  # a hundred bits
MARK = "logged_in_with_one_time_password"


def latest_for(user: User) -> OneTimePassword | None:
    """The newest one of the account; there is one row for each."""
    return OneTimePassword.objects.filter(user=user).first()


def issue(user: User, *, now: datetime, until: datetime | None = None) -> tuple[str, OneTimePassword]:
    """A new one, good for one log-in in 30 minutes, or until `until` if that is later; what was issued before is worth nothing.

    Only a digest is kept.
    """
    groups = ("".join(secrets.choice(EMAILS) for _place in range(EMAILS_A_GROUP)) for _group in range(GROUPS))
    password = "-".join(groups)
    values = {"digest": _digest(user, password), "created_at": now, "expires_at": max(now + LIFE, until or now), "used_at": None}
    return password, OneTimePassword.objects.update_or_create(user=user, defaults=values)[0]


def consume(user: User | None, typed: str, *, now: datetime) -> bool:
    """Whether this is the account's one-time password; if so, it is used up. Asks the same for an unknown account."""
    good = OneTimePassword.objects.filter(
        user_id=user.pk if user else 0, digest=_digest(user, typed), used_at=None, expires_at__gt=now
    )
    is_good = good.exists() and bool(good.update(used_at=now))
    if user and is_good:
        user.with_one_time_password = True
    return is_good


def _digest(user: User | None, password: str) -> str:
    """With the hash of the password that it is to replace: once that has changed, the one-time password is worth nothing.

    It is long and random, so a plain digest is enough.
    """
    return hashlib.sha256(f"{user.password if user else ''} {clean_code(password)}".encode()).hexdigest()


@receiver(user_logged_in)
def mark_session(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The session remembers with what it was opened."""
    request.session.pop(MARK, None)
    if getattr(user, "with_one_time_password", False):
        request.session[MARK] = True


def session_is_one_time(request: HttpRequest) -> bool:
    """Whether this session was opened with a one-time password: it leads only to 設定新密碼."""
    return MARK in request.session
