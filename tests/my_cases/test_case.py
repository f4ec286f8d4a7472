"""案件詳細資料 (圖 54) and its documents."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.my_cases.wording import HAPPENED, NEXT
from tests.factories.cases import PNG, TAIPEI, act, document, in_status, submitted
from tests.staff import logged_in

pytestmark = pytest.mark.django_db


def address(case: Case) -> str:
    return f"/china-student/individual/cases/{case.case_no}/"


def page(client: Client, case: Case) -> str:
    response = client.get(address(case))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def case(owner: User) -> Case:
    return submitted(owner, documents=[document(original_name="我的照片.bmp")])


def test_what_was_sent_is_shown_with_its_files(case: Case, owner_client: Client) -> None:
    html = page(owner_client, case)
    for label, value in (("收件號", case.case_no), ("團號", case.group_no)):
        assert f'<dt>{label}</dt><dd class="number" translate="no">{value}</dd>' in html
    assert "<dt>申請類別</dt><dd>陸生換發多次證申請</dd>" in html
    assert "2026/11/23 10:30</time></dd>" in html
    assert '<span class="tag tag-new">已送件，等待審核</span>' in html
    assert "<h2>申請人資料</h2>" in html
    assert '<dt>英文姓名</dt><dd translate="no">WANG, XIAOMING</dd>' in html
    photo = case.documents.get()
    assert f'照片：<a href="{address(case)}documents/{photo.uid}/" translate="no">我的照片.bmp</a>' in html
    assert 'href="/china-student/individual/todo/?tab=multiple-entry">回待辦事項</a>' in html


def test_the_timeline_speaks_plainly(case: Case, officer: User, owner_client: Client) -> None:
    case = act(Action.TAKE, case, officer)
    case = act(Action.ASK_SUPPLEMENT, case, officer, opinion="請補在學證明 <正反面>")
    html = page(owner_client, case)
    steps = re.findall(r'<li><time class="number"[^>]*>([^<]*)</time> ([^<]*)', html)
    assert [(at, text.strip()) for at, text in steps] == [
        ("2026/11/23 10:30", "您送出了申請"),
        ("2026/11/23 10:30", "審核人員開始審核"),
        ("2026/11/23 10:30", "審核人員請您補件"),
    ]
    assert html.count("請補在學證明 &lt;正反面&gt;") == 2  # on top, and in the timeline
    assert officer.username not in html.split("</h1>")[1]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (Status.SUBMITTED, ["等待審核人員審核。文件齊全時約需 2 個工作日，有結果時會以 Email 通知您。"]),
        (Status.SUPPLEMENT, ["請依照審核意見，於期限內補件。", "2027/01/25", "請補在學證明"]),
        (Status.AWAITING_PAYMENT, ["請於期限內線上繳費", "2026/12/07", "新臺幣 1,000 元", "/china-student/individual/payments/"]),
        (Status.COMPLETED, ["請至下載專區下載電子許可證", "/china-student/individual/downloads/permits/"]),
        (Status.REJECTED, ["本案不予核准。", "原申請事由或目的消失", "已休學"]),
        (Status.LAPSED, ["本案逾期未辦，已結束。"]),
    ],
)
def test_what_happens_next(status: Status, shown: list[str], owner: User, officer: User, owner_client: Client) -> None:
    notice = page(owner_client, in_status(status, owner, officer)).split("</h1>")[1].split('<h2 id="timeline">')[0]
    for words in shown:
        assert words in notice


@pytest.mark.parametrize("status", [Status.CORRECTION, Status.SUPPLEMENT, Status.AWAITING_PAYMENT])
def test_after_the_deadline_it_asks_for_nothing_any_more(status: Status, owner: User, officer: User) -> None:
    case = in_status(status, owner, officer)
    with time_machine.travel(dt.datetime(2027, 1, 26, tzinfo=TAIPEI)):
        notice = page(logged_in(owner), case).split("</h1>")[1].split('<h2 id="timeline">')[0]
    assert "期限已過，本案即將結束。期限內已繳費者，金融機構確認後即可結案。" in notice
    assert "/china-student/individual/payments/" not in notice


def test_an_opinion_that_was_answered_is_not_on_top_any_more(owner: User, officer: User, owner_client: Client) -> None:
    case = act(Action.RESUBMIT, in_status(Status.CORRECTION, owner, officer), owner, reply="已重拍")
    html = page(owner_client, case)
    assert "審核意見" not in html.split('<h2 id="timeline">')[0]
    assert "<p>已重拍</p>" in html


def test_every_action_and_every_status_has_its_words() -> None:
    assert set(HAPPENED) == set(Action)
    assert set(NEXT) == set(Status)


def test_a_document_is_downloaded_under_its_own_name(case: Case, owner_client: Client) -> None:
    response = owner_client.get(f"{address(case)}documents/{case.documents.get().uid}/")
    assert response.getvalue() == PNG
    response.close()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%88%91%E7%9A%84%E7%85%A7%E7%89%87.png"  # kept as PNG, whatever it was
    )


def test_a_replaced_document_is_not_listed(owner: User, officer: User, owner_client: Client) -> None:
    case = in_status(Status.CORRECTION, owner, officer, documents=[document(original_name="舊.png")])
    old = case.documents.get()
    act(Action.RESUBMIT, case, owner, documents=[document(original_name="新.png")], removed=[old.uid])
    html = page(owner_client, case)
    assert "新.png" in html
    assert "舊.png" not in html


def test_a_missing_document_is_a_404(case: Case, owner_client: Client) -> None:
    assert owner_client.get(f"{address(case)}documents/{uuid.uuid4()}/").status_code == 404
    photo = case.documents.get()
    where = f"{address(case)}documents/{photo.uid}/"
    photo.file.delete(save=False)
    assert owner_client.get(where).status_code == 404


def not_found(client: Client, at: str) -> str:
    """The page that says so, but for what is new with every request."""
    answer = client.get(at)
    assert answer.status_code == 404
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode()).replace(at, "")


def test_a_stranger_finds_nothing(case: Case, stranger: User, stranger_client: Client) -> None:
    other = submitted(stranger)
    photo = case.documents.get().uid
    missing = not_found(stranger_client, "/china-student/individual/cases/115150999999/")
    for at in (address(case), f"{address(case)}documents/{photo}/", f"{address(other)}documents/{photo}/"):
        assert not_found(stranger_client, at) == missing


def test_a_visitor_is_sent_to_the_log_in(case: Case, client: Client, officer_client: Client) -> None:
    for visitor in (client, officer_client):
        for at in (address(case), f"{address(case)}documents/{case.documents.get().uid}/"):
            answer: Any = visitor.get(at)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/china-student/individual/login/?next=")


def test_the_page_asks_no_more_for_more_files_and_events(
    owner: User, officer: User, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    case = submitted(owner, documents=[document()])
    with django_assert_max_num_queries(8):
        page(owner_client, case)
    case = act(Action.ASK_CORRECTION, act(Action.TAKE, case, officer), officer)
    with django_assert_max_num_queries(8):
        page(owner_client, case)
    case = act(Action.RESUBMIT, case, owner, documents=[document(), document("enrolment")])
    with django_assert_max_num_queries(8) as once:
        page(owner_client, case)
    case = act(Action.ASK_SUPPLEMENT, act(Action.TAKE, case, officer), officer)
    act(Action.RESUBMIT, case, owner, documents=[document("other")])
    with django_assert_max_num_queries(len(once)):
        page(owner_client, case)
