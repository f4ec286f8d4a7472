"""The decision page."""

import logging
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.cases import findings
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.home.groups import EDITORS
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant
from portal.review.groups import OFFICERS
from tests.factories.cases import NOW, PNG, act, submitted
from tests.staff import logged_in, make_staff

from .conftest import ANSWERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def address(case: Case) -> str:
    return f"/admin/cases/review/{case.case_no}/"


def post(client: Client, case: Case, action: str, **data: Any) -> Any:
    return client.post(address(case), {"action": action, "version": case.version, **data})


def ticked(case: Case) -> list[str]:
    """The codes of all that is found, as an officer ticks them."""
    return [finding.code for finding in findings.of(case, now=NOW)]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def mine(case: Case, officer: User) -> Case:
    """The case, taken by the officer."""
    return act(Action.TAKE, case, officer)


@pytest.fixture
def colleague(officer: User) -> User:
    return make_staff("colleague", OFFICERS)


def test_the_page_shows_answers_beside_the_records(case: Case, officer_client: Client) -> None:
    Applicant.objects.update(papers=case.applicant["papers"])
    html = text(officer_client.get(address(case)))
    assert "案件審核" in html
    for shown in (case.case_no, case.group_no, "王小明", "國立臺灣大學", "陸生換發多次證申請", "2026/11/23 10:30", "待審核"):
        assert shown in html
    different = html.split('<tr class="review-differs">')
    assert len(different) == 2
    row = different[1].split("</tr>")[0]
    assert "英文姓名" in row
    assert "<td>WANG, XIAO MING" in row
    assert "<strong>不同</strong>：WANG, XIAOMING" in row
    assert "2004/05/06" in html
    assert "上海市浦東新區" in html


def test_a_record_left_out_of_the_answers_is_a_difference(owner: User, officer_client: Client) -> None:
    html = text(officer_client.get(address(submitted(owner, answers={**ANSWERS, "degree": ""}))))
    assert "<strong>不同</strong>：學士班" in html


def test_the_page_shows_documents_history_and_the_first_action(case: Case, officer_client: Client) -> None:
    html = text(officer_client.get(address(case)))
    photo, pdf = case.documents.all()
    assert f'<img src="{address(case)}documents/{photo.uid}/" alt="照片" loading="lazy">' in html
    assert f'<a href="{address(case)}documents/{pdf.uid}/" target="_blank" rel="noopener">' in html
    assert f'<iframe class="review-pdf" src="{address(case)}documents/{pdf.uid}/" title="' in html
    assert "照片" in html
    assert "2026/11/23 10:30</time> 送件（王小明）" in html
    assert 'value="take" aria-keyshortcuts="a" data-key="a">開始審核' in html
    assert 'value="approve"' not in html


def test_reading_is_logged_without_personal_data(case: Case, officer: User, officer_client: Client, caplog: Any) -> None:
    document = case.documents.get(slot="photo")
    with caplog.at_level(logging.INFO, logger="portal.review"):
        officer_client.get(address(case))
        officer_client.get(f"{address(case)}documents/{document.uid}/").close()
    lines = [record.getMessage() for record in caplog.records if record.name == "portal.review"]
    assert lines == [
        f"user {officer.pk} reads case {case.uid}",
        f"user {officer.pk} reads document {document.uid} of case {case.uid}",
    ]


def test_from_the_list_to_approval_are_three_clicks(case: Case, officer_client: Client) -> None:
    page = post(officer_client, case, "take")
    assert (page.status_code, page["Location"]) == (302, address(case))
    taken = Case.objects.get()
    html = text(officer_client.get(address(taken)))
    assert "申請人會收到繳費通知：新臺幣 1,000 元。" in html
    assert f"收件號 {case.case_no}：開始審核" in html
    done = post(officer_client, taken, "approve", accepted=ticked(taken))
    assert (done.status_code, done["Location"]) == (302, address(case))
    assert Case.objects.get().status == Status.AWAITING_PAYMENT
    html = text(officer_client.get(address(case)))
    assert "目前沒有需要審核人員處理的動作。" in html
    assert "2026/11/23 – 2028/11/23" in html


