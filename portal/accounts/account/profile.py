"""基本資料維護: what belongs to the student. A new Email counts once its email's link is followed."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portal.accounts.models import EmailChange, LinkState, User
from portal.accounts.queries import hash_of, link_in_email
from portal.core import categories
from portal.core.categories import StrOrPromise, StudentCategory
from portal.mail import late, outbox
from portal.mail.models import OutgoingMail
from portal.records.protocol import RecordsUnavailable
from portal.records.school_field import school_in_page_language
from portal.records.source import get_source
from portal.throttling import limits

LINK_LIFE = timedelta(hours=24)
SOON = timedelta(hours=1)  # an email that waits longer is made anew
logger = logging.getLogger(__name__)


class TooManyChanges(Exception):
    """So many new addresses are no slip: a mailbox that is somebody else's must not be flooded."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Recorded:
    """What the agency's records say of a student besides the account's own: papers by their labels, 就讀學校; "" is unknown."""

    papers: tuple[tuple[StrOrPromise, str], ...]
    school: str


def recorded(user: User) -> Recorded:
    """The papers that name the student, and the school, as the agency's records have them now."""
    try:
        found = get_source().find_applicant(ui_no=user.ui_no) if user.ui_no else None
    except RecordsUnavailable:
        found = None
    identity = categories.get(user.category).identity
    papers = identity.identifying if identity else ()
    known = found.papers if found else {}
    return Recorded(
        papers=tuple((paper.label, known.get(paper.code, "")) for paper in papers),
        school=school_in_page_language(found.school_name) if found else "",
    )


def waiting_email(user: User, *, now: datetime) -> str:
    """待確認: the new address whose email was not answered yet; "" if there is none."""
    waiting = user.email_changes.filter(used_at=None, replaced_at=None, expires_at__gt=now).first()
    return waiting.email if waiting else ""


@transaction.atomic
def save(user: User, *, email: str, mobile: str, language: str, now: datetime) -> None:
    """儲存. The old Email stays in use until the new one is confirmed. Raises TooManyChanges, and then saves nothing."""
    user.mobile, user.language = mobile, language
    user.save(update_fields=["mobile", "language"])
    if email != user.email:
        _ask_email_change(user, email, now=now)


def _ask_email_change(user: User, email: str, *, now: datetime) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    both = (limits.EMAIL_CHANGES, limits.EMAIL_CHANGES_OF_DAY)
    moments = [limits.full_until(user.email_changes.all(), limit, now=now, field="created_at") for limit in both]
    if until := max((moment for moment in moments if moment), default=None):
        raise TooManyChanges(until)
    cancel_email_change(user, now=now)
    token = secrets.token_urlsafe(32)
    change = user.email_changes.create(email=email, token_hash=hash_of(token), created_at=now, expires_at=now + LINK_LIFE)
    _mail_link(change, token, now=now)
    outbox.queue(kind="email_change_asked", to=user.email, context=_known(change), language=user.language)
    logger.info("account %s asked for another address", user.pk)


def _known(change: EmailChange) -> dict[str, Any]:
    user = change.user
    return {"username": user.username, "category": categories.get(user.category), "expires_at": change.expires_at}


def _mail_link(change: EmailChange, token: str, *, now: datetime) -> OutgoingMail:
    context = {**_known(change), "link": link_in_email(change.user, "accounts:email", token)}
    cause = f"email-change:{change.pk}:{now:%Y%m%d%H%M%S}"
    language = change.user.language
    return outbox.queue(
        kind="email_confirm", to=change.email, context=context, cause=cause, language=language, not_after=now + SOON
    )


@late.renews("email_confirm")
def _renew(email: OutgoingMail, now: datetime) -> OutgoingMail | None:
    """The same link with a new token, good for 24 hours from now: nobody has read the old one."""
    number = int((email.cause or ":0").split(":")[1])
    change = EmailChange.objects.select_related("user").filter(pk=number, used_at=None, replaced_at=None).first()
    if change is None:
        return None
    token = secrets.token_urlsafe(32)
    change.token_hash, change.expires_at = hash_of(token), now + LINK_LIFE
    change.save(update_fields=["token_hash", "expires_at"])
    return _mail_link(change, token, now=now)


def cancel_email_change(user: User, *, now: datetime) -> None:
    """取消: the old Email stays."""
    user.email_changes.filter(used_at=None, replaced_at=None).update(replaced_at=now)


def email_change(token: str, *, category: StudentCategory) -> EmailChange | None:
    """What the email's link asks for, among the accounts of that category."""
    found = EmailChange.objects.select_related("user").filter(token_hash=hash_of(token), user__category=category.slug)
    return found.first()


@transaction.atomic
def confirm_email(token: str, *, category: StudentCategory, now: datetime) -> LinkState:
    """確認: emails go to the new Email from now on; the answer is the state in which the link was found."""
    # Whoever confirms, cancels or changes the Email of this account at the same moment waits here.
    User.objects.select_for_update(of=("self",)).filter(email_changes__token_hash=hash_of(token)).first()
    change = email_change(token, category=category)
    state = change.state(now) if change else LinkState.UNKNOWN
    if change and state is LinkState.VALID:
        _put_into_use(change, now=now)
    return state


def _put_into_use(change: EmailChange, *, now: datetime) -> None:
    user, old = change.user, change.user.email
    change.used_at, user.email = now, change.email
    change.save(update_fields=["used_at"])
    user.save(update_fields=["email"])
    context = {"username": user.username, "category": categories.get(user.category), "at": now}
    outbox.queue(kind="email_changed", to=old, context=context, language=user.language)
    logger.info("account %s has another address", user.pk)
