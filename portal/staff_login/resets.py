"""重設第二道驗證: one administrator asks, another confirms. Every step is a row that nobody changes."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from portal.accounts.models import User
from portal.accounts.roles import administrators, is_administrator
from portal.sessions import devices as sessions_open
from portal.staff_login.models import SecondFactorReset

from . import operations, second_factor

# A request that nobody confirmed by then is asked for anew.
REQUEST_LIFE: Final = timedelta(hours=72)
# So long a new administrator confirms nothing: nobody confirms with an account they have just made, promoted or opened again.
SETTLED_AFTER: Final = timedelta(hours=72)
Step = SecondFactorReset.Step
logger = logging.getLogger(__name__)


class Refused(Exception):
    """Why not, in the administrator's words."""


def waiting(now: datetime) -> QuerySet[SecondFactorReset]:
    """What was asked for and neither confirmed nor declined."""
    asked = SecondFactorReset.objects.filter(step=Step.ASKED, ending=None, at__gt=now - REQUEST_LIFE)
    return asked.select_related("person", "actor")


def may_ask(actor: User, person: User, *, now: datetime) -> str:
    """ "" if that administrator may ask for it; otherwise why not."""
    if not is_administrator(actor):
        return "只有系統管理人員可以申請重設。"
    if actor.pk == person.pk:
        return "不能申請重設自己的第二道驗證，請由其他系統管理人員申請。"
    if person.is_student or second_factor.authenticator(person) is None:
        return "此帳號沒有驗證器，不需重設。"
    if waiting(now).filter(person=person).exists():
        return "已有一筆申請等待核准。"
    if not administrators().exclude(pk__in=[actor.pk, person.pk]).exists():
        return "沒有另一位系統管理人員可以核准；請由主機管理者以指令 reset_second_factor 重設。"
    return ""


def may_confirm(actor: User, request: SecondFactorReset, *, now: datetime) -> str:
    """ "" if that administrator may confirm it; otherwise why not."""
    if not is_administrator(actor):
        return "只有系統管理人員可以核准。"
    if actor.pk == request.actor_id:
        return "申請人不能核准自己的申請，須由另一位系統管理人員核准。"
    if actor.pk == request.person_id:
        return "不能核准重設自己的第二道驗證。"
    if actor.administrator_since is None or actor.administrator_since > now - SETTLED_AFTER:
        return "成為系統管理人員（含重新啟用、重新設定驗證器）未滿 72 小時，還不能核准，請由其他系統管理人員核准。"
    if request.address_digest != _digest(request.person.email):
        return "申請之後，此帳號的 Email 信箱已變更，不能核准。請取消申請，確認是本人後重新申請。"
    return ""


@transaction.atomic
def ask(person: User, *, actor: User, reason: str, now: datetime) -> SecondFactorReset:
    """申請重設. The person is notified. Raises Refused."""
    person = _lock(person)
    if why := may_ask(actor, person, now=now):
        raise Refused(why)
    request = SecondFactorReset.objects.create(
        step=Step.ASKED, person=person, actor=actor, reason=reason, at=now, address_digest=_digest(person.email)
    )
    operations.tell(person, "staff_reset_asked", now=now, actor=actor)
    logger.info("user %s asks to reset the second factor of user %s", actor.pk, person.pk)
    return request


@transaction.atomic
def confirm(request: SecondFactorReset, *, actor: User, now: datetime) -> None:
    """核准重設: authenticator, recovery codes and sessions go; the person is notified and mailed a new link. Raises Refused."""
    person = _open(request, now=now)
    if why := may_confirm(actor, request, now=now):
        raise Refused(why)
    SecondFactorReset.objects.create(step=Step.CONFIRMED, person=person, actor=actor, of=request, at=now)
    _reset(person, now=now)
    logger.info("user %s confirms the reset of the second factor of user %s", actor.pk, person.pk)


@transaction.atomic
def decline(request: SecondFactorReset, *, actor: User, now: datetime) -> None:
    """不重設, by any administrator, also who asked. Raises Refused."""
    person = _open(request, now=now)
    if not is_administrator(actor):
        raise Refused("只有系統管理人員可以處理申請。")
    SecondFactorReset.objects.create(step=Step.DECLINED, person=person, actor=actor, of=request, at=now)
    logger.info("user %s declines the reset of the second factor of user %s", actor.pk, person.pk)


@transaction.atomic
def by_command(person: User, *, now: datetime) -> str:
    """By who has the server in hand; the answer is the address of the new link."""
    _lock(person)
    SecondFactorReset.objects.create(step=Step.COMMAND, person=person, at=now)
    return _reset(person, now=now)


def _reset(person: User, *, now: datetime) -> str:
    second_factor.reset(person)
    sessions_open.end_all(person)
    operations.tell(person, "staff_reset_done", now=now)
    return operations.invite(person, now=now)


def _digest(email: str) -> str:
    """What the log keeps of an address: enough to tell another one from it."""
    return salted_hmac("portal.second-factor.reset-address", email, algorithm="sha256").hexdigest()


def _lock(person: User) -> User:
    """Two steps at once for one person wait for each other."""
    return User.objects.select_for_update().get(pk=person.pk)


def _open(request: SecondFactorReset, *, now: datetime) -> User:
    person = _lock(request.person)
    if not waiting(now).filter(pk=request.pk).exists():
        raise Refused("這筆申請已處理過，或已逾期。")
    request.person = person  # as it is now
    return person
