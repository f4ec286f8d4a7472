"""Taking over a year of the calendar."""

import enum
import logging
import uuid
from datetime import datetime
from pathlib import Path

from django.db import transaction

from . import reading
from .models import OfficeDay, OfficeYear

logger = logging.getLogger(__name__)


class ImportResult(enum.StrEnum):
    """What an import did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def import_year(path: Path, *, now: datetime) -> tuple[int, ImportResult]:
    """Put the year of that file in the place of what is known of it, all or nothing; which year, and what was done.

    Raises reading.UnfitFile and OSError. From its commit on every process counts with it (`queries.current`).
    """
    days = reading.read(path)
    year = days[0].day.year
    written = _write(year, [day for day in days if day.differs], now=now)
    logger.info("office calendar of %s: %s", year, written)
    return year, written


@transaction.atomic
def _write(year: int, days: list[reading.Day], *, now: datetime) -> ImportResult:
    # The row is the lock: of two imports of a year at once the second waits, and finds what the first wrote.
    known, is_new = OfficeYear.objects.select_for_update().get_or_create(year=year, defaults={"imported_at": now})
    before = set(known.days.values_list("day", "is_holiday", "name"))
    if not is_new and before == {(day.day, day.is_holiday, day.name) for day in days}:
        return ImportResult.UNCHANGED
    known.days.all().delete()
    OfficeDay.objects.bulk_create(OfficeDay(day=d.day, year=known, is_holiday=d.is_holiday, name=d.name) for d in days)
    OfficeYear.objects.filter(pk=year).update(generation=uuid.uuid4(), imported_at=now)
    return ImportResult.NEW if is_new else ImportResult.CHANGED
