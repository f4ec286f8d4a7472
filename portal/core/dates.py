"""Dates as the law counts them (行政程序法 §48) and as official papers write them (民國)."""

import calendar
from datetime import date, timedelta

SATURDAY = 5


def roc_year(day: date) -> int:
    """民國 year."""
    return day.year - 1911


def roc_date(day: date) -> str:
    """115/11/23"""
    return f"{roc_year(day)}/{day.month:02d}/{day.day:02d}"


def roc_date_long(day: date) -> str:
    """中華民國115年11月23日"""
    return f"中華民國{roc_year(day)}年{day.month}月{day.day}日"


def period_end(day_zero: date, months: int) -> date:
    """The last day of a period of months counted from the day after `day_zero` (自…之翌日起算).

    It ends the day before the corresponding day; where the last month has no such day, on the last day of that month.
    """
    start = day_zero + timedelta(days=1)
    year, month = _shift(start, months)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, start.day) - timedelta(days=1) if start.day <= last else date(year, month, last)


def months_before(day: date, months: int) -> date:
    """The corresponding day that many months earlier, or the last day of that month if it has none."""
    year, month = _shift(day, -months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def next_working_day(day: date) -> date:
    """The day itself, or the Monday after it when it falls on a Saturday or Sunday."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def _shift(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1
