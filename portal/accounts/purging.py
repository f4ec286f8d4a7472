"""Forgetting what nobody needs: accounts never activated, used passwords and links, ended sessions, old lines of the journal."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.captcha import rows as captcha_rows
from portal.core.purging import delete_in_batches
from portal.sessions.engine import REMEMBERED, AccountSession
from portal.throttling import limits

from .models import ActivationLink, EmailChange, EmailRequest, LogInAttempt, OneTimePassword, User

UNOPENED_LIFE = timedelta(days=7)
PASSWORD_LIFE = timedelta(days=1)
REQUEST_LIFE = limits.EMAILS_OF_NETWORK.window  # so long a request counts against its network
UNANSWERED_LIFE = timedelta(days=7)  # no worker ran all the time: who asked has asked again
LINK_KEPT = timedelta(days=30)  # after it stopped to be good; until then its page says why
CAPTCHA_LIFE = timedelta(minutes=5)  # settings.CAPTCHA_TIMEOUT
JOURNAL_LIFE = timedelta(days=180)  # 登入紀錄; the database lets nobody delete a younger line (a day less, for clocks differ)
logger = logging.getLogger(__name__)


def purge(*, now: datetime) -> int:
    """Delete what is over; how many accounts."""
    EmailRequest.objects.filter(answered_at__isnull=False, asked_at__lte=now - REQUEST_LIFE).delete()
    delete_in_batches(EmailRequest.objects.filter(answered_at=None, asked_at__lte=now - UNANSWERED_LIFE))
    delete_in_batches(ActivationLink.objects.filter(expires_at__lte=now - LINK_KEPT))
    delete_in_batches(EmailChange.objects.filter(expires_at__lte=now - LINK_KEPT))
    captcha_rows.forget_expired(now=now)
    forget_journal(now=now)
    OneTimePassword.objects.filter(created_at__lte=now - PASSWORD_LIFE, expires_at__lte=now).delete()
    return sum(_forget(pk, now=now) for pk in list(_unopened(now).values_list("pk", flat=True)))


def forget_sessions(*, now: datetime) -> int:
    """A visitor's session when it is over; of a log-in's the row tells for a while whose it was."""
    over = AccountSession.objects.filter(account=None, expire_date__lte=now)
    ended = AccountSession.objects.filter(expire_date__lt=now - REMEMBERED)
    return delete_in_batches(over) + delete_in_batches(ended)


def forget_journal(*, now: datetime) -> int:
    """Lines of 登入紀錄 that are older than JOURNAL_LIFE: an ending before its attempt, on which it stands."""
    old = LogInAttempt.objects.filter(at__lt=now - JOURNAL_LIFE)
    return delete_in_batches(old.filter(parent__isnull=False)) + delete_in_batches(old.filter(parent=None, results=None))


def _unopened(now: datetime) -> QuerySet[User]:
    """Registered 7 days ago and never activated 待開通; a link that is still good is not taken away."""
    good = ActivationLink.objects.filter(user=OuterRef("pk"), replaced_at=None, expires_at__gt=now)
    waiting = User.objects.filter(~Exists(good), is_active=False, activated_at=None, date_joined__lte=now - UNOPENED_LIFE)
    return waiting.exclude(category="")


@transaction.atomic
def _forget(pk: int, *, now: datetime) -> bool:
    """Look once more with the row in hand: they may be pressing 開通帳號 at this moment."""
    User.objects.select_for_update().filter(pk=pk).first()
    user = _unopened(now).filter(pk=pk).first()
    if user is None:
        return False
    user.delete()
    logger.info("account %s was never activated and is forgotten", pk)
    return True
