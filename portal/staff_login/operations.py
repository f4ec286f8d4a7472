"""Writing accounts of staff: a new member, roles, closing, and the link on which they set themselves up."""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import router, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.urls import reverse

from portal.accounts.models import LinkState, User
from portal.accounts.queries import hash_of
from portal.accounts.roles import ACCESS_ADMIN, administrators
from portal.mail import late, outbox
from portal.mail.models import OutgoingMail
from portal.sessions import devices as sessions_open
from portal.staff_login.models import SetUpLink

from . import second_factor

LINK_LIFE: Final = timedelta(hours=72)
SOON: Final = timedelta(hours=4)  # an email that waits longer is made anew
logger = logging.getLogger(__name__)


class LinkSpent(Exception):
    """The link was used, replaced or ran out while the page stood open."""


@dataclass(frozen=True)
class NewMember:
    """What an administrator writes down of a new member of staff; the password and the authenticator are theirs to set."""

    username: str
    chinese_name: str
    email: str
    is_superuser: bool = False


def opens_admin(groups: Iterable[Group]) -> bool:
    """Whether one of the groups lets its members into the admin."""
    app_label, _, codename = ACCESS_ADMIN.partition(".")
    chosen = Group.objects.filter(pk__in=[group.pk for group in groups])
    return chosen.filter(permissions__content_type__app_label=app_label, permissions__codename=codename).exists()


@transaction.atomic
def create(member: NewMember, groups: Iterable[Group], *, now: datetime) -> User:
    """The account of a new member of staff. It opens nothing: it has no password and no authenticator."""
    user = User(
        username=User.normalize_username(member.username),
        password=make_password(None),
        chinese_name=member.chinese_name,
        email=member.email,
        is_superuser=member.is_superuser,
        administrator_since=now if member.is_superuser else None,
        date_joined=now,
    )
    user.save(force_insert=True)
    user.groups.set(groups)
    if user.is_superuser:
        _announce(administrators().exclude(pk=user.pk), user, "promoted", now=now)
    logger.info("account %s of staff was made", user.pk)
    return user


@transaction.atomic
def set_roles(user: User, *, is_superuser: bool, groups: Iterable[Group], now: datetime) -> None:
    """What a member of staff may do. Who becomes or ceases to be an administrator is notified, and so are the others."""
    before, others = _before(user)
    user.is_superuser = is_superuser
    if is_superuser != before.is_superuser:
        user.administrator_since = now if is_superuser else None
        user.save(update_fields=["is_superuser", "administrator_since"])
        _announce([*others, before], before, "promoted" if is_superuser else "demoted", now=now)
    user.groups.set(groups)
    logger.info("account %s of staff has its roles set", user.pk)


def _before(user: User) -> tuple[User, list[User]]:
    """The account as it stands, and who were the other administrators before the change.

    One alone could take the role from all others and give it to themselves a second time: so those of before are notified. And
    the person is notified at the address of before, for a form may bring another one along.
    """
    return User.objects.select_for_update().get(pk=user.pk), list(administrators().exclude(pk=user.pk))


def _announce(to: Iterable[User], member: User, change: str, *, now: datetime) -> None:
    """That somebody became an administrator, or that one is none any more."""
    kind = "staff_new_administrator" if change == "promoted" else "staff_administrators_changed"
    for each in to:
        tell(each, kind, now=now, member=member, change=change)


@transaction.atomic
def invite(user: User, *, now: datetime) -> str:
    """A new link, mailed to the person, in place of earlier ones; the answer is its address."""
    replace_links(user, now=now)
    token = secrets.token_urlsafe(32)
    link = user.set_up_links.create(token_hash=hash_of(token), created_at=now, expires_at=now + LINK_LIFE)
    if user.email:
        _mail_link(link, token, now=now)
    logger.info("account %s was sent a set-up link", user.pk)
    return _address(token)


def _address(token: str) -> str:
    return settings.BASE_URL + reverse("staff-set-up", args=[token])


def _mail_link(link: SetUpLink, token: str, *, now: datetime) -> OutgoingMail:
    user = link.user
    context = {
        "user": user,
        "link": _address(token),
        "expires_at": link.expires_at,
        "is_new": second_factor.authenticator(user) is None,
    }
    cause = f"set-up-link:{link.pk}:{now:%Y%m%d%H%M%S}"
    language = settings.LANGUAGE_CODE
    return outbox.queue(kind="staff_set_up", to=user.email, context=context, cause=cause, language=language, not_after=now + SOON)


