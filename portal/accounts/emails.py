"""The emails to accounts: 會員信箱認證通知信函, 您已有帳號, 新登入密碼資訊通知; written by a task for who was asked for."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from portal.core import categories
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.throttling import limits

from . import queries
from .models import EmailRequest, User
from .password import one_time as one_time_passwords

LINK_LIFE = timedelta(hours=24)
COOL_DOWN = timedelta(minutes=2)  # one email of a kind to an account


def write_requested(*, now: datetime) -> int:
    """Answer every request that waits, oldest first; how many were answered."""
    waiting = EmailRequest.objects.filter(answered_at=None).order_by("pk")
    return sum(_answer(request, now=now) for request in waiting)


@transaction.atomic
def _answer(request: EmailRequest, *, now: datetime) -> bool:
    """Once, whoever else is at it. The typed 帳號 is forgotten with the answer; when and whence it came is kept for an hour."""
    if not EmailRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=now, username=""):
        return False
    user = User.objects.select_for_update().filter(username=request.username, category=request.category).first()
    if user and user.is_student:
        _write(EmailRequest.Kind(request.kind), user, now=now)
    return True


def subject(user: User) -> str:
    """As whom emails to that account are counted."""
    return f"user:{user.pk}"


def _write(kind: EmailRequest.Kind, user: User, *, now: datetime) -> None:
    """Nobody's mailbox is flooded, from however many networks emails are asked for; `user` is locked, so none slips by.

    Nor can anybody use up another's emails: the last link or one-time password of a day stays good until the next can be
    sent, so that what opens the account is in the owner's mailbox at any time.
    """
    registered = kind is EmailRequest.Kind.REGISTERED
    if user.awaits_activation:
        # Who registers again may have mistyped their Email: that email cannot wait.
        if registered or not user.activation_links.filter(created_at__gt=now - COOL_DOWN).exists():
            _activation(user, now=now)
    elif registered:
        _already_registered(user, now=now)
    elif kind is EmailRequest.Kind.PASSWORD and user.is_active and not _has_new_password(user, now=now):
        _one_time_password(user, now=now)


def _activation(user: User, *, now: datetime) -> None:
    """會員信箱認證通知信函 (圖9): a new link, good for 24 hours; those sent before are replaced."""
    if not _count(limits.ACTIVATION_EMAILS, user, now=now):
        return
    user.activation_links.filter(used_at=None, replaced_at=None).update(replaced_at=now)
    token = secrets.token_urlsafe(32)
    link = user.activation_links.create(token_hash=queries.hash_of(token), created_at=now, expires_at=now + LINK_LIFE)
    with translation.override(user.language):
        address = settings.BASE_URL + reverse("accounts:activate", args=[user.category, token])
    _queue(user, "activation", cause=f"activation:{link.pk}", link=address, expires_at=link.expires_at)


def _already_registered(user: User, *, now: datetime) -> None:
    """One email an hour at most, however often somebody tries."""
    cause = f"account:{user.pk}:already-registered:{now:%Y%m%d%H}"
    if not OutgoingMail.objects.filter(cause=cause).exists() and _count(limits.REGISTERED_EMAILS, user, now=now):
        _queue(user, "already_registered", cause=cause)


def _has_new_password(user: User, *, now: datetime) -> bool:
    newest = one_time_passwords.latest_for(user)
    return newest is not None and newest.created_at > now - COOL_DOWN


def _one_time_password(user: User, *, now: datetime) -> None:
    """新登入密碼資訊通知 (圖12). The last one of a day is good until there may be another."""
    if not _count(limits.PASSWORD_EMAILS, user, now=now):
        return
    next_at = limits.hit_until(limits.PASSWORD_EMAILS, subject(user), now=now)
    password, row = one_time_passwords.issue(user, now=now, until=next_at)
    cause = f"one-time-password:{row.pk}:{row.created_at:%Y%m%d%H%M%S}"
    _queue(user, "one_time_password", cause=cause, password=password, expires_at=row.expires_at, is_last=next_at is not None)


def _count(limit: limits.Limit, user: User, *, now: datetime) -> bool:
    """Whether one more email may be sent; it is counted."""
    room = limits.hit_until(limit, subject(user), now=now) is None
    if room:
        limits.note(limit, subject(user), now=now)
    return room


def _queue(user: User, kind: str, *, cause: str, **context: object) -> None:
    about = {"username": user.username, "category": categories.get(user.category)}
    outbox.queue(kind=kind, to=user.email, context={**about, **context}, cause=cause, language=user.language)
