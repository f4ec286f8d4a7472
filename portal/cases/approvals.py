"""What an approval would write, and what is asked before it besides the law.

Packages above register what they want to know: whether that which comes of the case can be made.
"""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import payment_deadline

from .models import Case
from .states import Status

# "" when all is well; otherwise what is wrong and what to do about it, in words for the officer.
Check = Callable[[Case], str]
_checks: list[Check] = []
# Draws what the approved case will print, as a PDF; raises Undrawable, in words for the officer.
Preview = Callable[[Case], bytes]
_previews: list[Preview] = []


class Undrawable(Exception):
    """What the case would print cannot be drawn; the text says why, to the officer."""


def register(check: Check) -> None:
    """Ask this of every case before it is approved. It gets the case as it would be then, which nobody has saved."""
    if check not in _checks:
        _checks.append(check)


def obstacle(approved: Case) -> str:
    """What the first check finds wrong with the case as it would be; "" when nothing is."""
    return next((wrong for check in _checks if (wrong := check(approved))), "")


def register_preview(preview: Preview) -> None:
    """Show officers this before they approve."""
    if preview not in _previews:
        _previews.append(preview)


def preview(approved: Case) -> bytes:
    """The paper of the case as it would be, as a PDF. Raises Undrawable."""
    if not _previews or not approved.kind.outcome.is_pdf:
        raise Undrawable("這類案件核准後不列印許可證。")
    return _previews[0](approved)


def changes(case: Case, decision: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What approving the case now writes; without a fee it is complete."""
    today, fee = timezone.localdate(now), case.kind.fee(case.answers).amount
    dates = case.kind.permit_dates(today, case.answers, case.previous_permit, decision)
    return {
        "decided_at": now,
        "decision": decision,
        "permit_issued_on": dates.issued_on,
        "permit_valid_until": dates.valid_until,
        "permit_stay_until": dates.stay_until,
        "fee": fee,
        "status": Status.AWAITING_PAYMENT if fee else Status.COMPLETED,
        "deadline": payment_deadline(today, settings.PAYMENT_DEADLINE_DAYS, office_calendar.current()) if fee else None,
        "completed_at": None if fee else now,
    }


def approved(case: Case, written: Mapping[str, Any]) -> Case:
    """The case as it would be, not saved."""
    would_be = copy(case)
    for name, value in written.items():
        setattr(would_be, name, value)
    return would_be
