"""Take over the agency's applicants and permits."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core import categories
from portal.records.operations import import_records
from portal.records.progress import ProgressBar, silent

from ._refusals import explained


class Command(BaseCommand):
    """`import_records --applicants FILE --permits FILE [--category SLUG]`"""

    help = "Take over the agency's applicants and permits from CSV files (UTF-8), all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--applicants", type=Path, metavar="FILE", help="applicants.csv, upsert by ui_no")
        parser.add_argument(
            "--permits", type=Path, metavar="FILE", help="permits.csv, upsert by permit_no; revoked (1, 0) is optional"
        )

        parser.add_argument(
            "--category",
            choices=list(categories.identities()),
            default="",
            help="whose people the files hold: the papers among the columns and the types of permits are that category's;"
            " default: the first",
        )

    def handle(self, *, applicants: Path | None, permits: Path | None, category: str, verbosity: int, **options: Any) -> None:
        if applicants is None and permits is None:
            raise CommandError("name the files: --applicants FILE, --permits FILE, or both")
        progress = ProgressBar(self.stderr) if verbosity else silent
        with explained(self.stderr):
            people, papers = import_records(applicants=applicants, permits=permits, category=category, progress=progress)
        for file, what, written in ((applicants, "applicants", people), (permits, "permits", papers)):
            if file:
                self.stdout.write(f"{what}: {written.new} new, {written.known} updated")
