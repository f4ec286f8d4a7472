"""On a schedule: say in the log which calendar is missing."""

import logging

from celery import shared_task
from django.utils import timezone

from . import queries

logger = logging.getLogger(__name__)


@shared_task
def watch() -> list[int]:
    """One warning for each year that is needed and not known; which ones."""
    missing = queries.missing_years(timezone.localdate())
    for year in missing:
        logger.warning("the office calendar of %s is missing: only weekends count as days off (import_office_calendar)", year)
    return missing
