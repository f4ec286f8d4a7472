"""Handing work to a worker after commit. No web request does it itself: a mail server may be slow."""

import logging
from typing import Any

from celery import Task
from django.conf import settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def enqueue(task: "Task[Any, Any]", *args: object) -> None:
    """Hand the task over; where there is no broker, or nobody answers there, the schedule finds what waits."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return
    try:
        task.delay(*args)
    except OperationalError as error:
        log.warning("%s waits for the schedule: %s", task.name, type(error).__name__)
