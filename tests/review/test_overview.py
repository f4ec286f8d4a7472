"""審核統計: the figures, their pictures and their tables."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases.states import Action
from portal.office_calendar.periods import PLAIN_WEEK
from portal.review.figures import charts, statistics
from portal.review.figures.statistics import Figure
from portal.review.groups import SUPERVISORS
from tests import people
from tests.factories.cases import NOW, act, submitted
from tests.staff import logged_in, make_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def student(number: int) -> User:
    found = people.applicant(ui_no=f"A99000{number:04}", travel_document_no=f"T3000{number:04}")
    return people.student(found, f"student{number}")


@pytest.fixture
def work(officer: User) -> None:
    """Waiting: one of today, one of Friday, one of a week ago; rejected yesterday and today; returned for a reason."""
    for number, days in enumerate((0, 3, 7)):
        submitted(student(number), now=NOW - days * DAY)
    for number, days in enumerate((0, 1), 10):
        case = act(Action.TAKE, submitted(student(number), now=NOW - 2 * DAY), officer)
        act(Action.REJECT, case, officer, now=NOW - days * DAY)
    asking = student(20)
    case = act(Action.TAKE, submitted(asking, now=NOW - 2 * DAY), officer)
    act(Action.ASK_CORRECTION, case, officer, reasons=["照片不清楚", "地址"])
    again = student(21)
    case = act(Action.ASK_CORRECTION, act(Action.TAKE, submitted(again), officer), officer, reasons=["照片不清楚"])
    act(Action.REJECT, act(Action.TAKE, act(Action.RESUBMIT, case, again), officer), officer)


@pytest.mark.usefixtures("work")
def test_what_waits_by_age() -> None:
    ages = [(each.label, each.number, each.level) for each in statistics.by_age(people.TODAY, PLAIN_WEEK) if each.number]
    assert ages == [("不足 1 天", 1, "calm"), ("1 天", 1, "calm"), ("5 天", 1, "late")]


@pytest.mark.usefixtures("work")
def test_what_is_decided_and_who_has_what() -> None:
    days = statistics.decisions_a_day(statistics.day_by_day(NOW), people.TODAY)
    assert [(each.label, each.number) for each in days[-2:]] == [("11/22", 1), ("11/23", 2)]
    assert len(days) == 14
    [work] = statistics.by_officer(NOW)
    assert (work.name, work.in_review, work.back, work.returned, work.decided) == ("officer", 0, 0, 1, 3)


@pytest.mark.usefixtures("work")
def test_what_is_returned_and_why() -> None:
    reasons = statistics.returned_by_reason(NOW)
    assert [(each.label, each.number) for each in reasons] == [("照片不清楚", 2), ("地址", 1)]
    assert statistics.returned_rate(statistics.day_by_day(NOW)) == 33.3


@pytest.mark.usefixtures("work")
def test_the_forecast_follows_the_last_ten_working_days() -> None:
    said = statistics.forecast(statistics.day_by_day(NOW), 3, people.TODAY, PLAIN_WEEK)
    assert (said.waiting, said.arriving, said.deciding, said.days_needed) == (3, 0.7, 0.3, 10.0)
    assert [(day.label, day.number) for day in said.days] == [
        ("11/24", 3), ("11/25", 4), ("11/26", 4), ("11/27", 5), ("11/30", 5),
    ]  # fmt: skip


def test_nothing_divides_by_nothing() -> None:
    assert statistics.forecast([], 0, people.TODAY, PLAIN_WEEK).days_needed is None
    assert statistics.day_by_day(NOW) == statistics.returned_by_reason(NOW) == []
    assert statistics.returned_rate([]) is None
    assert statistics.sample(people.TODAY) == []


def test_a_bar_is_as_long_as_its_figure_and_text_is_escaped() -> None:
    drawn = charts.bars("等候", [Figure("<b>", 4, "late"), Figure("1 天", 2)])
    assert 'width="360.0"' in drawn
    assert 'width="180.0"' in drawn
    assert "bar-late" in drawn
    assert "&lt;b&gt;" in drawn
    assert 'role="img" aria-label="等候"' in drawn
    assert "<rect" not in charts.columns("無", [])


@pytest.mark.usefixtures("work")
def test_supervisors_see_it_with_a_table_for_each_picture(officer_client: Client, django_assert_max_num_queries: Any) -> None:
    client = logged_in(make_staff("boss", SUPERVISORS))
    html = client.get("/admin/cases/review/overview/").content.decode()
    assert html.count("<svg viewBox") == html.count("<summary>表格</summary>") == 4
    assert "審結案件中 33.3% 曾退補。" in html
    assert "<td>1（已逾目標）</td>" in html
    with django_assert_max_num_queries(15):
        client.get("/admin/cases/review/overview/")
    assert officer_client.get("/admin/cases/review/overview/")["Location"] == "/admin/"


def test_the_sample_is_the_same_all_day(owner: User, officer: User) -> None:
    case = act(Action.APPROVE, act(Action.TAKE, submitted(owner), officer), officer)
    assert list(statistics.sample(people.TODAY)) == [case]