@late.renews("staff_set_up")
def _renew(email: OutgoingMail, now: datetime) -> OutgoingMail | None:
    """The same link with a new token, good for 72 hours from now: nobody has read the old one."""
    number = int((email.cause or ":0").split(":")[1])
    link = SetUpLink.objects.select_related("user").filter(pk=number, used_at=None, replaced_at=None).first()
    if link is None or link.user.email != email.to:
        return None
    token = secrets.token_urlsafe(32)
    link.token_hash, link.expires_at = hash_of(token), now + LINK_LIFE
    link.save(update_fields=["token_hash", "expires_at"])
    return _mail_link(link, token, now=now)


def replace_links(user: User, *, now: datetime) -> None:
    """Those that were mailed so far are worth nothing."""
    user.set_up_links.filter(used_at=None, replaced_at=None).update(replaced_at=now)


def find_link(token: str) -> SetUpLink | None:
    """What the token of a mailed link opens."""
    return SetUpLink.objects.select_related("user").filter(token_hash=hash_of(token), user__category="").first()


def state_of(link: SetUpLink | None, *, now: datetime) -> LinkState:
    """What the link is worth at this moment."""
    return link.state(now) if link else LinkState.UNKNOWN


@transaction.atomic
def set_up(link: SetUpLink, *, password_hash: str, device: Any, code: str, now: datetime) -> list[str] | None:
    """Password and first authenticator, both at once; the recovery codes, or None if the code is wrong. Raises LinkSpent.

    `device` is what `second_factor.new_authenticator` made.
    """
    link = _lock(link, now=now)
    if second_factor.authenticator(link.user) is not None:
        raise LinkSpent
    codes = second_factor.enrol(device, code)
    if codes is not None:
        _finish(link, password_hash, now=now, first_authenticator=True)
    return codes


@transaction.atomic
def set_password(link: SetUpLink, *, password_hash: str, code: str, network: str, now: datetime) -> second_factor.Answer:
    """A new password for who has the authenticator in hand; otherwise as `second_factor.verify` says. Raises LinkSpent."""
    link = _lock(link, now=now)
    answer = second_factor.verify(link.user, code, network=network, now=now)
    if answer is True:
        _finish(link, password_hash, now=now)
    return answer


def _lock(link: SetUpLink, *, now: datetime) -> SetUpLink:
    """Two windows with one link: the second finds it used."""
    User.objects.select_for_update().get(pk=link.user_id)
    link = SetUpLink.objects.select_related("user").get(pk=link.pk)
    if link.state(now) is not LinkState.VALID:
        raise LinkSpent
    return link


def _finish(link: SetUpLink, password_hash: str, *, now: datetime, first_authenticator: bool = False) -> None:
    user = link.user
    link.used_at = now
    link.save(update_fields=["used_at"])
    user.password, user.activated_at = password_hash, user.activated_at or now
    if user.is_superuser and first_authenticator:  # after a reset, too: whoever had the link has to settle
        user.administrator_since = now
    user.save(update_fields=["password", "activated_at", "administrator_since"])
    sessions_open.end_all(user)
    tell(user, "staff_password_changed", now=now)
    logger.info("account %s of staff has set itself up", user.pk)


@transaction.atomic
def set_active(user: User, is_active: bool, *, now: datetime) -> None:
    """停用, 啟用 of a member of staff: a closed account is logged out everywhere and its links are worth nothing.

    The other administrators hear of an administrator's.
    """
    before, others = _before(user)
    user.is_active = is_active
    if before.is_active == is_active:
        return
    if is_active and before.is_superuser:
        user.administrator_since = now
    user.save(update_fields=["is_active", "administrator_since"])
    if not is_active:
        replace_links(user, now=now)
        sessions_open.end_all(user)
    tell(before, "staff_reopened" if is_active else "staff_closed", now=now)
    if before.is_superuser:
        _announce(others, before, "reopened" if is_active else "closed", now=now)
    logger.info("account %s of staff is %s", user.pk, "open" if is_active else "closed")


@transaction.atomic
def delete(user: User, *, now: datetime) -> None:
    """刪除 of who left no trace. An administrator's is announced. Raises ProtectedError."""
    before, others = _before(user)
    number = user.pk
    user.delete()
    if before.is_superuser:
        _announce([*others, before], before, "deleted", now=now)
    logger.info("account %s of staff is deleted", number)


def has_traces(user: User) -> bool:
    """Whether something that is kept names them, so that they cannot be deleted."""
    try:
        Collector(using=router.db_for_write(User), origin=user).collect([user])
    except (ProtectedError, RestrictedError):
        return True
    return False


def tell(user: User, kind: str, *, now: datetime, **context: object) -> None:
    """An email to a member of staff who has an address. Staff read 正體中文."""
    if user.email:
        write(user, kind, to=user.email, now=now, **context)


def write(user: User, kind: str, *, to: str, now: datetime, **context: object) -> None:
    """An email about a member of staff, to that address."""
    outbox.queue(kind=kind, to=to, context={"user": user, "at": now, **context}, language=settings.LANGUAGE_CODE)
