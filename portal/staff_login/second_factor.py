"""第二道驗證: after the password, staff type six digits of an authenticator app (TOTP), or one of their recovery codes."""

import logging
import re
import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice

from portal.accounts.models import User
from portal.encryption.ciphers import CannotDecrypt
from portal.fields.identifiers import clean_code
from portal.staff_login.models import Authenticator
from portal.throttling import limits

logger = logging.getLogger(__name__)
PASSED: Final = "second_factor"  # in the session: the number of the authenticator that it was passed with
NEW_KEYS: Final = "second_factor_keys"  # in the session: by person, the key of an authenticator that is being set up
RECOVERY_CODES: Final = 8
SIX_DIGITS: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class WaitUntil:
    """Too many wrong codes of the authenticator: no more are looked at before `moment`. A recovery code opens at any time."""

    moment: datetime


@dataclass(frozen=True)
class CannotRead:
    """The authenticator's key cannot be decrypted; a recovery code opens all the same."""


Answer = bool | WaitUntil | CannotRead


def authenticator(user: User) -> Authenticator | None:
    """The member of staff's authenticator, if one is set up."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


def able_to_log_in(users: QuerySet[User]) -> QuerySet[User]:
    """Those of them who have set up a password and an authenticator; nobody else gets into the admin."""
    ready = Authenticator.objects.filter(confirmed=True).values("user")
    return users.filter(pk__in=ready).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def has_passed(request: HttpRequest) -> bool:
    """Whether this session passed; a reset ends what it had passed. Asked once a request."""
    number = request.session.get(PASSED)
    if number is None:
        return False
    by = number, request.user.pk
    answers: dict[tuple[int, int | None], bool] = request.__dict__.setdefault("_second_factor_passed", {})
    if by not in answers:
        answers[by] = Authenticator.objects.filter(pk=number, user_id=request.user.pk, confirmed=True).exists()
    return answers[by]


def verify(user: User, code: str, *, network: str, now: datetime) -> Answer:
    """Whether it is the authenticator's code of this half-minute, or an unused recovery code. Each opens once.

    Wrong codes of the authenticator are counted, for that network and for the account, and not a device locked for
    everybody: who knows a password must not be able to keep its owner out. A recovery code has 80 bits, nobody guesses it, so it
    opens whatever was counted.
    """
    code = clean_code(code).lower()
    model = Authenticator if SIX_DIGITS.fullmatch(code) else StaticDevice
    with _serialise(user):
        device = model.objects.filter(user=user, confirmed=True).first()
        if device is None:
            return False
        if model is Authenticator and (until := _full_until(user, network, now=now)):
            return WaitUntil(until)
        try:
            right: bool = device.verify_token(code if model is Authenticator else _kept(code))
        except CannotDecrypt as error:
            logger.error("the authenticator of staff %s cannot be read: %s", user.pk, error)
            return CannotRead()
        if model is Authenticator and not right:
            _count_wrong(user, network, now=now)
    logger.info("staff %s gave a %s second factor", user.pk, "right" if right else "wrong")
    return right


@contextmanager
def _serialise(user: User) -> Iterator[None]:
    """Codes of one account come one after another: tries at the same moment count one another, and a code opens once."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        yield


def _subjects(user: User, network: str) -> dict[limits.Limit, str]:
    return {limits.SECOND_FACTOR: f"user:{user.pk} {network}", limits.SECOND_FACTOR_OF_ACCOUNT: f"user:{user.pk}"}


def _full_until(user: User, network: str, *, now: datetime) -> datetime | None:
    moments = [limits.hit_until(limit, subject, now=now) for limit, subject in _subjects(user, network).items()]
    return max((moment for moment in moments if moment), default=None)


def _count_wrong(user: User, network: str, *, now: datetime) -> None:
    for limit, subject in _subjects(user, network).items():
        limits.note(limit, subject, now=now)


def new_authenticator(request: HttpRequest, user: User) -> Authenticator:
    """The authenticator that this session sets up, not saved before its first code is right.

    Each person has a key of their own there: who began in a shared browser knows nothing of the next one's.
    """
    keys: dict[str, str] = request.session.get(NEW_KEYS, {})
    key = keys.get(str(user.pk)) or secrets.token_hex(20)
    request.session[NEW_KEYS] = {**keys, str(user.pk): key}
    return Authenticator(user=user, name="authenticator", key=key)


def readable_key(device: Authenticator) -> str:
    """The key as it is typed into an app that cannot read the picture."""
    return " ".join(re.findall("....", b32encode(device.bin_key).decode()))


def enrol(device: Authenticator, code: str) -> list[str] | None:
    """Keep the authenticator if it is its code, in place of an earlier one; the recovery codes, shown this once."""
    if not shows(device, code):
        return None
    with transaction.atomic():
        reset(device.user)
        device.save()
        codes = new_recovery_codes(device.user)
    logger.info("staff %s set up an authenticator", device.user.pk)
    return codes


def shows(device: Authenticator, code: str) -> bool:
    """Whether the new authenticator shows that code now; saved after this, it does not open with it again."""
    totp = TOTP(device.bin_key)
    totp.time = timezone.now().timestamp()
    code = clean_code(code)
    if not SIX_DIGITS.fullmatch(code) or not totp.verify(int(code), device.tolerance):
        return False
    device.last_t = totp.t()
    return True


def new_recovery_codes(user: User) -> list[str]:
    """Eight codes for a day without the telephone, in place of earlier ones. Only a keyed digest of each is kept."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        codes = [b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
        for code in codes:
            device.token_set.create(token=_kept(code))
    return ["-".join(re.findall("....", code)) for code in codes]


def recovery_codes_left(user: User) -> int:
    """How many were not used yet."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def _kept(code: str) -> str:
    return salted_hmac("portal.second-factor.recovery-code", code, algorithm="sha256").hexdigest()[:16]


@transaction.atomic
def reset(user: User) -> None:
    """Forget the authenticator and the recovery codes: sessions that passed have not, the next log-in sets up anew."""
    Authenticator.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def mark_passed(request: HttpRequest, user: User) -> None:
    """From now on this session opens the admin, under a new id."""
    device = authenticator(user)
    assert device is not None  # noqa: S101  # a code was right
    request.session.cycle_key()
    request.session.pop(NEW_KEYS, None)
    request.session[PASSED] = device.pk


def shown_code(user: User) -> str:
    """The code that opens now, where settings name a function that tells it (a demonstration's, for its made-up people)."""
    tells = settings.SECOND_FACTOR_SHOWN_CODE
    return str(import_string(tells)(user)) if tells else ""
