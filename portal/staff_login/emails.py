"""The Email of a member of staff. Links are mailed there: who could change it at any time would need no second administrator."""

import logging
from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.accounts.roles import administrators

from . import operations, resets, second_factor

OWN = "您自己的 Email 信箱，請於「說明 → 帳號」以目前密碼變更。"
RESET_WAITS = "第二道驗證的重設申請等待核准期間，不能變更 Email 信箱。請先於「設定 → 第二道驗證重設」取消申請，再變更。"
LINK_WAITS = (
    "此帳號正等待本人以設定連結重新設定驗證器，設定完成前不能變更 Email 信箱。"
    "如原信箱已不能使用，請主機管理者以指令 reset_second_factor 產生設定連結，當面交給本人；本人設定後，再自行變更 Email 信箱。"
)
logger = logging.getLogger(__name__)


class Stays(Exception):
    """Why the address stays, in the administrator's words."""


def why_it_stays(person: User, *, actor: User, now: datetime) -> str:
    """ "" if that administrator may give the person another address; otherwise why not."""
    if actor.pk == person.pk:
        return OWN
    if resets.waiting(now).filter(person=person).exists():
        return RESET_WAITS
    if second_factor.authenticator(person) is None and not _never_set_up(person):
        return LINK_WAITS
    return ""


def _never_set_up(person: User) -> bool:
    """Invited, or older than the link on which staff set themselves up; of those only a reset tells that they once had."""
    if person.activated_at is not None or second_factor.authenticator(person) is not None:
        return False
    return not person.second_factor_resets.filter(step__in=[resets.Step.CONFIRMED, resets.Step.COMMAND]).exists()


@transaction.atomic
def change(person: User, email: str, *, actor: User, now: datetime) -> None:
    """Another address by an administrator: the old and the new one are notified. Raises Stays.

    Who has not set the account up yet is mailed a new link; whoever reads it gets the account, so the other administrators
    hear of that.
    """
    before = User.objects.select_for_update().get(pk=person.pk)
    person.email = email
    if before.email == email:
        return
    if why := why_it_stays(before, actor=actor, now=now):
        raise Stays(why)
    _write_down(person, before.email, now=now)
    if _never_set_up(before):
        for other in administrators().exclude(pk__in=[actor.pk, person.pk]):
            operations.tell(other, "staff_invitation_moved", now=now, member=person, actor=actor)
        operations.invite(person, now=now)


@transaction.atomic
def change_own(user: User, email: str, *, now: datetime) -> None:
    """Another address by its owner, who has just given the password: the old and the new one are notified."""
    before = User.objects.select_for_update().get(pk=user.pk)
    user.email = email
    if before.email != email:
        _write_down(user, before.email, now=now)


def _write_down(user: User, old: str, *, now: datetime) -> None:
    """A link that was mailed to the old address is worth nothing."""
    user.email_changed_at = now
    user.save(update_fields=["email", "email_changed_at"])
    operations.replace_links(user, now=now)
    for address in filter(None, (old, user.email)):
        operations.write(user, "staff_email_changed", to=address, now=now)
    logger.info("account %s of staff has another address", user.pk)
