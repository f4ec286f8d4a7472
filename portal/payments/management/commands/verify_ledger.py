"""manage.py verify_ledger"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core.append_only import one_moment
from portal.payments.cashier import books


class Command(BaseCommand):
    """Recompute states, sums and digests from the ledger, and say where they differ."""

    help = "Find states, sums, receipt numbers and digests that do not follow from the ledger; fails when there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_moment():
            found = list(books.problems())
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problem(s)")
        self.stdout.write("the ledger is whole")
