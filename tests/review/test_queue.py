"""待辦案件: tabs, order, filters, the search by every number of a student's papers, 取下一件, the first page of the admin."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.queries import found_by
from portal.cases.states import Action, Status
from portal.records.protocol import Match
from portal.review.groups import OFFICERS, SUPERVISORS
from portal.review.operations import add_note
from tests import people
from tests.factories.cases import NOW, act, match, submitted
from tests.staff import logged_in, make_staff

from .conftest import ANSWERS

pytestmark = pytest.mark.django_db
QUEUE = "/admin/cases/review/"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def student(number: int, name: str = "李曉芳") -> User:
    found = people.applicant(ui_no=f"A99000{number:04}", travel_document_no=f"T3000{number:04}", chinese_name=name)
    return people.student(found, f"student{number}")


def _other(owner: User) -> Match:
    """Somebody with papers of their own."""
    known = match(owner, permit_no="115000000099")
    papers = {"person_id": "310104200405069999", "travel_document_no": "T99999999", "travel_document_expiry": "2031-01-01"}
    applicant = replace(known.applicant, papers=papers, english_name="LI, XIAOFANG", student_no="B199999999")
    return replace(known, applicant=applicant)


def rows(client: Client, **query: str) -> list[str]:
    """The 收件號 of each row."""
    response: Any = client.get(QUEUE, query)
    assert response.status_code == 200
    return [row.case.case_no for row in response.context["rows"]]


def counts(client: Client) -> dict[str, int]:
    return {tab.label: tab.count for tab in client.get(QUEUE).context["tabs"]}  # type: ignore[attr-defined]


@pytest.fixture
def work(owner: User, officer: User) -> dict[str, Case]:
    """One of each: waiting since yesterday and since Friday, mine, back from a 退補, nearly due."""
    made = {
        "new": submitted(owner, answers=ANSWERS, now=NOW - DAY),
        "old": submitted(student(1), now=NOW - 3 * DAY),
        "mine": act(Action.TAKE, submitted(student(2), now=NOW - 2 * DAY), officer),
    }
    back = student(3)
    returned = act(Action.ASK_CORRECTION, act(Action.TAKE, submitted(back, now=NOW - 9 * DAY), officer), officer)
    made["back"] = act(Action.RESUBMIT, returned, back)
    made["due"] = act(Action.ASK_SUPPLEMENT, act(Action.TAKE, submitted(student(4), now=NOW - 4 * DAY), officer), officer)
    Case.objects.filter(pk=made["due"].pk).update(deadline=people.TODAY + 2 * DAY)
    return made


def test_tabs_count_and_the_first_to_do_stands_on_top(work: dict[str, Case], officer_client: Client) -> None:
    assert counts(officer_client) == {
        "我的": 2, "待審核": 2, "退補後再送": 1, "請示主管": 0, "即將到期": 1, "所有未結案件": 5,
    }  # fmt: skip
    assert rows(officer_client, tab="waiting") == [work["old"].case_no, work["new"].case_no]
    assert rows(officer_client, tab="mine") == [work["back"].case_no, work["mine"].case_no]
    assert rows(officer_client, tab="due") == [work["due"].case_no]
    assert rows(officer_client) == rows(officer_client, tab="mine")
    assert rows(officer_client, tab="nonsense") == rows(officer_client, tab="mine")


def test_the_age_is_counted_in_working_days_from_the_last_sending(
    work: dict[str, Case], officer: User, officer_client: Client
) -> None:
    response: Any = officer_client.get(QUEUE, {"tab": "open"})
    ages = {row.case.case_no: row.age and (str(row.age), row.age.level) for row in response.context["rows"]}
    assert ages[work["old"].case_no] == ("1 工作日", "calm")  # sent on Friday; Saturday and Sunday do not count
    assert ages[work["back"].case_no] == ("不足 1 工作日", "calm")
    assert ages[work["due"].case_no] is None
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        html = logged_in(officer).get(QUEUE, {"tab": "waiting"}).content.decode()
    assert "3 工作日・逾 11/24" in html


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"kind": "china-student.extension"}, []),
        ({"school": "清華"}, []),
        ({"school": "臺灣大學"}, ["due", "old", "mine", "new", "back"]),
        ({"sent_from": "2026/11/22"}, ["new"]),
        ({"sent_from": "2026-11-20", "sent_to": "20261121"}, ["old", "mine"]),
        ({"sent_from": "yesterday"}, ["due", "old", "mine", "new", "back"]),
    ],
)
def test_filters(query: dict[str, str], left: list[str], work: dict[str, Case], officer_client: Client) -> None:
    assert set(rows(officer_client, tab="open", **query)) == {work[name].case_no for name in left}


def test_a_filter_by_officer_and_one_that_makes_no_sense(work: dict[str, Case], officer: User, officer_client: Client) -> None:
    mine = rows(officer_client, tab="open", officer=str(officer.pk))
    assert set(mine) == {work[name].case_no for name in ("mine", "back", "due")}
    assert len(rows(officer_client, tab="open", officer="0")) == 5
    assert 'class="error-message"' in officer_client.get(QUEUE, {"sent_to": "soon"}).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "{case_no}",
        "{group_no}",
        "Ａ８９００００００２",
        "a890-0000-02",
        "L10000001",
        "l１００ 00001",
        "115000000015",
        "310104200405060018",
        "0912-345-678",
        "+886 912 345 678",
        "王小明",
        "小明",
        "王 小 明",
        "WANG XIAO MING",
        "wang, xiao-ming",
        "Xiao Ming Wang",
        "B115000001",
    ],
)
def test_every_number_and_each_spelling_of_the_name_finds_the_case(typed: str, owner: User, officer_client: Client) -> None:
    case = submitted(owner, answers={**ANSWERS, "mobile": "0912345678"})
    submitted(somebody := student(1), match=_other(somebody), answers={})
    answer = officer_client.post(QUEUE, {"q": typed.format(case_no=case.case_no, group_no=case.group_no)})
    assert answer["Location"] == f"{QUEUE}{case.case_no}/"


def test_several_are_listed_and_none_is_said_with_what_was_typed(owner: User, stranger: User, officer_client: Client) -> None:
    made = [submitted(owner), submitted(student(1, "王大同"))]
    submitted(stranger)
    answer: Any = officer_client.post(QUEUE, {"q": "王"})
    assert [row.case.case_no for row in answer.context["rows"]] == []  # one character would find half of all cases
    answer = officer_client.post(QUEUE, {"q": "1151500000"})
    assert len(answer.context["rows"]) == 3
    assert {case.case_no for case in made} <= {row.case.case_no for row in answer.context["rows"]}
    html = officer_client.post(QUEUE, {"q": "<b>999"}).content.decode()
    assert "沒有號碼或姓名以「&lt;b&gt;999」開頭的案件" in html
    assert 'value="&lt;b&gt;999"' in html


def test_an_earlier_number_still_finds_a_corrected_case(owner: User, officer: User) -> None:
    case = act(Action.TAKE, submitted(owner, answers={**ANSWERS, "mobile": "0912345678"}), officer)
    act(Action.CORRECT, case, officer, answers={**ANSWERS, "mobile": "0987654321"})
    assert [found_by(mobile).count() for mobile in ("0912345678", "0987654321", "098765")] == [1, 1, 1]


def test_take_next_gives_mine_that_came_back_first_then_the_oldest(work: dict[str, Case], officer_client: Client) -> None:
    taken = [officer_client.post(f"{QUEUE}next/")["Location"] for _ in range(3)]
    assert taken == [f"{QUEUE}{work[name].case_no}/" for name in ("back", "old", "new")]
    assert officer_client.post(f"{QUEUE}next/")["Location"] == QUEUE
    assert not Case.objects.filter(status=Status.SUBMITTED).exists()


def test_supervisors_look_and_take_nothing(work: dict[str, Case]) -> None:
    client = logged_in(make_staff("boss", SUPERVISORS))
    assert len(rows(client, tab="open")) == 5
    assert "取下一件" not in client.get(QUEUE).content.decode()
    assert client.post(f"{QUEUE}next/")["Location"] == "/admin/"
    assert client.post(QUEUE, {"q": work["new"].case_no})["Location"] == f"{QUEUE}{work['new'].case_no}/"


def test_the_first_page_of_the_admin_has_the_work_and_the_search(work: dict[str, Case], officer_client: Client) -> None:
    html = officer_client.get("/admin/").content.decode()
    assert '待審核 <span class="review-count">2</span>' in html
    assert 'name="q"' in html
    assert "取下一件" in html
    assert "取下一件" not in logged_in(make_staff("clerk", "資料管理人員")).get("/admin/").content.decode()


def test_supervisors_find_what_they_are_asked_until_somebody_else_notes_something(
    work: dict[str, Case], officer: User, officer_client: Client
) -> None:
    supervisor, case = make_staff("boss", SUPERVISORS), work["mine"]
    boss = logged_in(supervisor)
    add_note(work["old"], author=officer, text="備註", asks=False, now=NOW)
    post = {"action": "note", "note": "是否會辦？", "asks": "on"}
    assert officer_client.post(f"{QUEUE}{case.case_no}/", post).status_code == 302
    add_note(case, author=officer, text="另附公文", asks=False, now=NOW)
    assert rows(boss, tab="asked") == [case.case_no]
    assert boss.post(f"{QUEUE}{case.case_no}/", {"action": "note", "note": "不必"}).status_code == 302
    assert rows(boss, tab="asked") == []


def test_pages_take_few_queries_however_many_cases(
    work: dict[str, Case], officer_client: Client, django_assert_max_num_queries: Any
) -> None:
    for path in (QUEUE, "/admin/"):
        officer_client.get(path)
        with django_assert_max_num_queries(15) as few:
            officer_client.get(path)
        for number in range(10, 13):
            submitted(student(number + len(path)))
        with django_assert_max_num_queries(len(few)):
            officer_client.get(path)
    with django_assert_max_num_queries(15):
        officer_client.post(QUEUE, {"q": "1151500000"})


def test_officers_are_offered_and_nobody_else(officer: User, officer_client: Client) -> None:
    make_staff("colleague", OFFICERS)
    make_staff("boss", SUPERVISORS)
    offered = officer_client.get(QUEUE).context["filters"].fields["officer"].queryset  # type: ignore[attr-defined]
    assert [each.username for each in offered] == ["colleague", "officer"]
