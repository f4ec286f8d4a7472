"""Every limit on tries, in one table: whom it counts, how many in how long, and what happens then.

Two rules keep a limit from being a weapon (tests/accounts/test_limits.py goes through the table):

- What counts a whole network, or an account over all networks, never locks anybody out: it asks for more proof, or leaves
  another way open. Others share the network, and anybody can fail at somebody's account.
- What makes wait counts the thing that is guessed *and* the network it is guessed from, or what only its owner can use up.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import date
from django.utils import timezone

from .models import LimitHit


class Scope(enum.StrEnum):
    """Whose tries are counted together."""

    ACCOUNT_AND_NETWORK = "one account from one network"
    DOCUMENT_AND_NETWORK = "one document number from one network"
    NETWORK = "one network; students and staff apart"
    ACCOUNT = "one account over all networks"
    DOCUMENT = "one document number over all networks"
    OWNER = "what the logged-in owner does"
    SESSION = "one session"


class Effect(enum.StrEnum):
    """What happens when the count is reached."""

    WAIT = "wait until the window has passed"
    MORE_PROOF = "more proof is asked for"
    LAST_EMAIL = "no more emails; the last one stays good until the next can be sent"
    NO_EMAIL = "no more emails; the ones that were sent said the same"
    OTHER_WAY = "the other way stays open: a recovery code"
    END_SESSION = "the session ends"


@dataclass(frozen=True)
class Limit:
    """`count` within `window`, by `scope`, leads to `effect`."""

    name: str
    scope: Scope
    count: int
    window: timedelta
    effect: Effect


QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24)

LOG_IN = Limit("log_in", Scope.ACCOUNT_AND_NETWORK, 5, QUARTER, Effect.WAIT)
STAFF_LOG_IN = Limit("staff_log_in", Scope.ACCOUNT_AND_NETWORK, 5, QUARTER, Effect.MORE_PROOF)
LOG_IN_OF_NETWORK = Limit("log_in_of_network", Scope.NETWORK, 100, QUARTER, Effect.MORE_PROOF)
STAFF_LOG_IN_OF_NETWORK = Limit("staff_log_in_of_network", Scope.NETWORK, 30, QUARTER, Effect.MORE_PROOF)
LOG_IN_OF_ACCOUNT = Limit("log_in_of_account", Scope.ACCOUNT, 20, DAY, Effect.MORE_PROOF)
CAPTCHA_OF_NETWORK = Limit("captcha_of_network", Scope.NETWORK, 30, QUARTER, Effect.MORE_PROOF)
REGISTRATION = Limit("registration", Scope.DOCUMENT_AND_NETWORK, 5, HOUR, Effect.WAIT)
REGISTRATION_OF_DOCUMENT = Limit("registration_of_document", Scope.DOCUMENT, 20, HOUR, Effect.MORE_PROOF)
REGISTRATION_OF_NETWORK = Limit("registration_of_network", Scope.NETWORK, 100, HOUR, Effect.MORE_PROOF)
PERMIT_NUMBER = Limit("permit_number", Scope.OWNER, 20, HOUR, Effect.WAIT)
EMAILS_OF_NETWORK = Limit("emails_of_network", Scope.NETWORK, 60, HOUR, Effect.MORE_PROOF)
EMAIL_AGAIN = Limit("email_again", Scope.ACCOUNT_AND_NETWORK, 1, timedelta(minutes=2), Effect.WAIT)
PASSWORD_EMAILS = Limit("password_emails", Scope.ACCOUNT, 5, DAY, Effect.LAST_EMAIL)
ACTIVATION_EMAILS = Limit("activation_emails", Scope.ACCOUNT, 5, DAY, Effect.LAST_EMAIL)
REGISTERED_EMAILS = Limit("registered_emails", Scope.ACCOUNT, 3, DAY, Effect.NO_EMAIL)
EMAIL_CHANGES = Limit("email_changes", Scope.OWNER, 5, HOUR, Effect.WAIT)
EMAIL_CHANGES_OF_DAY = Limit("email_changes_of_day", Scope.OWNER, 10, DAY, Effect.WAIT)
CURRENT_PASSWORD = Limit("current_password", Scope.SESSION, 5, DAY, Effect.END_SESSION)
SECOND_FACTOR = Limit("second_factor", Scope.ACCOUNT_AND_NETWORK, 5, QUARTER, Effect.OTHER_WAY)
SECOND_FACTOR_OF_ACCOUNT = Limit("second_factor_of_account", Scope.ACCOUNT, 30, DAY, Effect.OTHER_WAY)
VERIFICATION_OF_NETWORK = Limit("verification_of_network", Scope.NETWORK, 100, HOUR, Effect.MORE_PROOF)

# How far beyond its count a limit is, for which more is asked each time: 1, 2 and 3 are what `step` answers.
STEPS = (1, 5, 25)


class MoreProof(Exception):
    """Nothing is looked at before the visitor has given proof of this `step` (captcha.challenges)."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


def table() -> Iterator[Limit]:
    """Every limit there is."""
    return (value for value in globals().values() if isinstance(value, Limit))


def step(limit: Limit, failures: int) -> int:
    """0 below the limit; then 1, and 2 and 3 for many times as many failures."""
    return sum(failures >= limit.count * times for times in STEPS)


def recent(rows: QuerySet[Any], limit: Limit, *, now: datetime, field: str = "at") -> QuerySet[Any]:
    """Those of the rows, which have a moment in `field`, that stand in the limit's window."""
    return rows.filter(**{f"{field}__gt": now - limit.window})


def full_until(rows: QuerySet[Any], limit: Limit, *, now: datetime, field: str = "at") -> datetime | None:
    """When there is room again: the nth newest of the rows has then left the window. None: there is room."""
    newest = recent(rows, limit, now=now, field=field).order_by(f"-{field}")
    moment: datetime | None = newest.values_list(field, flat=True)[limit.count - 1 : limit.count].first()
    return moment + limit.window if moment else None


# -- what has no journal of its own is counted here ------------------------------------------------


def note(limit: Limit, subject: str, *, now: datetime) -> None:
    """One more for that account, network or both."""
    LimitHit.objects.create(limit=limit.name, subject=subject, at=now)


def hits(limit: Limit, subject: str) -> QuerySet[LimitHit]:
    """All that was counted of that subject and not forgotten yet."""
    return LimitHit.objects.filter(limit=limit.name, subject=subject)


def hit_until(limit: Limit, subject: str, *, now: datetime) -> datetime | None:
    """When that subject has room again; None: it has."""
    return full_until(hits(limit, subject), limit, now=now)


def forget(limit: Limit, subject: str) -> None:
    """Begin anew for that subject."""
    hits(limit, subject).delete()


def purge(*, now: datetime) -> int:
    """Forget what stands in no window any more; how many tries."""
    return LimitHit.objects.filter(at__lte=now - max(limit.window for limit in table())).delete()[0]


# -- what pages say --------------------------------------------------------------------------------


def whole_minute(moment: datetime) -> datetime:
    """Rounded up, as pages say it: who tries at that minute is let in."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)


def as_minute(moment: datetime) -> str:
    """That minute, as pages write it."""
    return date(timezone.localtime(whole_minute(moment)), "Y/m/d H:i")
