"""Bring the list of schools up to date."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.records.operations import SCHOOLS_FILE, import_schools

from ._refusals import explained


class Command(BaseCommand):
    """`import_schools [FILE]`"""

    help = (
        "Upsert schools by code from a CSV file (UTF-8; code, name, city, or 代碼, 學校名稱, 縣市名稱 as in the Ministry of "
        "Education's open data). "
        "It may have name_en, name_zh_hans and aliases (separated by semicolons), too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SCHOOLS_FILE, help="default: the portal's own list")

    def handle(self, *, file: Path, **options: Any) -> None:
        with explained(self.stderr):
            written = import_schools(file)
        self.stdout.write(f"schools: {written.new} new, {written.known} updated")
