"""登入中的裝置: the sessions of one account, and how they end."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from .engine import AccountSession

# Telephone, tablet, computer, and every browser of theirs; an ended one is remembered for a day.
OPEN_MAX = 30


def open_sessions(user: AbstractBaseUser, *, now: datetime) -> QuerySet[AccountSession]:
    """Where the account is logged in, the one used last first."""
    return AccountSession.objects.filter(account_id=user.pk, expire_date__gt=now).order_by("-last_seen", "-began_at")


def end_all(user: AbstractBaseUser) -> None:
    """Every device is logged out, this one too."""
    AccountSession.objects.filter(account_id=user.pk).delete()


def end_oldest(user: AbstractBaseUser) -> None:
    """Before a log-in: of more than OPEN_MAX, ended ones among them, those used longest ago are forgotten."""
    newest = list(
        AccountSession.objects.filter(account_id=user.pk).order_by("-last_seen").values_list("pk", flat=True)[: OPEN_MAX - 1]
    )
    AccountSession.objects.filter(account_id=user.pk).exclude(pk__in=newest).delete()


def end_others(user: AbstractBaseUser, *, but: str) -> int:
    """登出其他裝置: the answer is how many were still logged in."""
    return AccountSession.objects.filter(account_id=user.pk).exclude(pk=but).delete()[0]
