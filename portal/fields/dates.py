"""Dates as people type them, and as official papers write them (民國)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from .typed import value, with_hyphens

_SEPARATED: Final = re.compile(r"([0-9]{1,4})\s*[-/.年\s]\s*([0-9]{1,2})\s*[-/.月\s]\s*([0-9]{1,2})\s*日?")
_TOGETHER: Final = re.compile(r"([0-9]{2,4})([0-9]{2})([0-9]{2})")
_WHOLE: Final = re.compile(r"(?:(?P<western>西元|公元)|(?P<roc>中華民國|民國))?\s*(?P<rest>[0-9].*)")


@dataclass(frozen=True)
class Typed:
    """Year, month and day as they were typed; `is_roc`: the year is a 民國 one, which no one else writes with so few digits."""

    year: int
    month: int
    day: int
    is_roc: bool

    @property
    def date(self) -> date | None:
        """The day 西元; None: there is none."""
        try:
            return date(self.year + 1911 * self.is_roc, self.month, self.day)
        except ValueError:
            return None


def read(text: str) -> Typed | None:
    """2004/5/6, 2004-05-06, 20040506, 2004年5月6日; with 民國, or a year of less than four digits (0093), a 民國 year."""
    said = _WHOLE.fullmatch(with_hyphens(value(text)))
    found = said and (_SEPARATED.fullmatch(said["rest"]) or _TOGETHER.fullmatch(said["rest"]))
    if not said or not found or not int(found[1]):
        return None
    year, month, day = map(int, found.groups())
    return Typed(year, month, day, is_roc=bool(said["roc"]) or (not said["western"] and year < 1000))


@dataclass(frozen=True)
class Span:
    """The days that are plausible: so many years before today, and so many after it (0: no later than today)."""

    back: int = 120
    ahead: int = 50

    def earliest(self, today: date) -> date:
        return date(today.year - self.back, 1, 1)

    def latest(self, today: date) -> date:
        return date(today.year + self.ahead, 12, 31) if self.ahead else today


def roc_year(day: date) -> int:
    """民國 year."""
    return day.year - 1911


def roc_date_long(day: date) -> str:
    """中華民國115年11月23日"""
    return f"中華民國{roc_year(day)}年{day.month}月{day.day}日"
