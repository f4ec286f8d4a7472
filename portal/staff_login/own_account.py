"""What staff change of their own: the password, the authenticator, the recovery codes.

A session may be stolen: what outlives it asks for the password or a code again, and its owner is notified.
"""

import enum
import logging
from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.sessions import devices as sessions_open
from portal.staff_login.models import Authenticator

from . import operations, second_factor

logger = logging.getLogger(__name__)


class Wrong(enum.Enum):
    """Which of the codes was not right."""

    NEW = "the new authenticator's"
    CURRENT = "the one in use"


Refusal = Wrong | second_factor.WaitUntil | second_factor.CannotRead


@transaction.atomic
def change_password(user: User, password_hash: str, *, session_key: str, now: datetime) -> None:
    """A new password: every other session ends, waiting links are worth nothing, the owner is notified."""
    user.password = password_hash
    user.save(update_fields=["password"])
    operations.replace_links(user, now=now)
    sessions_open.end_others(user, but=session_key)
    operations.tell(user, "staff_password_changed", now=now)
    logger.info("account %s of staff has a new password", user.pk)


@transaction.atomic
def replace_authenticator(device: Authenticator, code: str, *, current: str, network: str, now: datetime) -> list[str] | Refusal:
    """Another authenticator for who still has the one in use, or a recovery code; new recovery codes, shown this once.

    The new one's code comes first: a slip there should not use up the code of the one in use.
    """
    user = device.user
    if not second_factor.shows(device, code):
        return Wrong.NEW
    if (refusal := _refusal(user, current, network=network, now=now)) is not None:
        return refusal
    codes = second_factor.enrol(device, code)
    if codes is None:  # half a minute went by in between
        return Wrong.NEW
    operations.tell(user, "staff_authenticator_replaced", now=now)
    return codes


@transaction.atomic
def new_recovery_codes(user: User, *, current: str, network: str, now: datetime) -> list[str] | Refusal:
    """Eight new ones, for who has the authenticator in hand or one of those there are."""
    if (refusal := _refusal(user, current, network=network, now=now)) is not None:
        return refusal
    codes = second_factor.new_recovery_codes(user)
    operations.tell(user, "staff_recovery_codes_made", now=now)
    logger.info("staff %s had new recovery codes made", user.pk)
    return codes


def _refusal(user: User, current: str, *, network: str, now: datetime) -> Refusal | None:
    answer = second_factor.verify(user, current, network=network, now=now)
    if isinstance(answer, bool):
        return None if answer else Wrong.CURRENT
    return answer
