"""待辦事項 (圖 14, 24)."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.forms.models import Draft
from tests import people
from tests.factories.cases import TAIPEI, act, in_status, match, submitted
from tests.staff import logged_in

pytestmark = pytest.mark.django_db
TODO = "/china-student/individual/todo/"
START = "/china-student/individual/apply/multiple-entry/"
BEGUN = {"step": "form", "extra_data": {"prefill": {}}}


def page(client: Client, **query: str) -> str:
    response = client.get(TODO, query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def block(html: str, name: str) -> str:
    """The block 區塊 of that heading."""
    found = re.search(rf"<h2[^>]*>{name}</h2>(.*?)</section>", html)
    assert found, name
    return found.group(1)


def test_nothing_yet_shows_where_to_begin(owner_client: Client) -> None:
    html = page(owner_client)
    assert "您還沒有「陸生換發多次證申請」的案件。" in html
    assert f'<a class="button" href="{START}">陸生換發多次證申請</a>' in html
    assert "<h2" not in html.split("</h1>")[1].split("</main>")[0]


def test_a_tab_for_each_kind_and_the_first_is_open(owner: User, owner_client: Client) -> None:
    submitted(owner)
    link = '<a href="?tab=multiple-entry" data-tab="multiple-entry" aria-current="page">'
    tab = f'{link}陸生多次證 <span class="number" translate="no">(1)</span></a>'
    assert tab in page(owner_client)
    assert tab in page(owner_client, tab="multiple-entry")
    assert tab in page(owner_client, tab="no-such-kind")
    names = [str(kind.tab) for kind in kinds.of_category(people.CATEGORY)]
    assert all(name in page(owner_client) for name in names)


@pytest.mark.parametrize(
    ("extension", "exchange", "opened"),
    [
        (Status.CORRECTION, Status.AWAITING_PAYMENT, "extension"),
        (Status.AWAITING_PAYMENT, Status.SUBMITTED, "extension"),
        ("draft", Status.SUBMITTED, "extension"),
        (Status.SUBMITTED, Status.COMPLETED, "extension"),
        ("draft", Status.AWAITING_PAYMENT, "multiple-entry"),
        (Status.COMPLETED, Status.COMPLETED, "multiple-entry"),
    ],
)
def test_the_first_tab_with_something_to_do_is_open(
    owner: User, officer: User, owner_client: Client, extension: str, exchange: Status, opened: str
) -> None:
    if extension == "draft":
        Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="extension", data=BEGUN)
    else:
        case = in_status(Status(extension), owner, officer, match=match(owner, permit_no="115000000120"))
        Case.objects.filter(pk=case.pk).update(kind_code="extension")
    in_status(exchange, owner, officer)
    assert re.findall(r'data-tab="([\w-]+)" aria-current', page(owner_client)) == [opened]


def test_a_draft_counts_in_its_tab(owner: User, owner_client: Client) -> None:
    submitted(owner)
    Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="multiple-entry", data=BEGUN)
    assert '陸生多次證 <span class="number" translate="no">(2)</span></a>' in page(owner_client)


def test_a_sent_case_stands_under_new_applications(owner: User, owner_client: Client) -> None:
    case = submitted(owner)
    html = page(owner_client)
    new = block(html, "新申請案件")
    for heading in ("團號", "收件號", "申請類別", "送件日期", "案件狀態", "操作"):
        assert f'<th scope="col">{heading}</th>' in new
    for cell in (case.group_no, case.case_no, "陸生換發多次證申請", "2026/11/23</time>", "已送件，等待審核"):
        assert cell in new
    assert f'<a href="/china-student/individual/cases/{case.case_no}/">檢視<span' in new
    assert "目前沒有需要補正或補件的案件。" in block(html, "待補件案件")


@pytest.mark.parametrize(
    ("status", "title", "shown"),
    [
        (Status.IN_REVIEW, "新申請案件", "審核中"),
        (Status.CORRECTION, "待補件案件", "請補正資料"),
        (Status.SUPPLEMENT, "待補件案件", "請補件"),
        (Status.AWAITING_PAYMENT, "核准待繳費案件", '<a href="/china-student/individual/payments/">線上繳費</a>'),
        (Status.COMPLETED, "已結案案件", '<a href="/china-student/individual/downloads/permits/">許可證下載</a>'),
        (Status.WITHDRAWN, "已結案案件", "已撤銷"),
        (Status.REJECTED, "已結案案件", "不予核准"),
        (Status.LAPSED, "已結案案件", "逾期未辦，已結束"),
    ],
)
def test_each_status_has_its_block(
    status: Status, title: str, shown: str, owner: User, officer: User, owner_client: Client
) -> None:
    case = in_status(status, owner, officer)
    found = block(page(owner_client), title)
    assert case.case_no in found
    assert shown in found


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, True)])
def test_after_the_deadline_nobody_is_sent_to_pay(
    seconds: int, over: bool, owner: User, officer: User, owner_client: Client
) -> None:
    in_status(Status.AWAITING_PAYMENT, owner, officer)
    with time_machine.travel(dt.datetime(2026, 12, 8, tzinfo=TAIPEI) + dt.timedelta(seconds=seconds)):
        found = block(page(logged_in(owner)), "核准待繳費案件")
    assert ("期限已過" in found) is over
    assert ('<a href="/china-student/individual/payments/">線上繳費</a>' in found) is not over


def test_a_draft_is_taken_up_again(owner: User, owner_client: Client) -> None:
    draft = Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="multiple-entry", data=BEGUN)
    found = block(page(owner_client), "草稿")
    assert f'<a href="{START}{draft.token}/form/">繼續填寫<' in found
    assert f'<a href="{START}{draft.token}/delete/">刪除<' in found


def test_a_draft_without_a_permit_is_none_yet(owner: User, owner_client: Client) -> None:
    typed = {"step": "permit", "step_data": {"declaration": {"agree": ["on"]}}}
    Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="multiple-entry", data=typed)
    assert "草稿" not in page(owner_client).partition("<main")[2]


def test_nobody_elses_case_or_draft_is_shown(owner: User, stranger_client: Client) -> None:
    Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="multiple-entry", data=BEGUN)
    submitted(owner)
    assert "您還沒有「陸生換發多次證申請」的案件。" in page(stranger_client)


def test_a_visitor_is_sent_to_the_log_in(client: Client) -> None:
    response: Any = client.get(TODO)
    assert response.status_code == 302
    assert response["Location"] == "/china-student/individual/login/?next=%2Fchina-student%2Findividual%2Ftodo%2F"


def test_the_page_asks_at_most_eight_questions(
    owner: User, officer: User, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    in_status(Status.WITHDRAWN, owner, officer)
    with django_assert_max_num_queries(8) as one:
        page(owner_client)
    in_status(Status.COMPLETED, owner, officer)
    submitted(owner)
    Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="multiple-entry", data=BEGUN)
    with django_assert_max_num_queries(len(one)):
        page(owner_client)


def test_every_tab_comes_along_and_counts_its_own(owner: User, owner_client: Client) -> None:
    """The others wait in templates, which a script takes from there; without one a tab is a link."""
    case = submitted(owner)
    html = page(owner_client, tab="extension")
    assert '<a href="?tab=extension" data-tab="extension" aria-current="page">' in html
    shown, _, waiting = html.partition("<main")[2].partition("<template")
    assert case.case_no not in shown
    assert "您還沒有「陸生多次證延期申請」的案件。" in shown
    assert case.case_no in waiting.partition('data-tab="multiple-entry">')[2].partition("</template>")[0]


def test_the_blocks_stand_in_the_order_of_what_is_to_be_done(owner: User, officer: User, owner_client: Client) -> None:
    in_status(Status.COMPLETED, owner, officer)
    in_status(Status.CORRECTION, owner, officer)
    Draft.objects.create(owner=owner, category=people.CATEGORY, kind_code="multiple-entry", data=BEGUN)
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page(owner_client).partition("<main")[2].partition("<template")[0])
    assert headings == ["待補件案件", "新申請案件", "已結案案件", "草稿"]


def test_old_cases_are_a_link_away(owner: User, owner_client: Client) -> None:
    for _ in range(11):
        act(Action.WITHDRAW, submitted(owner), owner)
    shown = page(owner_client).partition("<main")[2].partition("<template")[0]
    assert shown.count("已撤銷</span>") == 10
    assert '<a href="/china-student/individual/progress/?kind=multiple-entry">查看全部案件</a>' in shown
