"""The guard before every log-in 登入: counts, locks, writes down. It stands before the hash, and knows no account from none.

Five failures in 15 minutes lock a student's account for the network they came from, never for everyone; a one-time password
opens even then. Staff have no one-time password, but a second factor: their five ask for more proof. Many failures of a
network, and twenty of an account within a day, ask for more proof and close nothing; of the twenty the owner is notified.
Students and staff are counted apart. The numbers stand in throttling.limits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.core import categories
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.throttling import limits
from portal.throttling.limits import MoreProof
from portal.throttling.network import client_network
from portal.throttling.quotas import Quota

from .models import LogInAttempt, User

STAFF_REALM = "staff"
VERIFICATION = "verification"  # 文件查驗 is no log-in, but a wrong 驗證碼 there stands in the journal too
MAX_PROOF = len(limits.STEPS)
REFUSALS_NOTED = Quota("journal.refusals", 500, limits.QUARTER)
# Apart from those, and more than the last step of proof takes: a flood of other refusals must not keep them from being counted.
CAPTCHAS_NOTED = Quota("journal.captchas", limits.CAPTCHA_OF_NETWORK.count * limits.STEPS[-1] + 250, limits.QUARTER)

Outcome = LogInAttempt.Outcome
PASSED = (Outcome.SUCCEEDED, Outcome.NOT_ACTIVATED)  # the password was right


class Locked(Exception):
    """暫停登入: too many failures; the next try is looked at after `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class NotActivated(Exception):
    """帳號 and 密碼 are right, but the account still waits for its activation 待開通."""


def nobody() -> User | None:
    """No way in while the account is locked for this network."""
    return None


def guarded(
    check: Callable[[], User | None],
    *,
    username: str,
    realm: str,
    request: HttpRequest | None,
    now: datetime,
    proof: int = 0,
    check_locked: Callable[[], User | None] = nobody,
) -> User | None:
    """The answer of `check`, which hashes. Raises Locked, MoreProof, NotActivated.

    While the account is locked for this network `check_locked` is asked instead, for what cannot be guessed. `proof` is the
    step that the 驗證碼 was good for. Call it outside a transaction: a rollback would forget the try.
    """
    line = _new_attempt(username, realm, request, now)
    try:
        attempt = _open_attempt(line, proof)
    except Locked:
        if (user := check_locked()) is None:
            raise
        _close_attempt(line, Outcome.SUCCEEDED)
        return user
    try:
        user = check()
    except NotActivated:
        _close_attempt(attempt, Outcome.NOT_ACTIVATED)
        raise
    _close_attempt(attempt, Outcome.SUCCEEDED if user else Outcome.WRONG)
    if user is None:
        _tell_owner(attempt)
    return user


def note_wrong_captcha(username: str, *, realm: str, request: HttpRequest, now: datetime) -> None:
    """驗證碼錯誤 stands in the journal, and is a failure of the network, not of the account."""
    line = _new_attempt(username, realm, request, now)
    line.outcome = Outcome.CAPTCHA_WRONG
    _note(line)


def captcha_step(network: str, *, realm: str, now: datetime) -> int:
    """The step of proof that a network's wrong answers to the 驗證碼 ask for."""
    wrong = _of_realm(LogInAttempt.objects.filter(outcome=Outcome.CAPTCHA_WRONG), realm).filter(network=network)
    limit = limits.CAPTCHA_OF_NETWORK
    return limits.step(limit, limits.recent(wrong, limit, now=now).count())


def network_step(network: str, *, realm: str, now: datetime) -> int:
    """The step of proof that a log-in from this network has to give, whoever it is."""
    limit = limits.STAFF_LOG_IN_OF_NETWORK if realm == STAFF_REALM else limits.LOG_IN_OF_NETWORK
    failed = limits.recent(_of_realm(_failures(), realm).filter(network=network), limit, now=now)
    return max(limits.step(limit, failed.count()), captcha_step(network, realm=realm, now=now))


def _of_realm(lines: QuerySet[LogInAttempt], realm: str) -> QuerySet[LogInAttempt]:
    """Those of staff, or those of everybody else: neither pays for the other's failures."""
    return lines.filter(realm=STAFF_REALM) if realm == STAFF_REALM else lines.exclude(realm=STAFF_REALM)


def _needed_step(line: LogInAttempt) -> int:
    failed = _failures_of_day(line.name_hash, line.realm, line.at)
    of_account = limits.step(limits.LOG_IN_OF_ACCOUNT, failed)
    of_network = network_step(line.network, realm=line.realm, now=line.at)
    return max(of_account, of_network, _step_of_staff(line))


def _step_of_staff(line: LogInAttempt) -> int:
    """What this account's failures from this network ask a member of staff for; students wait instead."""
    if line.realm != STAFF_REALM:
        return 0
    limit = limits.STAFF_LOG_IN
    return limits.step(limit, limits.recent(_own_failures(line), limit, now=line.at).count())


def _new_attempt(username: str, realm: str, request: HttpRequest | None, now: datetime) -> LogInAttempt:
    name = User.normalize_username(username)
    category = "" if realm == STAFF_REALM else realm
    account = User.objects.filter(username=name, category=category).values_list("pk", flat=True).first()
    return LogInAttempt(at=now, realm=realm, account=account, name_hash=_hash(username), network=client_network(request))


def _hash(username: str) -> str:
    """A keyed hash: without the portal's key nobody can try all names against the journal."""
    name = User.normalize_username(username)
    return salted_hmac("portal.accounts.login_guard", name, algorithm="sha256").hexdigest()


def _open_attempt(line: LogInAttempt, proof: int = MAX_PROOF) -> LogInAttempt:
    """Write TRIED, or what is in the way of it and raise. Tries of one account from one network come one after another here."""
    with _serialise(line):
        until = _locked_until(line)
        needed = _needed_step(line)
        line.outcome = Outcome.LOCKED if until else Outcome.MORE_PROOF if proof < needed else Outcome.TRIED
        if line.outcome is Outcome.TRIED:
            line.save()
        else:
            _note(line)
    if until:
        raise Locked(until)
    if proof < needed:
        raise MoreProof(needed)
    return line


def _note(line: LogInAttempt) -> None:
    """A line about a try that was not looked at: so many of one network tell all there is to tell, the rest is filling.

    Students and staff apart, so that neither fills up the other's.
    """
    quota = CAPTCHAS_NOTED if line.outcome == Outcome.CAPTCHA_WRONG else REFUSALS_NOTED
    realm = STAFF_REALM if line.realm == STAFF_REALM else "students"
    if quota.take(f"{realm} {line.network}", now=line.at):
        line.save()


@contextmanager
def _serialise(line: LogInAttempt) -> Iterator[None]:
    """SQLite lets one transaction write at a time anyway (settings: IMMEDIATE)."""
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                key = f"{line.realm} {line.name_hash} {line.network}"
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield


def _locked_until(line: LogInAttempt) -> datetime | None:
    """When the student's account is free again for this network; None: it is."""
    return None if line.realm == STAFF_REALM else limits.full_until(_own_failures(line), limits.LOG_IN, now=line.at)


def _own_failures(line: LogInAttempt) -> QuerySet[LogInAttempt]:
    """Of this account from this network."""
    return _failures().filter(network=line.network, realm=line.realm, name_hash=line.name_hash)


def _failures() -> QuerySet[LogInAttempt]:
    """Tries without a good ending."""
    return LogInAttempt.objects.filter(outcome=Outcome.TRIED).exclude(results__outcome__in=PASSED)


def _failures_of_day(name_hash: str, realm: str, now: datetime) -> int:
    return limits.recent(_failures().filter(realm=realm, name_hash=name_hash), limits.LOG_IN_OF_ACCOUNT, now=now).count()


def _close_attempt(attempt: LogInAttempt, outcome: LogInAttempt.Outcome) -> None:
    LogInAttempt.objects.create(
        at=attempt.at,
        realm=attempt.realm,
        account=attempt.account,
        name_hash=attempt.name_hash,
        network=attempt.network,
        outcome=outcome,
        parent=attempt,
    )


def _tell_owner(attempt: LogInAttempt) -> None:
    """One email a day at most to the owner; without one the same questions are asked, so that the time tells nothing."""
    if _failures_of_day(attempt.name_hash, attempt.realm, attempt.at) < limits.LOG_IN_OF_ACCOUNT.count:
        return
    cause = f"log-in-failures:{attempt.name_hash[:32]}:{attempt.at:%Y%m%d}"
    already_sent = OutgoingMail.objects.filter(cause=cause).exists()
    owner = User.objects.filter(pk=attempt.account or 0).first()
    if owner and owner.is_active and owner.email and not already_sent:
        _queue_email(owner, cause)


@transaction.atomic
def _queue_email(owner: User, cause: str) -> None:
    category = categories.get(owner.category) if owner.is_student else None
    context = {"username": owner.username, "category": category, "failures": limits.LOG_IN_OF_ACCOUNT.count}
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
