"""`manage.py import_office_calendar FILE`: a year of the government's office calendar."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.office_calendar.operations import import_year
from portal.office_calendar.reading import UnfitFile

MAX_LISTED = 20


class Command(BaseCommand):
    help = "Take over one year of the government's office calendar (辦公日曆表) as it is published: CSV, UTF-8. All or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="西元日期,星期,是否放假,備註; one line for each day of the year"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            year, written = import_year(file, now=timezone.now())
        except UnfitFile as unfit:
            for problem in unfit.problems[:MAX_LISTED]:
                self.stderr.write(f"{file}, {problem}")
            if (more := len(unfit.problems) - MAX_LISTED) > 0:
                self.stderr.write(f"... and {more} more")
            raise CommandError(f"nothing was imported: {len(unfit.problems)} error(s)") from None
        except OSError as error:
            raise CommandError(f"nothing was imported: {error.filename}: {error.strerror}") from None
        self.stdout.write(f"{year}: {written}")
