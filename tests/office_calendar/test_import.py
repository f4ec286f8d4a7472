"""`manage.py import_office_calendar FILE`: the government's file, all of it or nothing."""

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.office_calendar import queries
from portal.office_calendar.models import OfficeDay, OfficeYear
from portal.office_calendar.operations import ImportResult, import_year
from portal.office_calendar.reading import MAX_BYTES

from .files import HEADER, plain, with_days, write

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 6, 15, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DATA = Path(__file__).resolve().parents[2] / "portal" / "office_calendar" / "data"
NEW_YEAR = "20280103,一,2,補假"


def run(path: Path) -> str:
    """What the command says."""
    out = io.StringIO()
    call_command("import_office_calendar", str(path), stdout=out)
    return out.getvalue()


def refused(path: Path) -> tuple[str, str]:
    """How it fails, and what it lists."""
    err = io.StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("import_office_calendar", str(path), stderr=err)
    assert not OfficeYear.objects.filter(year=2028).exists()
    return str(failure.value), err.getvalue().replace(str(path), "FILE")


def test_a_new_database_knows_three_years() -> None:
    assert list(OfficeYear.objects.values_list("year", flat=True)) == [2025, 2026, 2027]
    assert OfficeDay.objects.count() == 49
    assert str(OfficeDay.objects.get(day=dt.date(2026, 2, 17))) == "2026/02/17 春節"
    made_up_for = OfficeDay.objects.get(is_holiday=False)
    assert (made_up_for.day, made_up_for.name) == (dt.date(2025, 2, 8), "補行上班")


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_what_comes_with_the_portal_is_what_an_import_of_the_same_file_makes(year: int) -> None:
    generation = OfficeYear.objects.get(year=year).generation
    assert import_year(DATA / f"{year}.csv", now=NOW) == (year, ImportResult.UNCHANGED)
    assert OfficeYear.objects.get(year=year).generation == generation


def test_another_year_counts_at_once_and_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    assert queries.current().working_day_from(dt.date(2028, 1, 3)) == dt.date(2028, 1, 3)
    path = write(tmp_path / "2028.csv", with_days(2028, d0103=NEW_YEAR, d0108="20280108,六,0,補行上班"))
    assert run(path) == "2028: new\n"
    calendar = queries.current()
    assert calendar.working_day_from(dt.date(2028, 1, 3)) == dt.date(2028, 1, 4)
    assert calendar.is_working_day(dt.date(2028, 1, 8))
    assert calendar.years == {2025, 2026, 2027, 2028}
    assert list(OfficeDay.objects.filter(year=2028).values_list("day", "is_holiday", "name")) == [
        (dt.date(2028, 1, 8), False, "補行上班"),
        (dt.date(2028, 1, 3), True, "補假"),
    ]
    assert run(path) == "2028: unchanged\n"


def test_a_corrected_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = write(tmp_path / "2028.csv", with_days(2028, d0103=NEW_YEAR))
    run(path)
    write(path, with_days(2028, d0104="20280104,二,2,補假"))
    assert run(path) == "2028: changed\n"
    assert list(OfficeDay.objects.filter(year=2028).values_list("day", flat=True)) == [dt.date(2028, 1, 4)]
    assert queries.current().is_working_day(dt.date(2028, 1, 3))
    assert OfficeDay.objects.filter(year=2027).count() == 17  # other years stay


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_with_and_without_a_mark_at_the_beginning(encoding: str, tmp_path: Path) -> None:
    assert run(write(tmp_path / "2028.csv", plain(2028), encoding=encoding)) == "2028: new\n"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"d0301": "20280301,四,0,"}, "line 62: 20280301 is 三, not 四"),
        ({"d0301": "20280301,三,1,"}, "line 62: 是否放假 is 1, not 0 or 2"),
        ({"d0301": "20280301,三,,"}, "line 62: 是否放假 is , not 0 or 2"),
        ({"d0301": "20280301,三,0"}, "line 62: has 3 values, not 4"),
        ({"d0301": "2028-03-01,三,0,"}, "line 62: 2028-03-01 is not a date of the form YYYYMMDD"),
        ({"d0301": "20280230,三,0,"}, "line 62: 20280230 is not a date of the form YYYYMMDD"),
        ({"d0301": f"20280301,三,0,{'長' * 61}"}, "line 62: 備註 is longer than 60 characters, or holds a control character"),
        ({"d0301": '20280301,三,0,"a\tb"'}, "line 62: 備註 is longer than 60 characters, or holds a control character"),
        ({"d0301": '20280301,三,0,"a'}, "line 367: is not CSV (unexpected end of data)"),
    ],
)
def test_a_wrong_line_is_named(changes: dict[str, str], problem: str, tmp_path: Path) -> None:
    path = write(tmp_path / "2028.csv", with_days(2028, **changes))
    failure, listed = refused(path)
    assert listed.splitlines()[0] == f"FILE, {problem}"
    assert failure.startswith("nothing was imported: ")


