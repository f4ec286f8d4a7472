"""What happens by itself when a deadline comes near or has passed. Unpaid cases end in `portal.payments.deadlines`."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from portal.office_calendar import queries as office_calendar

from . import operations, queries
from .states import RETURNED

logger = logging.getLogger(__name__)
REMIND_BEFORE: Final = timedelta(days=3)


def end_uncorrected(*, now: datetime) -> int:
    """Reject every case that was not corrected in time (就讀辦法 §9 II); how many.

    May run at any time and as often as one likes: each case is looked at again under its lock.
    """
    ended = 0
    for case in queries.overdue(RETURNED, timezone.localdate(now), office_calendar.current()):
        try:
            operations.expire(case, now=now)
        except operations.NotAllowed:  # corrected, withdrawn or decided since we asked
            continue
        logger.info("case %s was not corrected in time", case.uid)
        ended += 1
    return ended


def remind(*, now: datetime) -> int:
    """Write to everybody whose deadline comes within REMIND_BEFORE, once for each deadline; how many wait."""
    near = queries.nearly_due(timezone.localdate(now), REMIND_BEFORE, office_calendar.current())
    return sum(operations.remind(case, now=now) for case in near)
