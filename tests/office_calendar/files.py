"""Files in the government's shape: made up for the tests, and those that come with the portal."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from portal.office_calendar import reading
from portal.office_calendar.periods import OfficeCalendar

DATA = Path(reading.__file__).with_name("data")
HEADER = "西元日期,星期,是否放假,備註"


def plain(year: int) -> list[str]:
    """The lines of a year without a holiday."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return [
        f"{day:%Y%m%d},{'一二三四五六日'[day.weekday()]},{2 if day.weekday() > 4 else 0}," for day in days if day.year == year
    ]


def with_days(year: int, **changes: str) -> list[str]:
    """A plain year with other lines, say `d0101="20280101,六,2,開國紀念日"`."""
    found = {f"d{line[4:8]}": line for line in plain(year)}
    return list({**found, **changes}.values())


def write(path: Path, lines: list[str], *, header: str = HEADER, encoding: str = "utf-8-sig") -> Path:
    path.write_bytes("".join(f"{line}\r\n" for line in [header, *lines]).encode(encoding))
    return path


@cache
def shipped() -> OfficeCalendar:
    """The calendars that come with the portal, as an import keeps them."""
    days = [day for path in sorted(DATA.glob("*.csv")) for day in reading.read(path)]
    return OfficeCalendar(
        holidays=frozenset(each.day for each in days if each.differs and each.is_holiday),
        make_up_days=frozenset(each.day for each in days if each.differs and not each.is_holiday),
        years=frozenset(each.day.year for each in days),
    )
