"""Dates as the law counts them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import dates

DAYS = st.dates(min_value=date(1912, 1, 1), max_value=date(2200, 12, 31))


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
    assert dates.period_end(issued, 24) == until


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 11, 2), 2, date(2027, 1, 2)),
        (date(2026, 12, 30), 2, date(2027, 2, 28)),  # from the 31st: February has no such day
        (date(2026, 12, 31), 2, date(2027, 2, 28)),  # from 1 January: the day before 1 March
        (date(2027, 12, 30), 2, date(2028, 2, 29)),
        (date(2026, 10, 20), 3, date(2027, 1, 20)),
    ],
)
def test_periods_of_months(day: date, months: int, end: date) -> None:
    assert dates.period_end(day, months) == end


@given(DAYS, st.integers(1, 60))
def test_a_period_is_never_longer_than_its_months(day: date, months: int) -> None:
    end = dates.period_end(day, months)
    assert timedelta(days=28 * months - 1) <= end - day <= timedelta(days=31 * months)


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
    assert dates.months_before(day, 3) == earlier


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 22), date(2026, 11, 23)),  # Sunday
        (date(2026, 11, 23), date(2026, 11, 23)),  # Monday
    ],
)
def test_next_working_day(day: date, worked: date) -> None:
    assert dates.next_working_day(day) == worked


@pytest.mark.parametrize(
    ("day", "year", "short", "long"),
    [
        (date(2010, 1, 2), 99, "99/01/02", "中華民國99年1月2日"),
        (date(2011, 12, 31), 100, "100/12/31", "中華民國100年12月31日"),
        (date(2019, 7, 10), 108, "108/07/10", "中華民國108年7月10日"),
        (date(2026, 11, 23), 115, "115/11/23", "中華民國115年11月23日"),
    ],
)
def test_roc_dates(day: date, year: int, short: str, long: str) -> None:
    assert (dates.roc_year(day), dates.roc_date(day), dates.roc_date_long(day)) == (year, short, long)
