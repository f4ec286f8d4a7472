"""The guard before every log-in 登入: counts, locks, writes down. It stands before the hash, and knows no account from none.

Five failures in 15 minutes lock an account for the network they came from, never for everyone; a hundred, over whatever
accounts, lock the network. Twenty failures of an account within a day ask for a better 驗證碼 and are told to its owner.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.core import categories
from portal.core.network import client_network
from portal.core.quotas import Quota
from portal.mail import outbox
from portal.mail.models import OutgoingMail

from .models import LogInAttempt, User

STAFF_DOOR = "staff"
WINDOW = timedelta(minutes=15)
FAILURES_ALLOWED = 5
NETWORK_FAILURES_ALLOWED = 100
DAY = timedelta(hours=24)
FAILURES_UNTIL_TOLD = 20
REFUSALS_NOTED = Quota("journal.refusals", 500, WINDOW)

Outcome = LogInAttempt.Outcome
PASSED = (Outcome.SUCCEEDED, Outcome.NOT_ACTIVATED)  # the password was right


class Locked(Exception):
    """暫停登入: too many failures; the next try is looked at after `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def whole_minute(moment: datetime) -> datetime:
    """Rounded up, as it is told: who tries at that minute is let in."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)


class NotActivated(Exception):
    """帳號 and 密碼 are right, but the account still waits for its activation 待開通."""


def guarded(
    check: Callable[[], User | None], *, username: str, door: str, request: HttpRequest | None, now: datetime
) -> User | None:
    """The answer of `check`, which hashes; it is not asked while account or network are locked. Raises Locked, NotActivated.

    Call it outside a transaction: a rollback would forget the try.
    """
    attempt = _begin(_line(username, door, request, now))
    try:
        user = check()
    except NotActivated:
        _end(attempt, Outcome.NOT_ACTIVATED)
        raise
    _end(attempt, Outcome.SUCCEEDED if user else Outcome.WRONG)
    if user is None:
        _tell_owner(attempt)
    return user


def note_wrong_captcha(username: str, *, door: str, request: HttpRequest, now: datetime) -> None:
    """驗證碼錯誤 stands in the journal, and is no failure of the account."""
    line = _line(username, door, request, now)
    line.outcome = Outcome.CAPTCHA_WRONG
    _note(line)


def wants_better_captcha(username: str, *, door: str, now: datetime) -> bool:
    """Whether this 帳號, known or not, failed so often that a proof of work is no longer enough."""
    return _failures_of_day(_hash(username), door, now) >= FAILURES_UNTIL_TOLD


def _line(username: str, door: str, request: HttpRequest | None, now: datetime) -> LogInAttempt:
    name = User.normalize_username(username)
    category = "" if door == STAFF_DOOR else door
    account = User.objects.filter(username=name, category=category).values_list("pk", flat=True).first()
    return LogInAttempt(at=now, door=door, account=account, name_hash=_hash(username), network=client_network(request))


def _hash(username: str) -> str:
    """A keyed hash: without the portal's key nobody can try all names against the journal."""
    name = User.normalize_username(username)
    return salted_hmac("portal.accounts.login_guard", name, algorithm="sha256").hexdigest()


def _begin(line: LogInAttempt) -> LogInAttempt:
    """Write TRIED, or LOCKED and raise. Tries of one account from one network come one after another here."""
    with _one_at_a_time(line):
        until = _locked_until(line)
        line.outcome = Outcome.LOCKED if until else Outcome.TRIED
        if until:
            _note(line)
        else:
            line.save()
    if until:
        raise Locked(until)
    return line


def _note(line: LogInAttempt) -> None:
    """A line about a try that was not looked at: so many of one network tell all there is to tell, the rest is filling."""
    if REFUSALS_NOTED.take(line.network, now=line.at):
        line.save()


@contextmanager
def _one_at_a_time(line: LogInAttempt) -> Iterator[None]:
    """SQLite lets one transaction write at a time anyway (settings: IMMEDIATE)."""
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                key = f"{line.door} {line.name_hash} {line.network}"
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield


def _locked_until(line: LogInAttempt) -> datetime | None:
    """When both account and network are free again; None: they are."""
    recent = _failures().filter(network=line.network, at__gt=line.at - WINDOW)
    of_account = recent.filter(door=line.door, name_hash=line.name_hash)
    moments = [_nth_newest(of_account, FAILURES_ALLOWED), _nth_newest(recent, NETWORK_FAILURES_ALLOWED)]
    return max((moment + WINDOW for moment in moments if moment), default=None)


def _failures() -> QuerySet[LogInAttempt]:
    """Tries without a good ending."""
    return LogInAttempt.objects.filter(outcome=Outcome.TRIED).exclude(endings__outcome__in=PASSED)


def _nth_newest(failures: QuerySet[LogInAttempt], n: int) -> datetime | None:
    """When the nth failure, counted from the last one, was; with it the oldest one leaves the window."""
    return failures.order_by("-at").values_list("at", flat=True)[n - 1 : n].first()


def _failures_of_day(name_hash: str, door: str, now: datetime) -> int:
    return _failures().filter(door=door, name_hash=name_hash, at__gt=now - DAY).count()


def _end(attempt: LogInAttempt, outcome: LogInAttempt.Outcome) -> None:
    LogInAttempt.objects.create(
        at=attempt.at,
        door=attempt.door,
        account=attempt.account,
        name_hash=attempt.name_hash,
        network=attempt.network,
        outcome=outcome,
        of=attempt,
    )


def _tell_owner(attempt: LogInAttempt) -> None:
    """One letter a day at most to the owner; without one the same questions are asked, so that the time tells nothing."""
    if _failures_of_day(attempt.name_hash, attempt.door, attempt.at) < FAILURES_UNTIL_TOLD:
        return
    cause = f"log-in-failures:{attempt.name_hash[:32]}:{attempt.at:%Y%m%d}"
    told = OutgoingMail.objects.filter(cause=cause).exists()
    owner = User.objects.filter(pk=attempt.account or 0).first()
    if owner and owner.is_active and owner.email and not told:
        _queue_letter(owner, cause)


@transaction.atomic
def _queue_letter(owner: User, cause: str) -> None:
    category = categories.get(owner.category) if owner.is_student else None
    context = {"username": owner.username, "category": category, "failures": FAILURES_UNTIL_TOLD}
    outbox.queue(kind="log_in_failures", to=owner.email, context=context, cause=cause, language=owner.language)


LOG_IN = "log_in"  # the session's own line in the journal


def remember(request: HttpRequest, user: User) -> None:
    """The session knows the line of its own log-in, so that the one before can be shown."""
    own = _log_ins(user).values_list("pk", flat=True).first()
    request.session[LOG_IN] = own


def last_log_in(request: HttpRequest, user: User) -> LogInAttempt | None:
    """上次登入: the log-in before this session's."""
    own = request.session.get(LOG_IN)
    return _log_ins(user).filter(pk__lt=own).first() if own else None


def _log_ins(user: User) -> QuerySet[LogInAttempt]:
    return LogInAttempt.objects.filter(account=user.pk, outcome=Outcome.SUCCEEDED).order_by("-pk")
