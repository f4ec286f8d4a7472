"""`manage.py run_schedule`: the sweeps of CELERY_BEAT_SCHEDULE, in this process, where there is no broker."""

import time
from collections.abc import Iterator
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import autoreload


def due(last: dict[str, float], *, now: float) -> Iterator[dict[str, Any]]:
    """The entries whose time has come again; `last` says when each was started, and is kept."""
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if name not in last or now - last[name] >= entry["schedule"]:
            last[name] = now
            yield entry


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
            for entry in due(last, now=time.monotonic()):
                task = current_app.tasks[entry["task"]]
                task.apply(entry.get("args"), entry.get("kwargs"))  # Celery logs a failure; the next round tries again
                close_old_connections()
            if once:
                return
            time.sleep(1)
