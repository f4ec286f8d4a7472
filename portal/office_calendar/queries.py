"""Reading the calendar."""

from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from portal.office_calendar.periods import OfficeCalendar

from .models import OfficeDay, OfficeYear

# The calendar of a year is published in the summer before; from this month on a deadline may already fall in the next year.
NEXT_YEAR_IS_NEEDED_FROM: Final = 10


def current() -> OfficeCalendar:
    """The calendar as it is now. One short question; the days are read again only after an import."""
    return _read(tuple(OfficeYear.objects.order_by("year").values_list("year", "generation")))


def missing_years(today: date) -> list[int]:
    """The years that are needed now and are not known: in them only Saturdays and Sundays count as days off."""
    needed = [today.year, today.year + 1] if today.month >= NEXT_YEAR_IS_NEEDED_FROM else [today.year]
    known = set(OfficeYear.objects.filter(year__in=needed).values_list("year", flat=True))
    return [year for year in needed if year not in known]


@lru_cache(maxsize=2)
def _read(generations: tuple[tuple[int, UUID], ...]) -> OfficeCalendar:
    # An import between the two questions is read under the old generation's name, which nobody asks for again.
    days = list(OfficeDay.objects.values_list("day", "is_holiday"))
    return OfficeCalendar(
        holidays=frozenset(day for day, is_holiday in days if is_holiday),
        make_up_days=frozenset(day for day, is_holiday in days if not is_holiday),
        years=frozenset(year for year, _ in generations),
    )
