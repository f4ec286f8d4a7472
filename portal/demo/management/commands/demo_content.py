"""`manage.py demo_content`: everything a demonstration shows, made or brought up to date."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import health
from portal.demo import people as demo_people
from portal.demo.editors_files import write_files
from portal.demo.people import STAFF, STUDENTS
from portal.demo.returned_cases import RETURNED, write_returned
from portal.records.models import School


class Command(BaseCommand):
    help = "Make the tables, the pages, the students and the staff of the demonstration, and print who they are."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo_content is for demonstrations only")
        if health.pending_migrations():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        call_command("seed_pages", verbosity=0)
        demo_people.write_students(today=timezone.localdate())
        demo_people.write_staff()
        write_returned(now=timezone.now())
        write_files()
        self._print_people()

    def _print_people(self) -> None:
        schools = {school.code: school.name for school in School.objects.all()}
        self._table(
            _("學生：以下列資料註冊帳號（帳號、密碼、Email 與手機自訂）"),
            [_("中文姓名"), _("出生日期"), _("統一證號"), _("通行證號"), _("就讀學校"), _("證別"), _("許可證號碼"), _("說明")],
            [
                [
                    student.chinese_name,
                    f"{student.birth_date:%Y/%m/%d}",
                    student.ui_no,
                    student.travel_document_no,
                    schools[student.school_code],
                    str(student.permit_label),
                    student.permit_no,
                    str(student.outcome),
                ]
                for student in STUDENTS
            ],
        )
        self._table(
            _("已有退補案件的學生：直接登入"),
            [_("姓名"), _("帳號"), _("密碼"), _("說明")],
            [[one.student.chinese_name, one.username, one.password, str(one.outcome)] for one in RETURNED],
        )
        self._table(
            _("人員：於 /admin/ 登入"),
            [_("姓名"), _("帳號"), _("密碼"), _("說明")],
            [[one.name, one.username, one.password, str(one.duty)] for one in STAFF],
        )

    def _table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(width(row[column]) for row in [head, *rows]) for column in range(len(head))]
        self.stdout.write(f"\n{title}\n")
        for row in [head, *rows]:
            cells = [cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)]
            self.stdout.write(("  " + "  ".join(cells)).rstrip())


def width(text: str) -> int:
    """How many columns a terminal needs for it."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
