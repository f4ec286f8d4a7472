"""Forgetting what nobody needs: accounts never activated, one-time passwords of yesterday, answered requests."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.core import limits

from .models import ActivationLink, LetterRequest, OneTimePassword, SetUpLink, User

UNOPENED_LIFE = timedelta(days=7)
PASSWORD_LIFE = timedelta(days=1)
LINK_LIFE = timedelta(days=30)  # so long a set-up link says why it is worth nothing
logger = logging.getLogger(__name__)


def purge(*, now: datetime) -> int:
    """Delete what is over; how many accounts."""
    LetterRequest.objects.filter(answered_at__isnull=False, asked_at__lte=now - limits.LETTERS_OF_NETWORK.window).delete()
    OneTimePassword.objects.filter(created_at__lte=now - PASSWORD_LIFE, expires_at__lte=now).delete()
    SetUpLink.objects.filter(expires_at__lte=now - LINK_LIFE).delete()
    limits.purge(now=now)
    return sum(_forget(pk, now=now) for pk in list(_unopened(now).values_list("pk", flat=True)))


def _unopened(now: datetime) -> QuerySet[User]:
    """Registered 7 days ago and never activated 待開通; a link that is still good is not taken away."""
    good = ActivationLink.objects.filter(user=OuterRef("pk"), replaced_at=None, expires_at__gt=now)
    waiting = User.objects.filter(~Exists(good), is_active=False, activated_at=None, date_joined__lte=now - UNOPENED_LIFE)
    return waiting.exclude(category="")


@transaction.atomic
def _forget(pk: int, *, now: datetime) -> bool:
    """Look once more with the row in hand: she may be pressing 啟用帳號 at this moment."""
    User.objects.select_for_update().filter(pk=pk).first()
    user = _unopened(now).filter(pk=pk).first()
    if user is None:
        return False
    user.delete()
    logger.info("account %s was never activated and is forgotten", pk)
    return True
