"""How long others waited from 送件 to the decision, in working days: the middle one, and nine in ten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.utils import timezone

from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.reasons import DEADLINE_MISSED
from portal.cases.states import Status
from portal.core.categories import StrOrPromise
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import working_days_between

WINDOW: Final = timedelta(days=90)
# Fewer cases say nothing about the next one.
FEWEST: Final = 10
MOST: Final = 10_000  # the newest
KEPT_SECONDS: Final = 3600
DECIDED: Final = (Status.AWAITING_PAYMENT, Status.COMPLETED, Status.REJECTED, Status.LAPSED)


@dataclass(frozen=True)
class Waiting:
    """Of one kind; `half` and `most` are None where too few cases were decided."""

    kind: StrOrPromise
    half: int | None = None
    most: int | None = None


def waiting_times(kinds: Sequence[CaseKind], *, now: datetime) -> list[Waiting]:
    """Of each kind; counted once an hour."""
    known = _kept(kinds, now)
    return [Waiting(kind.name, *known[kind.key]) for kind in kinds]


def _kept(kinds: Sequence[CaseKind], now: datetime) -> dict[str, list[int]]:
    key = "waiting:" + ",".join(kind.key for kind in kinds)
    found: dict[str, list[int]] | None = cache.get(key)
    if found is None:
        found = _counted(kinds, now)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _counted(kinds: Iterable[CaseKind], now: datetime) -> dict[str, list[int]]:
    calendar = office_calendar.current()
    days: dict[str, list[int]] = {kind.key: [] for kind in kinds}
    for category, code, sent, decided in _spans({kind.category for kind in kinds}, now):
        span = working_days_between(timezone.localdate(sent), timezone.localdate(decided), calendar)
        days.setdefault(f"{category}.{code}", []).append(span)
    return {kind.key: percentiles(days[kind.key]) for kind in kinds}


def percentiles(days: Sequence[int]) -> list[int]:
    """P50 and P90; nothing where there are too few. Of so many cases half, and nine in ten, were decided within so many days."""
    if len(days) < FEWEST:
        return []
    ordered = sorted(days)
    return [ordered[-(-len(ordered) * share // 100) - 1] for share in (50, 90)]


def _spans(categories: Iterable[str], now: datetime) -> Iterable[tuple[str, str, datetime, datetime]]:
    """What officers decided; not what was withdrawn, or ended by itself."""
    decided = Case.objects.filter(
        category__in=categories, status__in=DECIDED, decided_at__gt=now - WINDOW, decided_at__lte=now
    ).exclude(reject_reason=DEADLINE_MISSED.code)
    newest = decided.order_by("-decided_at")[:MOST]
    return newest.values_list("category", "kind_code", "submitted_at", "decided_at")  # type: ignore[return-value]  # asked for above
