"""Periods as the law counts them: the answers that the law and the calendar give, and an oracle that goes from day to day."""

import csv
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.office_calendar import periods
from portal.office_calendar.periods import PLAIN_WEEK, OfficeCalendar

DATA = Path(__file__).resolve().parents[2] / "portal" / "office_calendar" / "data"
A_DAY = timedelta(days=1)
DAYS = st.dates(min_value=date(1912, 1, 1), max_value=date(2200, 12, 31))
KNOWN = st.dates(min_value=date(2025, 1, 1), max_value=date(2027, 12, 31))


# -- the oracle: the government's lines as they are, and one step at a time --------


@cache
def lines() -> dict[date, bool]:
    """Each day of 2025-2027 and whether it is off, from the lines of the files."""
    found: dict[date, bool] = {}
    for year in (2025, 2026, 2027):
        with (DATA / f"{year}.csv").open(encoding="utf-8-sig", newline="") as file:
            for written, _weekday, flag, _name in list(csv.reader(file))[1:]:
                found[date(int(written[:4]), int(written[4:6]), int(written[6:]))] = flag == "2"
    return found


def is_off(day: date) -> bool:
    return lines().get(day, f"{day:%a}" in {"Sat", "Sun"})


@cache
def calendar() -> OfficeCalendar:
    """What an import keeps of the same files."""
    known = lines()
    weekend = {day for day in known if f"{day:%a}" in {"Sat", "Sun"}}
    return OfficeCalendar(
        holidays=frozenset(day for day in known if known[day] and day not in weekend),
        make_up_days=frozenset(day for day in known if not known[day] and day in weekend),
        years=frozenset({2025, 2026, 2027}),
    )


def counted_end(day_zero: date, count: int) -> date:
    """The end of a period, found by going on: a month is over on the eve of the first day's number, or with the last month."""
    first = day = day_zero + A_DAY
    months_gone = 0
    while True:
        tomorrow = day + A_DAY
        months_gone += tomorrow.day == 1
        if months_gone == count and tomorrow.day == first.day:
            return day
        if months_gone == count + 1 and tomorrow.day == 1:
            return day
        day = tomorrow


def counted_last_day(day: date) -> date:
    return counted_last_day(day + A_DAY) if is_off(day) else day


@given(KNOWN)
def test_a_last_day_is_the_oracles(day: date) -> None:
    assert periods.last_day(day, calendar()) == counted_last_day(day)


def test_every_last_day_of_three_years_is_the_oracles() -> None:
    wrong = [day for day in lines() if periods.last_day(day, calendar()) != counted_last_day(day)]
    assert wrong == []


@given(KNOWN, st.integers(1, 36))
def test_a_period_of_months_is_the_oracles(day_zero: date, count: int) -> None:
    assert periods.period_end(day_zero, count) == counted_end(day_zero, count)


@given(KNOWN, st.integers(1, 12))
def test_a_correction_deadline_is_the_oracles(asked_on: date, count: int) -> None:
    assert periods.correction_deadline(asked_on, count, calendar()) == counted_last_day(counted_end(asked_on, count))


@given(KNOWN, st.integers(1, 60))
def test_a_payment_deadline_is_the_oracles(approved_on: date, days: int) -> None:
    day = approved_on
    for _ in range(days):
        day += A_DAY
    assert periods.payment_deadline(approved_on, days, calendar()) == counted_last_day(day)


@given(KNOWN)
def test_the_working_day_before_is_the_oracles(day: date) -> None:
    found = day - A_DAY
    while is_off(found):
        found -= A_DAY
    assert calendar().working_day_before(day) == found


@given(KNOWN, KNOWN)
def test_a_last_day_has_passed_when_the_working_day_before_today_has_reached_it(end: date, today: date) -> None:
    """Lists ask the database in this way (`end <= working_day_before(today)`)."""
    assert periods.has_passed(end, today, calendar()) is (counted_last_day(end) < today)
    assert periods.has_passed(end, today, calendar()) is (end <= calendar().working_day_before(today))


