"""Reading one year of the calendar, in the shape in which the government publishes it.

政府資料開放平臺, 中華民國政府行政機關辦公日曆表: UTF-8, one line for each day of one year, in order:
`西元日期,星期,是否放假,備註`, say `20250208,六,0,補行上班`; 是否放假 is 2 for a day off and 0 for a working day.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from portal.office_calendar.periods import A_DAY, PLAIN_WEEK

HEADER: Final = ["西元日期", "星期", "是否放假", "備註"]
WEEKDAYS: Final = "一二三四五六日"
# A year's file has less than 7 kB.
MAX_BYTES: Final = 65_536
MAX_NAME: Final = 60
# Years since 2019 had between 244 and 252 working days; fewer or more is another kind of file.
WORKING_DAYS: Final = range(225, 271)
_DATE = re.compile(r"20[0-9]{6}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class UnfitFile(Exception):
    """The file is no calendar of one whole year; `problems` says on which line, and why."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True)
class Day:
    """One line."""

    day: date
    is_holiday: bool
    name: str

    @property
    def differs(self) -> bool:
        """Whether it is otherwise than the plain week says."""
        return self.is_holiday is PLAIN_WEEK.is_working_day(self.day)


def read(path: Path) -> list[Day]:
    """Every day of the year that the file is of; raises UnfitFile with all that is wrong, or OSError."""
    days: list[Day] = []
    problems: list[str] = []
    expected: date | None = None
    for line, values in _records(path):
        try:
            day = _day(values)
        except ValueError as problem:
            problems.append(f"line {line}: {problem}")
            expected = None if expected is None else expected + A_DAY
            continue
        if expected and day.day != expected:
            problems.append(f"line {line}: {day.day:%Y%m%d} stands where {expected:%Y%m%d} should")
        days.append(day)
        expected = day.day + A_DAY
    if problems:
        raise UnfitFile(*problems)
    _require_whole_year(days)
    return days


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record under the header with its line; raises UnfitFile where there is no telling what the file is."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        if [name.strip() for name in next(reader, [])] != HEADER:
            raise UnfitFile(f"line 1: is not {','.join(HEADER)}")
        while (values := next(reader, None)) is not None:
            if values:
                yield reader.line_num, [value.strip() for value in values]
    except csv.Error as error:
        raise UnfitFile(f"line {reader.line_num}: is not CSV ({error})") from None


def _text(path: Path) -> str:
    if not path.is_file():
        raise UnfitFile("is no file" if path.exists() else "there is no such file")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnfitFile(f"has more than {MAX_BYTES} bytes, which no calendar of a year has")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnfitFile(f"line {line}: is not UTF-8 text; older files of the government are Big5, convert them first") from None


def _day(values: list[str]) -> Day:
    """The day of one line; ValueError says what is wrong."""
    if len(values) != len(HEADER):
        raise ValueError(f"has {len(values)} values, not {len(HEADER)}")
    written, weekday, flag, name = values
    day = _date(written)
    if weekday != WEEKDAYS[day.weekday()]:
        raise ValueError(f"{written} is {WEEKDAYS[day.weekday()]}, not {weekday}")
    if flag not in {"0", "2"}:
        raise ValueError(f"是否放假 is {flag}, not 0 or 2")
    if len(name) > MAX_NAME or _CONTROL.search(name):
        raise ValueError(f"備註 is longer than {MAX_NAME} characters, or holds a control character")
    return Day(day, flag == "2", name)


def _date(written: str) -> date:
    try:
        if _DATE.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise ValueError(f"{written} is not a date of the form YYYYMMDD")


def _require_whole_year(days: list[Day]) -> None:
    first, last = (days[0].day, days[-1].day) if days else (None, None)
    if not first or not last or first != date(first.year, 1, 1) or last != date(first.year, 12, 31):
        raise UnfitFile("is not of one whole year, from 1 January to 31 December")
    working = sum(not day.is_holiday for day in days)
    if working not in WORKING_DAYS:
        raise UnfitFile(f"has {working} working days, which no year has")
