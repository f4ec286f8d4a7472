"""The decision page beyond the actions: findings, remarks, prepared reasons, drafts, corrections, notes, what it costs."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases import findings, operations
from portal.cases.models import Case, CaseEvent, CaseRead, Return
from portal.cases.states import Action, Status
from portal.cms.snippets import publish_new
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant, Permit
from portal.review.groups import OFFICERS, SUPERVISORS
from portal.review.models import Note, ReasonTemplate, ReviewDraft
from portal.staff_login.models import Authenticator
from portal.throttling.form_limits import VALUES_MAX
from tests.factories.cases import NOW, act, document, match, submitted
from tests.staff import logged_in, make_staff

from .conftest import ANSWERS
from .test_decision import address, post, text, ticked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mine(case: Case, officer: User) -> Case:
    """The case, taken by the officer; the records know the permit."""
    return act(Action.TAKE, case, officer)


def template(name: str = "照片不清楚", said: str = "請重新上傳照片。", on: str = "upload-photo", **more: Any) -> ReasonTemplate:
    publish_new(ReasonTemplate(name=name, text=said, on=on, **more))
    return ReasonTemplate.objects.get(name=name)


def reload(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


# -- findings -------------------------------------------------------------------------


def test_a_permit_revoked_after_sending_is_approved_with_its_tick_only(mine: Case, officer_client: Client) -> None:
    Permit.objects.update(revoked=True)
    found = ticked(mine)
    assert "permit_revoked" in found
    page = post(officer_client, mine, "approve", accepted=[code for code in found if code != "permit_revoked"])
    html = text(page)
    assert page.status_code == 409
    assert "還有沒勾選的審查發現，請逐項確認後再核准。" in html
    unaccepted = html.split("review-unaccepted")[1].split("</ul>")[0]
    assert "現持許可證 115000000015 已廢止" in unaccepted
    assert unaccepted.count("<li>") == 1
    assert '<details class="review-panel" name="review-panel" data-panel="approve" open>' in html
    assert f'value="{found[1]}" form="approve-form" checked' in html
    assert reload(mine).status == Status.IN_REVIEW
    assert post(officer_client, mine, "approve", accepted=found).status_code == 302
    assert reload(mine).status == Status.AWAITING_PAYMENT
    assert "現持許可證 115000000015 已廢止" in CaseEvent.objects.get(action="approve").note


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"party_role": "current", "party_post": "某局科員"}, "party_post_current"),
        ({"party_role": "former", "party_post": "某局科員"}, "party_post_former"),
        ({"other_passport": "Y", "other_nationality": "新加坡"}, "other_nationality"),
        ({"entered_on": "2026-11-02", "health_check_date": "2026-11-10"}, "health_check_late"),
        ({"entered_on": "2026-11-02", "health_check_date": "2026-11-01"}, "health_check_before_entry"),
        ({"english_name": "WANG, XIAO MING"}, "answers_differ"),
    ],
)
def test_what_was_answered_is_found(mine: Case, answers: dict[str, str], code: str) -> None:
    mine.answers = {**ANSWERS, "english_name": "WANG, XIAOMING", **answers}
    assert code in ticked(mine)
    mine.answers = {**ANSWERS, "english_name": "WANG, XIAOMING", "health_check_date": "2026-11-09", "party_role": "none"}
    assert code not in ticked(mine)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"revoked": True}, "permit_revoked"),
        ({"stay_until": "2026-11-22"}, "stay_over"),
        ({"valid_until": "2027-01-21"}, "permit_changed"),
    ],
)
def test_what_the_permits_record_says_now_is_found(mine: Case, changes: dict[str, Any], code: str) -> None:
    assert code not in ticked(mine)
    Permit.objects.update(**changes)
    assert code in ticked(mine)


def test_what_changed_in_the_records_stands_beside_its_answer_with_the_new_value(mine: Case, officer_client: Client) -> None:
    """The row compares with the records of the day of sending; what they say now is what is decided on."""
    Applicant.objects.update(chinese_name="王曉明", school="0002", papers=mine.applicant["papers"])
    Permit.objects.update(valid_until="2027-01-21")
    html = text(officer_client.get(address(mine)))
    row = (
        html.split('id="answer-chinese_name"')[0].rpartition("<tr")[2]
        + html.split('id="answer-chinese_name"')[1].split("</tr>")[0]
    )
    assert row.startswith(' class="review-differs">')
    assert "送件時相同，<strong>現為</strong> 王曉明" in row
    assert " 相同" not in row.replace("送件時相同", "")
    moved = html.split("<h3>送件後變更的署內資料</h3>")[1].split("</ul>")[0]
    assert re.findall(r"<li>(.+?)</li>", moved) == [
        "有效期限：送件時 2027/01/20，現為 <strong>2027/01/21</strong>",
        "中文姓名：送件時 王小明，現為 <strong>王曉明</strong>",
        "學校代碼：送件時 0003，現為 <strong>0002</strong>",
        "就讀學校：送件時 國立臺灣大學，現為 <strong>國立清華大學</strong>",
    ]


def test_answers_that_differ_are_named_in_the_order_of_the_form(mine: Case) -> None:
    """Wherever the answers are kept: PostgreSQL keeps their names by length."""
    typed = {"gender": "1", "department": "物理學系", "english_name": "WANG, XIAO MING", "chinese_name": "王曉明"}
    Case.objects.update(answers={**ANSWERS, **typed})
    said = [str(found.words) for found in findings.of(reload(mine), now=NOW) if found.code == "answers_differ"]
    assert said == ["申請人填寫與署內資料不同：中文姓名、英文姓名、性別、系所"]


def test_records_that_came_to_agree_are_said_beside_the_old_difference(mine: Case, officer_client: Client) -> None:
    Applicant.objects.update(english_name=ANSWERS["english_name"])
    row = text(officer_client.get(address(mine))).split('id="answer-english_name"')[1].split("</tr>")[0]
    assert "<strong>不同</strong>：WANG, XIAOMING，<strong>現為</strong> WANG, XIAO MING" in row


def test_a_permit_and_an_applicant_that_are_gone_are_found(mine: Case) -> None:
    Permit.objects.all().delete()
    assert "permit_unknown" in ticked(mine)
    Applicant.objects.all().delete()
    assert "applicant_unknown" in ticked(mine)


def test_what_an_upload_was_warned_of_is_found(owner: User, officer: User, officer_client: Client) -> None:
    mine = act(Action.TAKE, submitted(owner, documents=[document(warnings=["small_photo"])]), officer)
    assert f"document-{mine.documents.get().uid.hex[:8]}-small_photo" in ticked(mine)
    assert "照片（大頭照.png）：照片像素不足" in text(officer_client.get(address(mine)))


def test_nothing_found_is_said(owner: User, wang: Applicant, officer: User, officer_client: Client) -> None:
    known = match(owner, stay_until=Permit.objects.get().stay_until)
    Applicant.objects.update(papers=dict(known.applicant.papers))
    mine = act(Action.TAKE, submitted(owner, match=known), officer)
    assert [finding.words for finding in findings.of(mine, now=NOW)] == []
    assert "與署內資料核對，沒有審查發現。" in text(officer_client.get(address(mine)))


def test_records_that_do_not_answer_are_said(mine: Case, officer_client: Client, settings: Any) -> None:
    settings.RECORDS_SOURCE = "tests.review.test_page.Silent"
    html = text(officer_client.get(address(mine)))
    assert "目前無法查詢署內資料：審查發現不完整，也不能核准。" in html
    page = post(officer_client, mine, "approve")
    assert (page.status_code, findings.UNAVAILABLE in text(page)) == (409, True)


class Silent:
    """Records that do not answer."""

    def __getattr__(self, name: str) -> Any:
        from portal.records.protocol import RecordsUnavailable

        raise RecordsUnavailable


# -- returning ------------------------------------------------------------------------


def test_reasons_are_inserted_once_and_stay_as_the_officer_made_them(mine: Case, officer_client: Client) -> None:
    photo, other = template(), template("地址", "地址請寫到樓。", "home_address")
    page = post(officer_client, mine, "insert", reasons=[str(photo.pk), str(other.pk)], opinion="您好：")
    assert page["Location"] == f"{address(mine)}?open=return"
    html = text(officer_client.get(page["Location"]))
    assert "您好：\n地址請寫到樓。\n請重新上傳照片。</textarea>" in html
    assert '<details class="review-pin" open><summary aria-label="對照片的意見">' in html
    done = post(
        officer_client,
        mine,
        "ask_correction",
        reasons=[str(photo.pk), str(other.pk)],
        inserted=[str(photo.pk), str(other.pk)],
        opinion="照片太暗。",
        **{"remark-upload-photo": "太暗", "remark-home_address": " "},
    )
    assert done.status_code == 302
    returned = Return.objects.get()
    assert (returned.opinion, returned.remarks) == ("照片太暗。", [{"on": "upload-photo", "text": "太暗"}])
    assert returned.reasons == ["地址", "照片不清楚"]
    assert not ReviewDraft.objects.exists()


def test_reasons_ticked_without_a_script_are_inserted_on_sending(mine: Case, officer_client: Client) -> None:
    photo = template()
    assert post(officer_client, mine, "ask_supplement", reasons=[str(photo.pk)], opinion="").status_code == 302
    returned = Return.objects.get()
    assert (returned.opinion, returned.remarks) == ("請重新上傳照片。", [{"on": "upload-photo", "text": "請重新上傳照片。"}])


def test_reasons_of_other_kinds_and_drafts_are_not_offered(mine: Case, officer_client: Client) -> None:
    template("別類", kinds=["china-student.extension"])
    template("本類", kinds=[mine.kind.key])
    ReasonTemplate.objects.create(name="草稿", text="草稿", live=False)
    html = text(officer_client.get(address(mine)))
    assert [name in html for name in ("本類", "別類", "草稿")] == [True, False, False]


def test_an_empty_opinion_is_named_and_what_was_pinned_stays(mine: Case, officer_client: Client) -> None:
    page = post(officer_client, mine, "ask_correction", opinion=" ", **{"remark-department": "系所請寫全名"})
    html = text(page)
    assert (page.status_code, "請填寫審核意見" in html) == (200, True)
    assert 'data-panel="return" open>' in html
    assert ">系所請寫全名</textarea>" in html


def test_a_return_is_taken_back_and_its_deadline_is_lengthened(mine: Case, officer_client: Client) -> None:
    post(officer_client, mine, "ask_correction", opinion="請補正")
    html = text(officer_client.get(address(mine)))
    assert "待補正，期限 2027/01/25" in html
    assert post(officer_client, reload(mine), "extend").status_code == 302
    assert str(reload(mine).deadline) == "2027-03-23"
    assert post(officer_client, reload(mine), "extend").status_code == 409
    assert post(officer_client, reload(mine), "take_back").status_code == 302
    assert reload(mine).status == Status.IN_REVIEW


def test_an_extension_asked_for_is_declined_with_a_reason(mine: Case, owner: User, officer: User, officer_client: Client) -> None:
    returned = act(Action.ASK_CORRECTION, mine, officer)
    act(Action.ASK_EXTENSION, returned, owner)
    assert "學校尚未開學，文件無法取得" in text(officer_client.get(address(mine)))
    page = post(officer_client, reload(mine), "decline_extension", decline_opinion="")
    assert "請填寫不同意的理由" in text(page)
    assert post(officer_client, reload(mine), "decline_extension", decline_opinion="可線上申請").status_code == 302
    assert Return.objects.get().extension_declined_at == NOW


def test_what_changed_since_the_return_stands_on_top(mine: Case, owner: User, officer: User, officer_client: Client) -> None:
    returned = act(Action.ASK_CORRECTION, mine, officer, opinion="請更正英文姓名，並重附照片")
    photo = mine.documents.get(slot="photo")
    operations.resubmit(
        returned,
        actor=owner,
        version=returned.version,
        answers={**ANSWERS, "english_name": "WANG, XIAOMING"},
        documents=[document(original_name="新照片.png")],
        removed=[photo.uid],
        reply="已更正",
        now=NOW,
    )
    html = text(officer_client.get(address(mine))).split('id="changes"')[1].split("</section>")[0]
    assert "與上次送件的差異" in html
    assert "<p>請更正英文姓名，並重附照片</p>" in html
    assert "<p>已更正</p>" in html
    assert "<del>WANG, XIAO MING</del></td><td><ins>WANG, XIAOMING</ins>" in html
    assert ">照片：新照片.png</a>" in html
    assert f'<strong class="review-gone">移除</strong> <a href="{address(mine)}documents/{photo.uid}/"' in html


# -- nothing typed is lost ------------------------------------------------------------


def test_what_is_typed_is_kept_by_the_script_and_by_the_button(mine: Case, officer_client: Client) -> None:
    answer = officer_client.post(f"{address(mine)}draft/", {"opinion": "寫到一半", "remark-department": "系所", "version": "1"})
    assert answer.json() == {"saved": "已暫存 10:30:00"}
    assert ReviewDraft.objects.get().data == {"opinion": ["寫到一半"], "remark-department": ["系所"]}
    html = text(officer_client.get(address(mine)))
    assert "寫到一半</textarea>" in html
    assert 'name="remark-department" rows="2" maxlength="400" aria-label="對系所的意見">系所</textarea>' in html
    assert post(officer_client, mine, "save", opinion="再寫一點")["Location"] == f"{address(mine)}?open=return"
    assert ReviewDraft.objects.get().data["opinion"] == ["再寫一點"]


def test_no_remark_holds_what_no_database_keeps(mine: Case, officer_client: Client) -> None:
    """Remarks are no fields of the form: what is posted for them is cleaned as fields are."""
    said = {"opinion": "請補正", "remark-department": "  請填\0全名\u200b "}
    assert post(officer_client, mine, "ask_correction", **said).status_code == 302
    assert Return.objects.get().remarks == [{"on": "department", "text": "請填全名"}]


@pytest.mark.parametrize("action", ["ask_correction", "save", "insert"])
def test_a_name_that_no_database_keeps_is_not_kept(action: str, mine: Case, officer_client: Client) -> None:
    odd = {"opinion": "請補正", "remark-\0x": "無"}
    assert post(officer_client, mine, action, **odd).status_code == (409 if action == "ask_correction" else 302)
    assert ReviewDraft.objects.get().data == {"opinion": ["請補正"]}


def test_a_draft_grows_with_no_names_that_somebody_makes_up(mine: Case, officer_client: Client) -> None:
    for batch in range(3):
        made_up = {f"remark-{batch}-{number}": "x" for number in range(VALUES_MAX - 1)}
        officer_client.post(f"{address(mine)}draft/", {"opinion": f"寫到一半 {batch}", **made_up})
    kept = ReviewDraft.objects.get().data
    assert (len(kept), kept["opinion"]) == (VALUES_MAX, ["寫到一半 2"])


def test_a_draft_is_its_officers_own(mine: Case, officer_client: Client) -> None:
    officer_client.post(f"{address(mine)}draft/", {"opinion": "我的草稿"})
    assert "我的草稿" not in text(logged_in(make_staff("colleague", OFFICERS)).get(address(mine)))


def test_a_case_that_a_colleague_released_keeps_the_text_editable(mine: Case, officer_client: Client) -> None:
    colleague = make_staff("colleague", OFFICERS)
    act(Action.RELEASE, mine, colleague)
    page = post(officer_client, mine, "ask_correction", opinion="我寫了很久的意見", **{"remark-department": "系所全名"})
    html = text(page)
    assert page.status_code == 409
    assert '<textarea id="kept-opinion" name="opinion" rows="3">我寫了很久的意見</textarea>' in html
    assert '<textarea id="kept-remark-department" name="remark-department" rows="3">系所全名</textarea>' in html
    assert post(officer_client, reload(mine), "take").status_code == 302
    html = text(officer_client.get(address(mine)))
    assert "我寫了很久的意見</textarea>" in html
    assert ">系所全名</textarea>" in html


# -- corrections, notes, hand-over ----------------------------------------------------


def test_a_slip_is_corrected_with_a_note_and_the_student_is_notified(mine: Case, officer_client: Client) -> None:
    html = text(officer_client.get(f"{address(mine)}?correct=department&open=correct"))
    assert 'name="department" value="資訊工程學系"' in html
    done = post(officer_client, mine, "correct", correct="department", department="資訊工程研究所", correction_note="筆誤")
    assert done.status_code == 302
    case = reload(mine)
    assert (case.answers["department"], case.status) == ("資訊工程研究所", Status.IN_REVIEW)
    assert {**case.answers, "department": ""} == {**ANSWERS, "department": ""}
    assert CaseEvent.objects.get(action="correct").note == "系所：筆誤"
    assert OutgoingMail.objects.filter(kind="case_corrected").count() == 1
    html = text(officer_client.get(address(mine)))
    assert "審核人員更正" in html
    assert "<del>資訊工程學系</del>" in html


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"department": "資訊工程研究所"}, "請填寫更正說明"),
        ({"department": "資訊工程學系", "correction_note": "筆誤"}, "與目前的內容相同，沒有更正"),
        ({"department": "資訊\U0010fffd系", "correction_note": "筆誤"}, "系所含有無法列印的字元"),
        ({"department": "", "correction_note": "筆誤"}, "請輸入系所"),
    ],
)
def test_a_wrong_correction_is_refused_by_the_kinds_form(
    data: dict[str, str], message: str, mine: Case, officer_client: Client
) -> None:
    page = post(officer_client, mine, "correct", correct="department", **data)
    assert (page.status_code, message in text(page)) == (200, True)
    assert reload(mine).answers == ANSWERS


@pytest.mark.parametrize("name", ["ui_no", "school_name", "nothing", ""])
def test_what_stands_in_the_records_is_not_corrected_here(name: str, mine: Case, officer_client: Client) -> None:
    page = post(officer_client, mine, "correct", correct=name, correction_note="x", **{name or "y": "z"})
    assert page.status_code == 409
    assert reload(mine).version == mine.version


def test_a_note_is_read_by_staff_only(mine: Case, officer_client: Client, owner_client: Client) -> None:
    assert post(officer_client, mine, "note", note="是否會辦？", asks="on").status_code == 302
    assert Note.objects.values_list("text", "asks").get() == ("是否會辦？", True)
    supervisor = logged_in(make_staff("boss", SUPERVISORS))
    assert "請示主管" in text(supervisor.get(address(mine)))
    assert post(supervisor, mine, "note", note="請會辦").status_code == 302
    assert "是否會辦" not in text(owner_client.get(f"/china-student/individual/cases/{mine.case_no}/"))
    page = post(officer_client, mine, "note", note=" ")
    assert "請填寫備註" in text(page)


def test_an_officer_hands_over_and_a_supervisor_reassigns(mine: Case, officer: User, officer_client: Client) -> None:
    colleague = make_staff("colleague", OFFICERS)
    assert post(officer_client, mine, "assign", to=str(colleague.pk)).status_code == 302
    assert reload(mine).assignee == colleague
    supervisor = logged_in(make_staff("boss", SUPERVISORS))
    assert post(supervisor, reload(mine), "assign", to=str(officer.pk)).status_code == 302
    assert reload(mine).assignee == officer
    assert "請選擇承辦人" in text(post(supervisor, reload(mine), "assign"))


def test_a_case_is_given_to_nobody_who_cannot_log_in_yet(mine: Case, officer_client: Client) -> None:
    ready, invited, without_authenticator = (make_staff(name, OFFICERS) for name in ("ready", "invited", "without"))
    invited.set_unusable_password()
    invited.save()
    Authenticator.objects.filter(user=without_authenticator).delete()
    page = text(officer_client.get(address(mine) + "?open=assign"))
    offered = re.findall(r'<option value="(\d*)"', page.split('name="to"')[1].split("</select>")[0])
    assert offered == ["", str(ready.pk)]
    for each in (invited, without_authenticator):
        assert post(officer_client, mine, "assign", to=str(each.pk)).status_code == 200
    assert reload(mine).assignee == mine.assignee


def test_what_the_permit_will_print_is_shown(owner: User, officer: User, officer_client: Client) -> None:
    from tests.bench import files

    photo = document(content=files.photo(), content_type="image/jpeg")
    mine = act(Action.TAKE, submitted(owner, answers=ANSWERS, documents=[photo]), officer)
    page = officer_client.post(f"{address(mine)}preview/", {"version": mine.version})
    assert (page["Content-Type"], page.content[:5]) == ("application/pdf", b"%PDF-")
    Case.objects.update(answers={**ANSWERS, "department": "資訊\U0010fffd系"})
    page = officer_client.post(f"{address(mine)}preview/", {"version": mine.version})
    assert (page.status_code, "字型沒有收錄 U+10FFFD" in text(page)) == (409, True)
    assert reload(mine).status == Status.IN_REVIEW


def test_a_field_leads_to_the_paper_that_it_stands_on_and_the_paper_to_its_fields(mine: Case, officer_client: Client) -> None:
    html = text(officer_client.get(address(mine)))
    paper, photo = mine.documents.get(slot="enrolment"), mine.documents.get(slot="photo")
    [row] = re.findall(r'<th scope="row" id="answer-student_no">.*?</th>', html, re.DOTALL)
    assert f'href="#file-{paper.uid}"' in row
    assert "學號的佐證文件：在學證明或已註冊學生證正反面" in row
    assert "review-proof" not in re.findall(r'<th scope="row" id="answer-home_address">.*?</th>', html, re.DOTALL)[0]
    caption = {each: re.search(rf'id="file-{each.uid}".*?</figcaption>', html, re.DOTALL) for each in (paper, photo)}
    assert re.findall(r'href="#answer-(\w+)"', caption[paper][0]) == [  # type: ignore[index]
        *("school_name", "department", "degree", "student_no", "enrolled_on", "expected_graduation")
    ]
    assert "review-proves" not in caption[photo][0]  # type: ignore[index]


# -- what is kept of reading, and what it costs ---------------------------------------


def test_each_look_is_a_row(mine: Case, officer: User, officer_client: Client) -> None:
    photo = mine.documents.get(slot="photo")
    officer_client.get(address(mine))
    list(officer_client.get(f"{address(mine)}documents/{photo.uid}/"))
    rows = CaseRead.objects.order_by("pk").values_list("case", "document", "reader", "at")
    assert list(rows) == [(mine.pk, None, officer.pk, NOW), (mine.pk, photo.pk, officer.pk, NOW)]
    listed = text(logged_in(make_staff("boss", SUPERVISORS)).get("/admin/case-reads/"))
    assert listed.count(f">{mine.case_no}</a>") == 2
    assert officer_client.get("/admin/case-reads/").status_code == 302


@pytest.mark.parametrize("asked", ["no such action", "approve", "note", ""])
def test_a_refused_action_shows_the_case_and_is_a_row_too(asked: str, mine: Case, officer: User, officer_client: Client) -> None:
    answer = officer_client.post(address(mine), {"action": asked})
    assert mine.case_no in text(answer)
    assert list(CaseRead.objects.values_list("case", "reader")) == [(mine.pk, officer.pk)]


def test_a_preview_is_a_row(mine: Case, officer: User, officer_client: Client) -> None:
    officer_client.post(f"{address(mine)}preview/", {"version": mine.version})
    assert list(CaseRead.objects.values_list("case", "reader")) == [(mine.pk, officer.pk)]


def test_the_page_takes_few_queries(mine: Case, officer_client: Client, django_assert_max_num_queries: Any) -> None:
    template()
    post(officer_client, mine, "note", note="備註")
    officer_client.get(address(mine))
    with django_assert_max_num_queries(15):
        officer_client.get(address(mine))


def test_a_returned_case_takes_no_more_than_fifteen(
    mine: Case, owner: User, officer: User, officer_client: Client, django_assert_max_num_queries: Any
) -> None:
    act(Action.TAKE, act(Action.RESUBMIT, act(Action.ASK_CORRECTION, mine, officer), owner), officer)
    officer_client.get(address(mine))
    with django_assert_max_num_queries(15):
        officer_client.get(address(mine))
