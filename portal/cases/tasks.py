"""After commit: the records learn of a permit. On a schedule: deadlines, and the permits that the records have not taken yet."""

import logging
import time
from typing import Final

from celery import shared_task
from django.utils import timezone

from portal.records.protocol import RecordsUnavailable

from . import deadlines, operations, queries
from .models import Case

logger = logging.getLogger(__name__)
# A tenth of the time until the next run.
RUN_SECONDS: Final = 60.0


@shared_task
def record_permit(case_pk: int) -> None:
    """Tell the records of the permit that came of a closed case; what fails is tried again by `record_permits`."""
    _record(Case.objects.get(pk=case_pk))


@shared_task
def record_permits() -> int:
    """Tell the records of every permit that they do not know of yet; how many they took."""
    return record_waiting(seconds=RUN_SECONDS)


def record_waiting(*, seconds: float) -> int:
    """The same, for so long at most: records that are down take seconds each to say so, and other work waits for the worker."""
    until, taken = time.monotonic() + seconds, 0
    for case in queries.unrecorded_permits():
        taken += _record(case)
        if time.monotonic() >= until:
            break
    return taken


def _record(case: Case) -> bool:
    try:
        operations.record_permit(case, now=timezone.now())
    except RecordsUnavailable as problem:
        logger.warning("the records did not take the permit of case %s: %s", case.uid, problem)
        return False
    return True


@shared_task
def end_uncorrected() -> int:
    """Reject what was not corrected in time; how many cases."""
    return deadlines.end_uncorrected(now=timezone.now())


@shared_task
def remind() -> int:
    """Write to those whose deadline comes near; how many of them wait."""
    return deadlines.remind(now=timezone.now())
