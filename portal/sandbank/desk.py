"""The bank's own clock, and the faults that somebody has switched on."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Desk

_ONLY: Final = 1
_FRIDAY: Final = 4
A_DAY: Final = timedelta(days=1)
# Its clock may not run away: a year is enough for every deadline.
AHEAD_MAX: Final = 366


class Fault(models.TextChoices):
    """What goes wrong between a bank and a merchant."""

    DROP = "drop", _("通知遺失一次，稍後重送")
    DELAY = "delay", _("通知延遲一分鐘")
    DUPLICATE = "duplicate", _("通知重複送出")
    REORDER = "reorder", _("先前失敗的通知在成功之後才送達")
    BAD_SIGNATURE = "bad_signature", _("第一次通知簽章錯誤")
    WRONG_AMOUNT = "wrong_amount", _("通知的金額多一元")
    SUCCESS_AFTER_FAILURE = "success_after_failure", _("先通知失敗，再通知成功")
    NO_NOTICE = "no_notice", _("已扣款但不通知")
    REVERSED = "reversed", _("次一營業日沖正")


def active() -> set[str]:
    """The faults that are switched on."""
    return set(_row().faults)


def switch(faults: Iterable[str]) -> None:
    """Exactly these are on from now."""
    _write(faults=sorted(Fault(fault) for fault in faults))


def clock(now: datetime) -> datetime:
    """What the bank's clock says. What it dates for merchants is the true time."""
    return now + timedelta(days=_row().days_ahead)


def advance(now: datetime) -> datetime:
    """次一營業日: the clock goes on to the next working day, and stops a year ahead."""
    today = timezone.localdate(clock(now))
    ahead = min(_row().days_ahead + (working_day_after(today) - today).days, AHEAD_MAX)
    _write(days_ahead=ahead)
    return clock(now)


def reset() -> None:
    """The clock is right again."""
    _write(days_ahead=0)


def working_day_after(day: date, count: int = 1) -> date:
    """The bank's plain week: it knows no holidays."""
    for _each in range(count):
        day += A_DAY
        while day.weekday() > _FRIDAY:
            day += A_DAY
    return day


def _row() -> Desk:
    return Desk.objects.filter(pk=_ONLY).first() or Desk()


def _write(**fields: Any) -> None:
    Desk.objects.update_or_create(pk=_ONLY, defaults=fields)
