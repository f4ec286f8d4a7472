"""Handing work to a worker after commit, and writing down when each scheduled task last ran.

No web request does the work itself: a mail server may be slow.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from celery import Task
from celery.signals import task_failure, task_success
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from .models import TaskRun

log = logging.getLogger(__name__)
# A task that runs each second is not written down each second.
WRITTEN_EVERY: Final = timedelta(minutes=1)
_written: dict[str, datetime] = {}


def enqueue(task: "Task[Any, Any]", *args: object) -> None:
    """Hand the task over; where there is no broker, or nobody answers there, the schedule finds what waits."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return
    try:
        task.delay(*args)
    except OperationalError as error:
        log.warning("%s waits for the schedule: %s", task.name, type(error).__name__)


def listen() -> None:
    """Listen to the tasks of this process."""
    task_success.connect(ended, dispatch_uid="portal.core.workers.ended")
    task_failure.connect(failed, dispatch_uid="portal.core.workers.failed")


def ended(sender: Any = None, **signal: Any) -> None:
    """A task ended well."""
    now = timezone.now()
    if _is_scheduled(sender) and now - _written.get(sender.name, now - WRITTEN_EVERY) >= WRITTEN_EVERY:
        _written[sender.name] = now
        _write(sender.name, ended_at=now)


def failed(sender: Any = None, exception: BaseException | None = None, **signal: Any) -> None:
    """A task raised: what kind of error, never its words."""
    if _is_scheduled(sender):
        _write(sender.name, failed_at=timezone.now(), failure=type(exception).__name__[:100])


def _is_scheduled(task: Any) -> bool:
    return task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def _write(name: str, **fields: Any) -> None:
    with transaction.atomic():
        TaskRun.objects.update_or_create(name=name, defaults=fields)
