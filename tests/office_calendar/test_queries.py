"""What the portal knows of the calendar, and what it says when it knows nothing."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.home.groups import EDITORS
from portal.office_calendar import queries
from portal.office_calendar.models import OfficeYear
from portal.office_calendar.operations import import_year
from portal.office_calendar.tasks import watch
from portal.review.groups import CASHIERS, OFFICERS, RECORDS_CLERKS, SUPERVISORS
from tests.staff import logged_in, make_staff

from .files import plain, write

pytestmark = pytest.mark.django_db
TAIPEI = dt.timezone(dt.timedelta(hours=8))
NOTICE = "2028 年的辦公日曆表尚未匯入"


def day(year: int, month: int, number: int) -> dt.datetime:
    return dt.datetime(year, month, number, 10, tzinfo=TAIPEI)


def bring_2028(tmp_path: Path) -> None:
    import_year(write(tmp_path / "2028.csv", plain(2028)), now=day(2027, 6, 1))


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (dt.date(2026, 11, 23), []),
        (dt.date(2027, 9, 30), []),
        (dt.date(2027, 10, 1), [2028]),  # a correction asked for today ends in December, one of next month in January
        (dt.date(2028, 1, 1), [2028]),
        (dt.date(2028, 12, 31), [2028, 2029]),
        (dt.date(2024, 12, 31), [2024]),
    ],
)
def test_a_year_is_missing_before_it_begins(today: dt.date, missing: list[int]) -> None:
    assert queries.missing_years(today) == missing


def test_an_imported_year_is_not_missing(tmp_path: Path) -> None:
    bring_2028(tmp_path)
    assert queries.missing_years(dt.date(2027, 12, 31)) == []


def test_the_days_are_read_once_and_again_after_an_import(tmp_path: Path, django_assert_num_queries: Any) -> None:
    queries.current()
    with django_assert_num_queries(1):
        queries.current()
    bring_2028(tmp_path)
    with django_assert_num_queries(2):
        assert queries.current().years == {2025, 2026, 2027, 2028}
    with django_assert_num_queries(1):
        queries.current()


def test_without_any_calendar_the_plain_week_holds() -> None:
    OfficeYear.objects.all().delete()
    calendar = queries.current()
    assert calendar.years == frozenset()
    assert calendar.working_day_from(dt.date(2026, 2, 17)) == dt.date(2026, 2, 17)
    assert calendar.working_day_from(dt.date(2026, 2, 14)) == dt.date(2026, 2, 16)


@pytest.mark.parametrize(
    ("group", "notified"), [(OFFICERS, True), (SUPERVISORS, True), (RECORDS_CLERKS, True), (CASHIERS, False), (EDITORS, False)]
)
def test_who_works_with_deadlines_is_notified_on_the_first_page(group: str, notified: bool, tmp_path: Path) -> None:
    with time_machine.travel(day(2027, 10, 1)):
        client = logged_in(make_staff("anybody", group))
        assert (NOTICE in client.get("/admin/").content.decode()) is notified
        bring_2028(tmp_path)
        assert NOTICE not in client.get("/admin/").content.decode()


def test_nobody_is_notified_before_october() -> None:
    with time_machine.travel(day(2027, 9, 30)):
        assert "辦公日曆表尚未匯入" not in logged_in(make_staff("anybody", OFFICERS)).get("/admin/").content.decode()


def test_the_schedule_says_it_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with time_machine.travel(day(2027, 9, 30)):
        assert watch() == []
    assert caplog.messages == []
    with time_machine.travel(day(2028, 10, 1)):
        assert watch() == [2028, 2029]
    assert caplog.messages == [
        f"the office calendar of {year} is missing: only weekends count as days off (import_office_calendar)"
        for year in (2028, 2029)
    ]


def test_the_list_in_the_admin(officer_client: Client) -> None:
    path = reverse("portal_office_calendar_officeday_modeladmin_index")
    page = officer_client.get(path, {"year": "2025"}).content.decode()
    assert page.count("data-object-pk") == 16
    assert "補行上班" in page
    assert "開國紀念日" in page
    export: Any = officer_client.get(path, {"export": "csv", "is_holiday__exact": "0"})
    rows = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert rows == ["2025/02/08,六,補行上班,補行上班"]