@pytest.mark.parametrize(("action", "status"), [("ask_correction", Status.CORRECTION), ("ask_supplement", Status.SUPPLEMENT)])
def test_return_with_an_opinion(action: str, status: Status, mine: Case, officer_client: Client) -> None:
    assert post(officer_client, mine, action, opinion="請補在學證明").status_code == 302
    case = Case.objects.get()
    assert (case.status, case.opinion) == (status, "請補在學證明")
    assert "<p>請補在學證明</p>" in text(officer_client.get(address(case)))


def test_return_asking_for_a_document_that_no_slot_names(mine: Case, officer_client: Client, owner_client: Client) -> None:
    assert post(officer_client, mine, "ask_supplement", opinion="請補件", asked="休學證明").status_code == 302
    case = Case.objects.get()
    assert "<p>另請檢附：休學證明<span" in text(officer_client.get(address(case)))
    html = text(owner_client.get(f"/china-student/individual/cases/{case.case_no}/"))
    assert "<strong>另請檢附：</strong></p><ul><li>休學證明</li></ul>" in html
    assert "另請檢附：\n- 休學證明\n" in OutgoingMail.objects.get(kind="case_returned").body


def test_a_case_that_was_withdrawn_asks_its_student_for_nothing(
    mine: Case, officer_client: Client, owner: User, owner_client: Client
) -> None:
    post(officer_client, mine, "ask_supplement", opinion="請補件", asked="休學證明")
    case = act(Action.WITHDRAW, Case.objects.get(), owner)
    assert "<strong>另請檢附：</strong>" not in text(owner_client.get(f"/china-student/individual/cases/{case.case_no}/"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("甲" * 61, "請確認這個值至多包含 60 個字 (目前為 61 個字)。"),
        ("證明\U0001f600", "另請檢附含有無法列印的字元："),
        (" 照片 ", "應檢附文件已有這一項；請在該項旁的「＋意見」說明要補什麼"),
    ],
    ids=["too long", "not printable", "asked already"],
)
def test_a_document_has_a_short_name_that_can_be_printed(mine: Case, officer_client: Client, asked: str, message: str) -> None:
    page = post(officer_client, mine, "ask_supplement", opinion="請補件", asked=asked)
    assert (page.status_code, message in text(page)) == (200, True)
    assert Case.objects.get().status == Status.IN_REVIEW


def test_an_older_page_keeps_the_document_asked_for(mine: Case, owner: User, officer_client: Client) -> None:
    act(Action.WITHDRAW, mine, owner)
    page = post(officer_client, mine, "ask_correction", opinion="意見", asked="休學證明")
    assert '<textarea id="kept-asked" name="asked" rows="3">休學證明</textarea>' in text(page)


def test_reject_with_a_reason(mine: Case, officer_client: Client) -> None:
    assert post(officer_client, mine, "reject", reason="purpose_lost", reject_opinion="已休學").status_code == 302
    case = Case.objects.get()
    assert (case.status, case.reject_reason, case.opinion) == (Status.REJECTED, "purpose_lost", "已休學")


def test_the_grounds_name_their_law(mine: Case, officer_client: Client) -> None:
    law = "大陸地區人民來臺就讀專科以上學校辦法第11條第1項第6款、大陸地區人民進入臺灣地區許可辦法第12條"
    ground = f'<option value="purpose_lost">原申請事由或目的消失（{law}）</option>'
    assert ground in text(officer_client.get(address(mine)))


def test_release(mine: Case, officer_client: Client) -> None:
    assert post(officer_client, mine, "release").status_code == 302
    assert (Case.objects.get().status, Case.objects.get().assignee) == (Status.SUBMITTED, None)


