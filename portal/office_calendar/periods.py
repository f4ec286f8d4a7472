"""Periods as the law counts them (行政程序法 §48), on the government's office calendar (辦公日曆表).

Every period that ends on a day is counted here. Nothing here reads a clock or the database: who asks brings the day and the
calendar (`portal.office_calendar.queries.current()`).
"""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class OfficeCalendar:
    """On which days the offices of the government work.

    `holidays` are days off from Monday to Friday, `make_up_days` (補行上班) the Saturdays and Sundays on which they work, and
    `years` those of which both are known. In any other year the plain week holds.
    """

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether the offices work on that day."""
        return day not in self.holidays if day.weekday() < SATURDAY else day in self.make_up_days

    def working_day_from(self, day: date) -> date:
        """That day, or the first working day after it."""
        while not self.is_working_day(day):
            day += A_DAY
        return day

    def working_day_before(self, day: date) -> date:
        """The last working day before that day."""
        day -= A_DAY
        while not self.is_working_day(day):
            day -= A_DAY
        return day


PLAIN_WEEK: Final = OfficeCalendar()


def period_end(day_zero: date, count: int) -> date:
    """The last day of a period of `count` months from the day after `day_zero` (自…之翌日起算, §48 II, III).

    It ends the day before the corresponding day; where the last month has no such day, on the last day of that month. A permit
    ends on that very day. When something must be done by it, `last_day` says until when it may be.
    """
    start = day_zero + A_DAY
    year, month = _shift(start, count)
    last = months.monthrange(year, month)[1]
    return date(year, month, start.day) - A_DAY if start.day <= last else date(year, month, last)


def months_before(day: date, count: int) -> date:
    """The corresponding day that many months earlier, or the last day of that month if it has none."""
    year, month = _shift(day, -count)
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def last_day(end: date, calendar: OfficeCalendar) -> date:
    """Until when something may be done in a period that ends on `end`: a day off moves it to the next working day (§48 IV).

    The law ends a period that would end on a Saturday at noon of the next working day; here that whole day counts.
    """
    return calendar.working_day_from(end)


def has_passed(end: date, today: date, calendar: OfficeCalendar) -> bool:
    """Whether a period that ends on `end` is over today; in a query: `end <= calendar.working_day_before(today)`."""
    return end < today and last_day(end, calendar) < today  # the first asks no calendar


def correction_deadline(asked_on: date, count: int, calendar: OfficeCalendar) -> date:
    """補正期間: so many months from the day after the notice (就讀辦法 §9 II)."""
    return last_day(period_end(asked_on, count), calendar)


def payment_deadline(approved_on: date, days: int, calendar: OfficeCalendar) -> date:
    """繳費期限: so many days, the day of the approval not counted (§48 II); the agency says how many."""
    return last_day(approved_on + timedelta(days=days), calendar)


def working_days_between(first: date, last: date, calendar: OfficeCalendar) -> int:
    """How many working days from the day after `first` to `last`: a thing done on the same day took none."""
    return sum(calendar.is_working_day(first + timedelta(days=count)) for count in range(1, (last - first).days + 1))


def _shift(day: date, count: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return year, month + 1


def working_days_since(day_zero: date, today: date, calendar: OfficeCalendar) -> int:
    """How many working days have begun since `day_zero`, which is not counted."""
    days = (day_zero + timedelta(days=number) for number in range(1, (today - day_zero).days + 1))
    return sum(map(calendar.is_working_day, days))


def working_day_after(day_zero: date, count: int, calendar: OfficeCalendar) -> date:
    """The working day on which that many have begun since `day_zero`."""
    day = day_zero
    for _ in range(count):
        day = calendar.working_day_from(day + A_DAY)
    return day
