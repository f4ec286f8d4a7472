"""`manage.py verify_events`: is the history of every case as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.cases.models import CaseEvent
from portal.core.append_only import one_moment

from ..verification import faults


class Command(BaseCommand):
    help = "Verify the chain of events of every case; what was edited, deleted or moved is named, and the command fails."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_moment():
            found, count = list(faults()), CaseEvent.objects.count()
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} cases have a history that is not as it was written")
        self.stdout.write(f"{count} events are as they were written")
