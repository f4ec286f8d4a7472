"""The emails to accounts: 會員信箱認證通知信函, 您已有帳號, 新登入密碼資訊通知; written by a task for who was asked for."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from portal.core import categories
from portal.mail import late, outbox
from portal.mail.models import OutgoingMail
from portal.throttling import limits

from . import queries
from .models import ActivationLink, EmailRequest, LinkState, OneTimePassword, User
from .password import one_time as one_time_passwords

LINK_LIFE = timedelta(hours=24)
COOL_DOWN = limits.EMAIL_AGAIN.window  # one email of a kind to an account
# Validity begins when an email can be read: one that waits longer for its mail server is made anew.
SOON, AT_ONCE = timedelta(hours=1), timedelta(minutes=3)


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
    _mail_link(link, token, now=now)


@late.renews("activation")
def _renew_activation(email: OutgoingMail, now: datetime) -> OutgoingMail | None:
    """The same link with a new token, good for 24 hours from now: nobody has read the old one."""
    link = ActivationLink.objects.select_related("user").filter(pk=_number_in(email)).first()
    if link is None or link.state(now) in (LinkState.USED, LinkState.REPLACED):
        return None
    token = secrets.token_urlsafe(32)
    link.token_hash, link.created_at, link.expires_at = queries.hash_of(token), now, now + LINK_LIFE
    link.save(update_fields=["token_hash", "created_at", "expires_at"])
    return _mail_link(link, token, now=now)


def _number_in(email: OutgoingMail) -> int:
    """Of the row that the email is about: `activation:12:20261123120000`."""
    return int((email.cause or ":0").split(":")[1])


def _mail_link(link: ActivationLink, token: str, *, now: datetime) -> OutgoingMail:
    user = link.user
    address = queries.link_in_email(user, "accounts:activate", token)
    cause = f"activation:{link.pk}:{now:%Y%m%d%H%M%S}"
    return _queue(user, "activation", cause=cause, not_after=now + SOON, link=address, expires_at=link.expires_at)


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
    if _count(limits.PASSWORD_EMAILS, user, now=now):
        _mail_password(user, now=now)


@late.renews("one_time_password")
def _renew_password(email: OutgoingMail, now: datetime) -> OutgoingMail | None:
    """Another password, good for half an hour from now, unless one was asked for since, or used."""
    old = OneTimePassword.objects.select_related("user").filter(pk=_number_in(email), used_at=None).first()
    is_newest = old is not None and email.cause == _cause(old)
    return _mail_password(old.user, now=now) if old and is_newest and old.user.is_active else None


def _cause(row: OneTimePassword) -> str:
    return f"one-time-password:{row.pk}:{row.created_at:%Y%m%d%H%M%S}"


def _mail_password(user: User, *, now: datetime) -> OutgoingMail:
    next_at = limits.hit_until(limits.PASSWORD_EMAILS, subject(user), now=now)
    password, row = one_time_passwords.issue(user, now=now, until=next_at)
    known = {"password": password, "expires_at": row.expires_at, "is_last": next_at is not None}
    return _queue(user, "one_time_password", cause=_cause(row), not_after=now + AT_ONCE, **known)


def _count(limit: limits.Limit, user: User, *, now: datetime) -> bool:
    """Whether one more email may be sent; it is counted."""
    room = limits.hit_until(limit, subject(user), now=now) is None
    if room:
        limits.note(limit, subject(user), now=now)
    return room


def _queue(user: User, kind: str, *, cause: str, not_after: datetime | None = None, **context: object) -> OutgoingMail:
    known = {"username": user.username, "category": categories.get(user.category), **context}
    return outbox.queue(kind=kind, to=user.email, context=known, cause=cause, language=user.language, not_after=not_after)
