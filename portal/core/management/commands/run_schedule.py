"""`manage.py run_schedule`: the sweeps of CELERY_BEAT_SCHEDULE, in this process, where there is no broker."""

import time
from collections.abc import Iterator
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import autoreload


def due(last: dict[str, float], *, now: float) -> Iterator[str]:
    """The tasks whose time has come again; `last` says when each was started, and is kept."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        task: str = entry["task"]
        if task not in last or now - last[task] >= entry["schedule"]:
            last[task] = now
            yield task


class Command(BaseCommand):
    help = "Run the scheduled tasks until stopped; with --once, each of them one time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--reload", action="store_true", help="begin anew whenever a module changes")

    def handle(self, *, once: bool, reload: bool, **options: Any) -> None:
        if reload:
            autoreload.run_with_reloader(self.run, once=once)
        else:
            self.run(once=once)

    def run(self, *, once: bool) -> None:
        """Start what is due, each second."""
        current_app.loader.import_default_modules()
        last: dict[str, float] = {}
        while True:
            for task in due(last, now=time.monotonic()):
                current_app.tasks[task].apply()  # Celery logs a failure; the next round tries again
                close_old_connections()
            if once:
                return
            time.sleep(1)