@pytest.mark.parametrize(
    ("action", "data", "message"),
    [
        ("ask_correction", {"opinion": "  "}, "請填寫審核意見"),
        ("reject", {"reject_opinion": "我寫了很久的意見"}, "請選擇不予核准原因"),
        ("reject", {"reject_opinion": "我寫了很久的意見", "reason": "because"}, "because"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    action: str, data: dict[str, str], message: str, mine: Case, officer_client: Client
) -> None:
    page = post(officer_client, mine, action, **data)
    html = text(page)
    assert page.status_code == 200
    assert message in html
    assert "錯誤：案件審核" in html
    assert next(iter(data.values())).strip() in html
    assert Case.objects.get().status == Status.IN_REVIEW


def test_an_older_page_is_notified_and_keeps_the_opinion(mine: Case, owner: User, officer_client: Client) -> None:
    act(Action.WITHDRAW, mine, owner)
    page = post(officer_client, mine, "ask_correction", opinion="我寫了很久的意見")
    html = text(page)
    assert page.status_code == 409
    assert "這件案件剛被別人處理過。請先看目前的狀態，再決定下一步；您填寫的內容還在。" in html
    assert '<textarea id="kept-opinion" name="opinion" rows="3">我寫了很久的意見</textarea>' in html
    assert "已撤銷" in html
    assert Case.objects.get().status == Status.WITHDRAWN


def test_an_older_page_of_a_case_still_in_review_can_be_sent_again(mine: Case, officer: User, officer_client: Client) -> None:
    again = act(Action.TAKE, act(Action.RELEASE, mine, officer), officer)
    page = post(officer_client, mine, "ask_supplement", opinion="我寫了很久的意見")
    html = text(page)
    assert page.status_code == 409
    assert f'<input type="hidden" name="version" value="{again.version}">' in html
    assert "我寫了很久的意見</textarea>" in html
    assert post(officer_client, again, "ask_supplement", opinion="我寫了很久的意見").status_code == 302


def test_a_colleague_sees_who_reviews_and_cannot_decide(mine: Case, colleague: User) -> None:
    client = logged_in(colleague)
    html = text(client.get(address(mine)))
    assert "officer 正在審核這件案件；退回待審核後，任何審核人員都可以接手。" in html
    assert 'value="approve"' not in html
    page = post(client, mine, "approve")
    assert page.status_code == 409
    assert "以案件目前的狀態，您不能執行這個動作；您填寫的內容還在。" in text(page)
    assert Case.objects.get().status == Status.IN_REVIEW


@pytest.mark.parametrize("data", [{}, {"action": "settle"}, {"action": "withdraw"}, {"action": "approve", "version": "x"}])
def test_a_meddled_form_changes_nothing(data: dict[str, str], mine: Case, officer_client: Client) -> None:
    page = officer_client.post(address(mine), data)
    assert page.status_code == 409
    assert 'role="alert"' in text(page)
    assert Case.objects.get().status == Status.IN_REVIEW


def test_a_decision_leads_straight_to_the_next_case(mine: Case, stranger: User, officer_client: Client) -> None:
    other = submitted(stranger)
    done = post(officer_client, mine, "reject", reason="purpose_lost", then="next")
    assert done["Location"] == address(other)
    other.refresh_from_db()
    assert (other.status, other.assignee) == (Status.IN_REVIEW, mine.assignee)
    last = post(officer_client, other, "reject", reason="purpose_lost", then="next")
    assert last["Location"] == "/admin/cases/review/"
    assert "目前沒有待審核的案件。" in text(officer_client.get(last["Location"]))


def test_a_case_that_does_not_exist(officer_client: Client) -> None:
    assert officer_client.get("/admin/cases/review/115150000019/").status_code == 404


def test_a_document_is_looked_at_in_a_sandbox(case: Case, officer_client: Client) -> None:
    photo = case.documents.get(slot="photo")
    response = officer_client.get(f"{address(case)}documents/{photo.uid}/")
    assert response.getvalue() == PNG
    response.close()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert "no-store" in response["Cache-Control"]


def test_a_document_of_another_case_or_without_its_file_is_missing(case: Case, stranger: User, officer_client: Client) -> None:
    other = submitted(stranger)
    photo = case.documents.get(slot="photo")
    assert officer_client.get(f"{address(other)}documents/{photo.uid}/").status_code == 404
    assert officer_client.get(f"{address(case)}documents/{uuid.uuid4()}/").status_code == 404
    photo.file.delete(save=False)
    assert officer_client.get(f"{address(case)}documents/{photo.uid}/").status_code == 404


@pytest.mark.parametrize("page", ["decision", "document"])
def test_only_officers_are_let_in(page: str, case: Case, owner_client: Client, client: Client) -> None:
    photo = case.documents.get(slot="photo")
    at = address(case) if page == "decision" else f"{address(case)}documents/{photo.uid}/"
    refused = logged_in(make_staff("editor", EDITORS)).get(at)
    assert (refused.status_code, refused["Location"]) == (302, reverse("wagtailadmin_home"))
    for visitor in (client, owner_client):
        assert visitor.get(at).status_code == 302
        assert visitor.get(at)["Location"].startswith("/admin/login/")
