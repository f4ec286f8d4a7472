"""How long a case has waited, against what the agency promises (CaseKind.review_days)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from portal.cases.models import Case
from portal.office_calendar.periods import OfficeCalendar, working_day_after, working_days_since


@dataclass(frozen=True)
class Age:
    """Working days since the applicant sent it last, and the day on which it should be decided."""

    days: int
    due_on: date
    today: date

    @property
    def level(self) -> str:
        """`late` after the day that was promised, `due` on it, `calm` before."""
        if self.today > self.due_on:
            return "late"
        return "due" if self.today == self.due_on else "calm"

    def __str__(self) -> str:
        return f"{self.days} 工作日" if self.days else "不足 1 工作日"


def age(case: Case, waiting_since: datetime, today: date, calendar: OfficeCalendar) -> Age:
    """Of a case that waits since then."""
    since = timezone.localdate(waiting_since)
    return Age(working_days_since(since, today, calendar), working_day_after(since, case.kind.review_days, calendar), today)
