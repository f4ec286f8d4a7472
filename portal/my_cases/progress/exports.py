"""One's own cases as a file for a spreadsheet: words instead of codes, days and times of Taipei."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases.models import Case
from portal.fields import spreadsheets


def as_csv(cases: Iterable[Case]) -> bytes:
    """One line for each case, below what the columns are called."""
    return spreadsheets.as_csv(_rows(cases))


def _rows(cases: Iterable[Case]) -> Iterator[list[str]]:
    yield [
        *(_("收件號"), _("團號"), _("申請類別"), _("案件狀態"), _("送件時間"), _("期限"), _("審結時間"), _("結案時間")),
        *(_("申請時所持許可證號"), _("新許可證有效期限"), _("新許可證停留期限"), _("規費")),
    ]
    for case in cases:
        yield [
            *(case.case_no, case.group_no, str(case.kind.name), str(case.public_status), _time(case.submitted_at)),
            *(_day(case.deadline), _time(case.decided_at), _time(case.completed_at), case.permit_no),
            *(_day(case.permit_valid_until), _day(case.permit_stay_until), "" if case.fee is None else str(case.fee)),
        ]


def _day(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else ""


def _time(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y/%m/%d %H:%M}" if moment else ""
