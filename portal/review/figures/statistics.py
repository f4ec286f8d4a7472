"""Figures for supervisors: what waits and how long, who has it, what is decided, what is returned and why, what is to come."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import MD5, Cast, Concat, TruncDate
from django.utils import timezone

from portal.cases.models import Case, Return
from portal.cases.states import RETURNED, Status
from portal.office_calendar.periods import OfficeCalendar, working_day_after

from ..ages import age

WAITS: Final = (Status.SUBMITTED, Status.IN_REVIEW)
DECIDED: Final = (Status.AWAITING_PAYMENT, Status.COMPLETED, Status.REJECTED, Status.LAPSED)
OLDEST: Final = 6  # 工作日; what is older stands in one bar
DAYS: Final = 14
SINCE: Final = timedelta(days=90)
SAMPLE: Final = 5


@dataclass(frozen=True)
class Figure:
    """One bar: what it is called, how many, and whether that is within the target."""

    label: str
    number: int
    level: str = "calm"


@dataclass(frozen=True)
class Day:
    """How many cases came on one day; or were decided, and how many of those had been returned."""

    day: date
    arrived: int
    decided: int
    returned: int


@dataclass(frozen=True)
class OfficersWork:
    """What one officer has in hand, and decided in the last seven days."""

    name: str
    in_review: int
    back: int
    returned: int
    decided: int


@dataclass(frozen=True)
class Forecast:
    """When what waits now is done, at the pace of the last ten working days."""

    waiting: int
    arriving: float
    deciding: float
    days: tuple[Figure, ...]

    @property
    def days_needed(self) -> float | None:
        """Working days for what waits now; None when nothing is decided."""
        return round(self.waiting / self.deciding, 1) if self.deciding else None


def by_age(today: date, calendar: OfficeCalendar) -> list[Figure]:
    """待審核 and 審核中, by the working days since the applicant sent it last."""
    waiting = Case.objects.filter(status__in=WAITS).only("category", "kind_code", "status")
    waiting = waiting.annotate(sent_at=Max("revisions__sent_at", filter=Q(revisions__corrected_by=None)))
    ages = [age(case, case.sent_at, today, calendar) for case in waiting.order_by()]
    numbers = Counter(min(each.days, OLDEST) for each in ages)
    levels: dict[int, str] = {}
    for each in sorted(ages, key=lambda each: ["calm", "due", "late"].index(each.level)):
        levels[min(each.days, OLDEST)] = each.level
    names = {0: "不足 1 天", OLDEST: f"{OLDEST} 天以上"}
    return [Figure(names.get(days, f"{days} 天"), numbers[days], levels.get(days, "calm")) for days in range(OLDEST + 1)]


def by_officer(now: datetime) -> list[OfficersWork]:
    """Who has how much, those with the most first."""
    of = Case.objects.filter(assignee__isnull=False).order_by()
    rows = (
        of.filter(Q(status__in={*WAITS, *RETURNED}) | Q(decided_at__gte=now - timedelta(days=7)))
        .values("assignee__username", "assignee__chinese_name")
        .annotate(
            in_review=Count("pk", filter=Q(status=Status.IN_REVIEW)),
            back=Count("pk", filter=Q(status=Status.SUBMITTED)),
            returned=Count("pk", filter=Q(status__in=RETURNED)),
            decided=Count("pk", filter=Q(status__in=DECIDED, decided_at__gte=now - timedelta(days=7))),
        )
    )
    work = [
        OfficersWork(
            row["assignee__chinese_name"] or row["assignee__username"],
            row["in_review"],
            row["back"],
            row["returned"],
            row["decided"],
        )
        for row in rows
    ]
    return sorted(work, key=lambda one: (-(one.in_review + one.back), one.name))


def day_by_day(now: datetime) -> list[Day]:
    """Of each of the last ninety days on which something happened; one question to the database."""
    since, none = now - SINCE, Value(0)
    returned = Count("pk", filter=Exists(Return.objects.filter(case=OuterRef("pk"))))
    arrived = Case.objects.filter(submitted_at__gte=since).order_by().annotate(day=TruncDate("submitted_at"))
    decided = Case.objects.filter(decided_at__gte=since, status__in=DECIDED).order_by().annotate(day=TruncDate("decided_at"))
    rows = arrived.values_list("day").annotate(arrived=Count("pk"), decided=none, returned=none)
    return [
        Day(*row)
        for row in rows.union(decided.values_list("day").annotate(arrived=none, decided=Count("pk"), returned=returned), all=True)
    ]


def decisions_a_day(happened: Sequence[Day], today: date) -> list[Figure]:
    """核准 and 不予核准 of the last two weeks, day by day."""
    numbers = Counter({each.day: each.decided for each in happened if each.decided})
    days = [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    return [Figure(f"{day:%m/%d}", numbers[day]) for day in days]


def returned_by_reason(now: datetime) -> list[Figure]:
    """How often each reason was used in ninety days."""
    used = Counter(
        name
        for names in Return.objects.filter(returned_at__gte=now - SINCE).values_list("reasons", flat=True)
        for name in names or ["未用範本"]
    )
    return [Figure(name, times) for name, times in used.most_common(10)]


def returned_rate(happened: Sequence[Day]) -> float | None:
    """退補率: how many of a hundred cases decided in ninety days had been returned; None where none was decided."""
    number = sum(each.decided for each in happened)
    return round(100 * sum(each.returned for each in happened) / number, 1) if number else None


def forecast(happened: Sequence[Day], waiting: int, today: date, calendar: OfficeCalendar) -> Forecast:
    """What waits on each of the next five working days, if as many come and are decided as in the last ten."""
    past = _last_working_days(today, 10, calendar)
    lately = [each for each in happened if each.day >= past[0]]
    arriving = sum(each.arrived for each in lately) / len(past)
    deciding = sum(each.decided for each in lately) / len(past)
    days = (
        Figure(f"{working_day_after(today, ahead, calendar):%m/%d}", max(round(waiting + ahead * (arriving - deciding)), 0))
        for ahead in range(1, 6)
    )
    return Forecast(waiting, round(arriving, 1), round(deciding, 1), tuple(days))


def sample(today: date) -> Sequence[Case]:
    """抽樣複核: a few of the cases approved in the last seven days, the same ones all day."""
    since = timezone.make_aware(datetime.combine(today - timedelta(days=7), datetime.min.time()))
    approved = Case.objects.filter(decided_at__gte=since, status__in=[Status.AWAITING_PAYMENT, Status.COMPLETED])
    drawn = approved.order_by(MD5(Concat(Cast("uid", CharField()), Value(today.isoformat()))))[:SAMPLE]
    return sorted(drawn.select_related("assignee"), key=lambda case: case.pk)


def most(figures: Iterable[Figure]) -> int:
    """The longest bar."""
    return max((each.number for each in figures), default=0)


def _last_working_days(today: date, count: int, calendar: OfficeCalendar) -> list[date]:
    """Today's is not over, so it is left out."""
    days = [calendar.working_day_before(today)]
    while len(days) < count:
        days.append(calendar.working_day_before(days[-1]))
    return days[::-1]
