"""Dates as official papers write them."""

from datetime import date

import pytest

from portal.fields import dates


@pytest.mark.parametrize(
    ("day", "year", "long"),
    [
        (date(2010, 1, 2), 99, "中華民國99年1月2日"),
        (date(2011, 12, 31), 100, "中華民國100年12月31日"),
        (date(2019, 7, 10), 108, "中華民國108年7月10日"),
        (date(2026, 11, 23), 115, "中華民國115年11月23日"),
    ],
)
def test_roc_dates(day: date, year: int, long: str) -> None:
    assert (dates.roc_year(day), dates.roc_date_long(day)) == (year, long)