def test_with_weekends_alone_72_of_1094_days_came_out_up_to_a_week_too_early() -> None:
    days = [day for day in lines() if day < date(2027, 12, 31)]
    early = {day: (counted_last_day(day) - periods.last_day(day, PLAIN_WEEK)).days for day in days}
    assert len(days) == 1094
    assert Counter(bool(days) for days in early.values())[True] == 72
    assert max(early.values()) == 7


# -- the answers that are known ----------------------------------------------------


@pytest.mark.parametrize(
    ("end", "until"),
    [
        (date(2026, 2, 14), date(2026, 2, 23)),  # Saturday before the new year: nine days off
        (date(2026, 2, 17), date(2026, 2, 23)),  # the new year itself
        (date(2026, 4, 3), date(2026, 4, 7)),  # 補假, weekend, 補假
        (date(2026, 9, 25), date(2026, 9, 29)),  # 中秋節, weekend, 孔子誕辰紀念日
        (date(2025, 2, 8), date(2025, 2, 8)),  # Saturday, made up for: a working day
        (date(2025, 2, 9), date(2025, 2, 10)),  # and the Sunday after it
        (date(2025, 1, 25), date(2025, 2, 3)),
        (date(2027, 12, 31), date(2028, 1, 3)),  # into a year that is not known
        (date(2028, 1, 31), date(2028, 1, 31)),  # a holiday that nobody has notified us of: the plain week
    ],
)
def test_the_last_day_of_a_period(end: date, until: date) -> None:
    assert periods.last_day(end, calendar()) == until


def test_a_correction_asked_for_before_the_new_year_ends_after_it() -> None:
    assert periods.correction_deadline(date(2025, 12, 17), 2, calendar()) == date(2026, 2, 23)
    assert periods.correction_deadline(date(2025, 12, 17), 2, PLAIN_WEEK) == date(2026, 2, 17)


@pytest.mark.parametrize(
    ("approved_on", "until"),
    [
        (date(2026, 11, 23), date(2026, 12, 7)),  # Monday
        (date(2026, 12, 11), date(2026, 12, 28)),  # 行憲紀念日, a Friday
        (date(2026, 2, 2), date(2026, 2, 23)),  # 農曆除夕
    ],
)
def test_two_weeks_to_pay(approved_on: date, until: date) -> None:
    assert periods.payment_deadline(approved_on, 14, calendar()) == until


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 22), date(2026, 11, 23)),  # Sunday
        (date(2026, 11, 23), date(2026, 11, 23)),  # Monday
        (date(2026, 2, 17), date(2026, 2, 17)),  # the new year, a Tuesday
    ],
)
def test_the_plain_week(day: date, worked: date) -> None:
    assert periods.last_day(day, PLAIN_WEEK) == worked


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2019, 9, 10), date(2021, 9, 10)),
        (date(2020, 2, 28), date(2022, 2, 28)),
        (date(2020, 2, 29), date(2022, 2, 28)),
        (date(2019, 8, 31), date(2021, 8, 31)),
    ],
)
def test_two_years_from_the_day_after(issued: date, until: date) -> None:
    assert periods.period_end(issued, 24) == until


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2026, 11, 2), 2, date(2027, 1, 2)),
        (date(2026, 12, 30), 2, date(2027, 2, 28)),  # from the 31st: February has no such day
        (date(2026, 12, 31), 2, date(2027, 2, 28)),  # from 1 January: the day before 1 March
        (date(2027, 12, 30), 2, date(2028, 2, 29)),
        (date(2026, 10, 20), 3, date(2027, 1, 20)),
    ],
)
def test_periods_of_months(day: date, count: int, end: date) -> None:
    assert periods.period_end(day, count) == end


@given(DAYS, st.integers(1, 60))
def test_a_period_is_never_longer_than_its_months(day: date, count: int) -> None:
    end = periods.period_end(day, count)
    assert timedelta(days=28 * count - 1) <= end - day <= timedelta(days=31 * count)


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (date(2021, 9, 10), date(2021, 6, 10)),
        (date(2027, 5, 31), date(2027, 2, 28)),
        (date(2028, 5, 31), date(2028, 2, 29)),
        (date(2027, 1, 15), date(2026, 10, 15)),
        (date(2027, 3, 1), date(2026, 12, 1)),
    ],
)
def test_three_months_before(day: date, earlier: date) -> None:
    assert periods.months_before(day, 3) == earlier
