"""登入中的裝置: the sessions of one account, and how they end."""

from datetime import datetime

from django.db.models import QuerySet

from .models import AccountSession, User

# Telephone, tablet, computer, and every browser of theirs; an ended one is remembered for a day.
OPEN_MAX = 30


def open_sessions(user: User, *, now: datetime) -> QuerySet[AccountSession]:
    """Where the account is logged in, the one used last first."""
    return user.sessions.filter(expire_date__gt=now).order_by("-last_seen", "-began_at")


def end_all(user: User) -> None:
    """Every device is logged out, this one too."""
    user.sessions.all().delete()


def end_oldest(user: User) -> None:
    """Before a log-in: of more than OPEN_MAX, ended ones among them, those used longest ago are forgotten."""
    newest = list(user.sessions.order_by("-last_seen").values_list("pk", flat=True)[: OPEN_MAX - 1])
    user.sessions.exclude(pk__in=newest).delete()


def end_others(user: User, *, but: str) -> int:
    """登出其他裝置: the answer is how many were still logged in."""
    return user.sessions.exclude(pk=but).delete()[0]
