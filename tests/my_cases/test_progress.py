"""案件進度查詢 (圖 51-54), waiting times, and the list as a file."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.fields import spreadsheets
from portal.my_cases.progress import waiting
from tests import people
from tests.factories.cases import NOW, act, completed, in_status, multiple_entry, submitted

pytestmark = pytest.mark.django_db
QUERY = "/china-student/individual/progress/"
DAY = dt.timedelta(days=1)


def found(client: Client, **asked: str) -> list[str]:
    """The numbers of the result list."""
    response = client.get(QUERY, asked)
    assert response.status_code == 200
    return re.findall(r'<td data-label="收件號" class="number" translate="no">(\d+)<', response.content.decode())


def main(client: Client, **asked: str) -> str:
    return client.get(QUERY, asked).content.decode().partition("<main")[2]


@pytest.fixture
def cases(owner: User, officer: User) -> list[Case]:
    """A closed one of last week, and one sent today."""
    with time_machine.travel(NOW - 7 * DAY, tick=False):
        old = act(Action.WITHDRAW, submitted(owner, now=NOW - 7 * DAY), owner, now=NOW - 7 * DAY)
    return [old, submitted(owner)]


def test_before_anything_is_asked_there_is_no_list(cases: list[Case], owner_client: Client) -> None:
    html = main(owner_client)
    assert "案件進度查詢結果列表" not in html
    assert "查無資料" not in html


def test_each_condition_narrows(cases: list[Case], owner_client: Client) -> None:
    old, new = cases
    assert found(owner_client, kind="") == [new.case_no, old.case_no]
    assert found(owner_client, case_no=f"{new.case_no[:3]}-{new.case_no[3:]}") == [new.case_no]
    assert found(owner_client, group_no=old.group_no.lower()) == [old.case_no]
    assert found(owner_client, status="withdrawn") == [old.case_no]
    assert found(owner_client, kind="multiple-entry", status="submitted") == [new.case_no]
    assert found(owner_client, kind="extension") == []
    assert found(owner_client, sent_from="2026/11/23") == [new.case_no]
    assert found(owner_client, sent_until="20261116") == [old.case_no]
    assert found(owner_client, permit_no=people.SINGLE_PERMIT_NO) == [new.case_no, old.case_no]


def test_the_new_permits_number_finds_its_case(owner: User, officer: User, owner_client: Client) -> None:
    case = completed(owner, officer)
    assert found(owner_client, permit_no=case.case_no) == [case.case_no]


def test_a_foreign_number_and_a_missing_one_look_the_same(stranger: User, owner_client: Client) -> None:
    foreign = submitted(stranger)
    pages = [main(owner_client, case_no=number).replace(number, "") for number in (foreign.case_no, "115199999996")]
    assert '<p class="empty" role="status">查無資料</p>' in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sent_from": "昨天"}, "日期格式不正確"),
        ({"sent_from": "2026/11/23", "sent_until": "2026/11/22"}, "送件日期（迄）不得早於送件日期（起）"),
        ({"status": "unknown"}, "unknown"),
        ({"case_no": "1" * 41}, "40"),
    ],
)
def test_what_is_wrong_is_said_and_stays_in_its_field(asked: dict[str, str], said: str, owner_client: Client) -> None:
    html = main(owner_client, **asked)
    assert "error-summary" in html
    assert said in html
    assert "查無資料" not in html


def test_there_are_pages_and_each_keeps_the_conditions(owner: User, owner_client: Client) -> None:
    for _ in range(21):
        act(Action.WITHDRAW, submitted(owner), owner)
    assert len(found(owner_client, status="withdrawn")) == 20
    assert 'href="?status=withdrawn&amp;page=2"' in main(owner_client, status="withdrawn")
    assert len(found(owner_client, status="withdrawn", page="2")) == 1


def test_the_page_asks_at_most_eight_questions_at_any_size(
    owner: User, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(25):
        act(Action.WITHDRAW, submitted(owner), owner)
    found(owner_client, kind="")  # waiting times are counted once an hour
    for asked in ({}, {"kind": ""}):
        with django_assert_max_num_queries(8):
            owner_client.get(QUERY, asked)
    with django_assert_max_num_queries(8):
        owner_client.get(f"{QUERY}cases.csv")


# Waiting times


@pytest.mark.parametrize(("days", "said"), [(range(1, 11), [5, 9]), (range(9), []), ([3] * 10, [3, 3]), ([1] * 9 + [50], [1, 1])])
def test_percentiles(days: Any, said: list[int]) -> None:
    assert waiting.percentiles(list(days)) == said


def decided(owner: User, officer: User, count: int, *, at: dt.datetime) -> None:
    """So many refusals that took from that Monday to NOW's Monday."""
    for _ in range(count):
        case = submitted(owner, now=at)
        act(Action.REJECT, act(Action.TAKE, case, officer), officer)


def test_working_days_are_counted_of_what_officers_decided(owner: User, officer: User, owner_client: Client) -> None:
    decided(owner, officer, 9, at=NOW - 7 * DAY)
    act(Action.WITHDRAW, submitted(owner), owner)
    assert waiting.waiting_times([multiple_entry()], now=NOW)[0].most is None
    assert "審結的案件太少，暫無統計。" in main(owner_client)
    waiting.cache.clear()
    decided(owner, officer, 1, at=NOW - 7 * DAY)
    found_now = waiting.waiting_times([multiple_entry()], now=NOW)[0]
    assert (found_now.half, found_now.most) == (5, 5)
    waiting.cache.clear()
    assert "半數在 5 個工作日內，九成在 5 個工作日內。" in main(owner_client)
    waiting.cache.clear()
    assert waiting.waiting_times([multiple_entry()], now=NOW + 91 * DAY)[0].most is None


# The list as a file


def rows(client: Client, **asked: str) -> list[list[str]]:
    response = client.get(f"{QUERY}cases.csv", asked)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_file_has_words_and_the_time_of_taipei(owner: User, officer: User, stranger: User, owner_client: Client) -> None:
    submitted(stranger)
    case = in_status(Status.AWAITING_PAYMENT, owner, officer)
    head, row = rows(owner_client)
    assert head[:6] == ["收件號", "團號", "申請類別", "案件狀態", "送件時間", "期限"]
    assert row[:6] == [
        *(case.case_no, case.group_no, "陸生換發多次證申請", "已核准，請繳費"),
        *("2026/11/23 10:30", "2026/12/07"),
    ]
    assert row[-1] == "1000"
    assert rows(owner_client, status="withdrawn") == [head]
    assert rows(owner_client, sent_from="x") == [head]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert spreadsheets.cell(cell) == f"'{cell}"
    assert spreadsheets.cell(f"1{cell}") == f"1{cell}"
