"""Writing accounts: 註冊帳號, 帳號開通, 重寄認證信."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core.categories import StudentCategory
from portal.mail import outbox
from portal.records.lookup import match_person
from portal.records.protocol import ApplicantRecord, Identity, Refusal

from . import queries
from .models import ActivationLink, LinkState, User

LINK_LIFE = timedelta(hours=24)
logger = logging.getLogger(__name__)


class UsernameTaken(Exception):
    """Somebody else has that 帳號. Told only to a person whose data match the records."""


@dataclass(frozen=True)
class NewAccount:
    """What a student chooses when registering."""

    username: str
    password: str
    email: str
    mobile: str
    language: str


def register(identity: Identity, account: NewAccount, *, category: StudentCategory, asker: str, now: datetime) -> Refusal | None:
    """註冊帳號: match the person with the records, make the account 待開通 and queue its letter.

    Whoever has an open account already gets the same answer, and a letter to the address that is registered.
    Whoever never opened hers starts again with what she typed now: a mistyped Email must not lock her out.
    Raises UsernameTaken.
    """
    found = match_person(identity, asker=asker, now=now)
    if isinstance(found, Refusal):
        return found
    password_hash = make_password(account.password)  # before the transaction: hashing is slow on purpose
    with_one_retry(lambda: _enter(found, account, password_hash, category=category, now=now))
    return None


def with_one_retry(write: Callable[[], None]) -> None:
    """Two at once may both find nobody and both write; the second finds the first's account on its second try."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        with transaction.atomic():
            write()


def _enter(found: ApplicantRecord, account: NewAccount, password_hash: str, *, category: StudentCategory, now: datetime) -> None:
    holder = User.objects.select_for_update().filter(category=category.slug, ui_no=found.ui_no).first()
    if holder and not holder.awaits_activation:
        _tell_holder(holder, category=category, now=now)
        return
    if User.objects.filter(username=account.username).exclude(category=category.slug, ui_no=found.ui_no).exists():
        raise UsernameTaken
    user = holder or User(category=category.slug, ui_no=found.ui_no, is_active=False)
    user.username, user.password = account.username, password_hash
    user.email, user.mobile, user.language = account.email, account.mobile, account.language
    user.chinese_name, user.birth_date = found.chinese_name, found.birth_date
    user.travel_document_no = found.travel_document_no
    user.save()
    logger.info("account %s registered", user.pk)
    _send_link(user, category=category, now=now)


def _tell_holder(holder: User, *, category: StudentCategory, now: datetime) -> None:
    """One letter an hour at most, however often somebody tries."""
    logger.info("account %s registered again", holder.pk)
    outbox.queue(
        kind="already_registered",
        to=holder.email,
        context={"username": holder.username, "category": category},
        cause=f"account:{holder.pk}:already-registered:{now:%Y%m%d%H}",
        language=holder.language,
    )


def speak(user: User, language: str) -> None:
    """She reads the portal in this language now; her letters follow."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def _send_link(user: User, *, category: StudentCategory, now: datetime) -> None:
    """會員信箱認證通知信函: a new link, good for 24 hours; those sent before are replaced."""
    user.activation_links.filter(used_at=None, replaced_at=None).update(replaced_at=now)
    token = secrets.token_urlsafe(32)
    link = user.activation_links.create(token_hash=queries.hash_of(token), created_at=now, expires_at=now + LINK_LIFE)
    outbox.queue(
        kind="activation",
        to=user.email,
        context={
            "username": user.username,
            "category": category,
            "link": settings.BASE_URL + reverse("accounts:activate", args=[category, token]),
            "expires_at": link.expires_at,
        },
        cause=f"activation:{link.pk}",
        language=user.language,
    )


def resend_activation(username: str, *, category: StudentCategory, now: datetime) -> None:
    """重寄認證信: a new letter when the account awaits its activation; nothing, and no word of it, otherwise."""
    with transaction.atomic():
        waiting = User.objects.select_for_update().filter(
            username=User.normalize_username(username), category=category.slug, is_active=False, activated_at=None
        )
        if user := waiting.first():
            _send_link(user, category=category, now=now)


@transaction.atomic
def activate(token: str, *, category: StudentCategory, now: datetime) -> LinkState:
    """啟用帳號: open the account if the link is valid; the answer is the state in which the link was found."""
    # Whoever activates, resends or registers this account at the same moment waits here.
    User.objects.select_for_update(of=("self",)).filter(activation_links__token_hash=queries.hash_of(token)).first()
    link = queries.activation_links(token, category=category.slug).first()
    if link is None:
        return LinkState.UNKNOWN
    state = link.state(now)
    if state is LinkState.VALID:
        _open(link, now)
    return state


def _open(link: ActivationLink, now: datetime) -> None:
    link.used_at = link.user.activated_at = now
    link.user.is_active = True
    link.user.save(update_fields=["is_active", "activated_at"])
    link.save(update_fields=["used_at"])
    logger.info("account %s activated", link.user.pk)