def test_a_day_that_is_missing_twice_or_out_of_order_is_named(tmp_path: Path) -> None:
    lines = plain(2028)
    missing = [*lines[:59], *lines[60:]]
    assert refused(write(tmp_path / "a.csv", missing))[1] == "FILE, line 61: 20280301 stands where 20280229 should\n"
    twice = [*lines[:60], *lines[59:]]
    assert refused(write(tmp_path / "b.csv", twice))[1] == "FILE, line 62: 20280229 stands where 20280301 should\n"
    assert refused(write(tmp_path / "c.csv", lines[::-1]))[0] == "nothing was imported: 365 error(s)"


@pytest.mark.parametrize("lines", [[], plain(2028)[:-1], plain(2028)[1:], [*plain(2028), *plain(2029)]])
def test_a_file_is_of_one_whole_year(lines: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "2028.csv", lines)
    assert refused(path)[1] == "FILE, is not of one whole year, from 1 January to 31 December\n"


@pytest.mark.parametrize(("flag", "working"), [("0", 366), ("2", 0)])
def test_a_year_without_days_off_or_without_work_is_none(flag: str, working: int, tmp_path: Path) -> None:
    lines = [",".join([*line.split(",")[:2], flag, ""]) for line in plain(2028)]
    path = write(tmp_path / "2028.csv", lines)
    assert refused(path)[1] == f"FILE, has {working} working days, which no year has\n"


@pytest.mark.parametrize("header", ["", "date,weekday,isHoliday,note", HEADER.replace("備註", "說明"), f"{HEADER},其他"])
def test_another_header_is_another_file(header: str, tmp_path: Path) -> None:
    path = write(tmp_path / "2028.csv", plain(2028), header=header)
    assert refused(path)[1] == f"FILE, line 1: is not {HEADER}\n"


def test_what_is_no_text_too_large_or_no_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "2028.csv", plain(2028), encoding="big5")
    assert refused(path)[1].startswith("FILE, line 1: is not UTF-8 text; ")
    path.write_bytes(b"x" * (MAX_BYTES + 1))
    assert refused(path)[1] == "FILE, has more than 65536 bytes, which no calendar of a year has\n"
    path.write_bytes(b"")
    assert refused(path)[1] == f"FILE, line 1: is not {HEADER}\n"
    assert refused(tmp_path / "nowhere.csv")[1] == "FILE, there is no such file\n"
    assert refused(tmp_path)[1] == "FILE, is no file\n"
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe")[1] == "FILE, is no file\n"  # and does not wait for a writer


def test_at_most_twenty_problems_are_listed(tmp_path: Path) -> None:
    lines = plain(2028)
    listed = refused(write(tmp_path / "2028.csv", lines[::-1]))[1].splitlines()
    assert len(listed) == 21
    assert listed[-1] == "... and 345 more"
