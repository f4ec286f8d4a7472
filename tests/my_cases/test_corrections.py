"""退補案件處理 (圖 44-50): 補正(件)–列表, –詳細, what is kept, what is sent, and what happens meanwhile."""

import datetime as dt
import io
import re
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from PIL import Image

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.operations import performing
from portal.cases.queries import current_documents
from portal.cases.states import Action, Status
from portal.forms import purging
from portal.forms.models import Draft, DraftUpload
from portal.forms.queries import open_drafts
from portal.records.models import Permit
from portal.sessions.engine import AccountSession
from portal.uploads.file_problems import slot_is_full
from tests.architecture.test_room_for_files import files_without_room, places_of_files
from tests.factories.cases import NOW, TAIPEI, act
from tests.forms.answers import chosen, paper, photo
from tests.staff import logged_in

from .returned import OPINION, applied, given_back

pytestmark = pytest.mark.django_db
HOME = "/china-student/individual/"
AFTER = dt.datetime(2027, 1, 26, tzinfo=TAIPEI)  # the period's last second has passed


def address(case: Case) -> str:
    return f"{HOME}corrections/{case.case_no}/"


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()
    return re.sub(r"\s+", " ", response.content.decode()).partition("</h1>")[2]


def seen(case: Case) -> dict[str, str]:
    """What the page's hidden field says."""
    return {"seen": str(case.returns.last().version)}


def file_of(case: Case, slot: str) -> Any:
    return current_documents(case).get(slot=slot)


def send(client: Client, case: Case, **changes: Any) -> Any:
    """送出, and it was taken."""
    response = client.post(address(case), {**seen(case), **changes, "go": "send"})
    assert response.status_code == 302, response.content.decode().partition("<main")[2]
    return response


@pytest.fixture
def case(owner_client: Client, single_permit: Permit) -> Case:
    return applied(owner_client, single_permit)


@pytest.fixture
def correction(case: Case, officer: User) -> Case:
    return given_back(case, officer, Action.ASK_CORRECTION)


@pytest.fixture
def supplement(case: Case, officer: User) -> Case:
    return given_back(case, officer, Action.ASK_SUPPLEMENT, asked="休學證明")


def as_phones_take_it() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.effect_noise((1240, 1600), 120).convert("RGB").save(out, "JPEG", quality=95)
    assert out.tell() > settings.BODY_LIMIT
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.parametrize("headers", [{"X-Requested-With": "XMLHttpRequest"}, {}], ids=["script", "plain"])
def test_a_picture_as_phones_take_it_has_room(correction: Case, owner_client: Client, headers: dict[str, str]) -> None:
    answer = owner_client.post(address(correction), {"upload": "other", "upload-other": as_phones_take_it()}, headers=headers)
    assert answer.status_code in (200, 302), answer.content.decode()
    assert [upload.original_name for upload in DraftUpload.objects.all()] == ["IMG_0001.jpg"]


def test_the_page_has_room_for_its_files(correction: Case, owner_client: Client) -> None:
    html = owner_client.get(address(correction)).content.decode()
    assert set(places_of_files(html, "")) == {address(correction)}
    assert files_without_room(html, "") == []


def test_the_page_has_the_opinion_on_top_and_remarks_where_they_belong(correction: Case, owner_client: Client) -> None:
    html = shown(owner_client.get(address(correction)))
    top = html.split('id="application"')[0]
    assert f"<p>{OPINION}</p>" in top
    assert re.search(r'<a href="#id_department">[^<]+</a>：<span>請依學生證填寫', top)
    assert '<a href="#slot-photo">照片</a>：<span>請重拍，背景須為白色' in top
    assert re.search(r'請依學生證填寫</span></p>\s*<label for="id_department"', html)
    assert 'name="department" value="資訊工程學系"' in html
    photo = file_of(correction, "photo")
    assert f'name="remove" value="{photo.uid}"' in html


def test_to_have_looked_writes_nothing(correction: Case, owner_client: Client) -> None:
    owner_client.get(address(correction))
    owner_client.get(f"{address(correction)}save/")
    assert not Draft.objects.filter(corrects=correction).exists()


def test_the_list_leads_to_it_the_first_to_expire_on_top(correction: Case, owner_client: Client) -> None:
    html = shown(owner_client.get(f"{HOME}corrections/"))
    assert f'<a href="{address(correction)}">補正<span' in html
    assert OPINION in html
    assert "2027/01/25" in html
    todo = owner_client.get(f"{HOME}todo/").content.decode()
    assert f'<a href="{address(correction)}">檢視<span' in todo
    assert "請於 2027/01/25 前（含當日）補正" in todo


def test_an_empty_list_says_so(case: Case, owner_client: Client) -> None:
    assert "目前沒有需要補正或補件的案件。" in shown(owner_client.get(f"{HOME}corrections/"))


# What is kept


def test_what_is_typed_is_kept_and_sent(correction: Case, owner_client: Client) -> None:
    answer = owner_client.post(f"{address(correction)}save/", {"department": "電機工程學系", "unknown": "x"})
    assert answer.json()["saved"] == "10:30:00"
    assert answer.json()["blocks"]["block-3"] == ["done", "已完成"]
    assert 'name="department" value="電機工程學系"' in shown(owner_client.get(address(correction)))
    assert "unknown" not in Draft.objects.get(corrects=correction).data["step_data"]["form"]
    response = send(owner_client, correction, reply="已更正")
    done = shown(owner_client.get(response["Location"]))
    assert "<h2>補正(件)完成</h2>" in done
    assert "案件已移至「新申請案件」" in done
    case = Case.objects.get()
    assert (case.status, case.answers["department"]) == (Status.SUBMITTED, "電機工程學系")
    assert [revision.reply for revision in case.revisions.all()] == ["", "已更正"]
    assert {**case.answers, "department": ""} == {**correction.answers, "department": ""}
    assert not Draft.objects.filter(corrects=case).exists()


UNCHANGED = "申請書、附件與審核意見回覆都沒有變動。請依審核意見修改；確定不修改時，請勾選「沒有修改審核人員指出的項目，仍要送出」"


def test_nothing_changed_is_sent_by_who_ticks_that_it_is_meant(correction: Case, owner_client: Client) -> None:
    assert 'name="unchanged"' not in shown(owner_client.get(address(correction)))
    html = shown(owner_client.post(address(correction), {**seen(correction), "go": "send"}))
    summary = html.split('class="error-summary"')[1].split("</div>")[0]
    assert f'<a href="#id_unchanged">{UNCHANGED}</a>' in summary
    assert '<label for="id_unchanged">沒有修改審核人員指出的項目，仍要送出<span class="required"' in html
    assert Case.objects.get().status == Status.CORRECTION
    send(owner_client, correction, unchanged="on")
    assert Case.objects.get().answers == correction.answers


@pytest.mark.parametrize("change", ["answer", "reply", "upload"])
def test_who_changed_or_said_anything_needs_no_tick(correction: Case, owner_client: Client, change: str) -> None:
    said: dict[str, Any] = {
        "answer": {"student_no": "B115000002"},  # not what the officer pointed at
        "reply": {"reply": "學生證上就是這樣寫"},
        "upload": {"upload-other": SimpleUploadedFile("a.pdf", paper(501))},
    }
    send(owner_client, correction, **said[change])
    assert Case.objects.get().status == Status.SUBMITTED


def test_a_block_is_not_done_while_a_remark_in_it_is_untouched(correction: Case, owner_client: Client) -> None:
    def states() -> dict[str, str]:
        html = owner_client.get(address(correction)).content.decode()
        return dict(re.findall(r'data-block="(block-3|block-2|documents)">([^<]+)<', html))

    assert states() == {"block-2": "已完成", "block-3": "尚未修改", "documents": "尚未修改"}
    saved = owner_client.post(f"{address(correction)}save/", {"student_no": "B115000002"}).json()["blocks"]
    assert saved["block-3"] == ["untouched", "尚未修改"]
    owner_client.post(f"{address(correction)}save/", {"department": "電機工程學系"})
    assert states() == {"block-2": "已完成", "block-3": "已完成", "documents": "尚未修改"}
    new = SimpleUploadedFile("重拍.jpg", photo((700, 900)))
    owner_client.post(address(correction), {"upload": "photo", "upload-photo": new})
    assert states() == {"block-2": "已完成", "block-3": "已完成", "documents": "已完成"}


@pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT])
def test_the_draft_is_no_draft_of_an_application(action: Action, case: Case, officer: User, owner_client: Client) -> None:
    case = given_back(case, officer, action)
    owner_client.post(address(case), {"department": "x", "go": "save"})
    draft = Draft.objects.get(corrects=case)
    assert not open_drafts(draft.owner).exists()
    assert "草稿" not in owner_client.get(f"{HOME}todo/").content.decode().partition("<main")[2].partition("<template")[0]
    apply = f"{HOME}apply/multiple-entry/{draft.token}/"
    for path in ("form/", "declaration/", "delete/", "sent/", "save/"):
        assert owner_client.get(f"{apply}{path}").status_code == 404, path
    with time_machine.travel(NOW + dt.timedelta(days=61), tick=False):
        assert purging.remind(now=timezone.now()) == 0
        purging.purge(now=timezone.now())
    assert Draft.objects.filter(corrects=case).exists()  # its case still waits for it
    Case.objects.filter(pk=case.pk).update(status=Status.REJECTED)
    purging.purge(now=NOW + dt.timedelta(days=61))
    assert not Draft.objects.filter(corrects=case).exists()


def test_a_log_in_that_ended_loses_nothing(correction: Case, owner: User, owner_client: Client) -> None:
    AccountSession.objects.update(expire_date=timezone.now())
    late = owner_client.post(
        address(correction), {**seen(correction), "department": "電機工程學系", "reply": "回覆", "go": "send"}
    )
    assert late["Location"].startswith(f"{HOME}login/")
    owner_client.force_login(owner, backend="portal.accounts.backends.StudentBackend")
    html = shown(owner_client.get(address(correction)))
    assert 'name="department" value="電機工程學系"' in html
    assert re.search(r"<textarea[^>]*> ?回覆</textarea>", html)
    assert Case.objects.get().status == Status.CORRECTION


def test_another_language_takes_along_what_was_typed(correction: Case, owner_client: Client) -> None:
    response = owner_client.post(address(correction), {"department": "電機工程學系", "go": "en"})
    assert response["Location"] == f"/en{address(correction)}"
    assert 'name="department" value="電機工程學系"' in owner_client.get(response["Location"]).content.decode()


# Validation, as of an application


def test_what_is_missing_or_wrong_is_said_beside_its_field(correction: Case, owner_client: Client) -> None:
    photo = file_of(correction, "photo")
    typed = {**seen(correction), "department": "", "health_check_date": "昨天", "remove": str(photo.uid)}
    owner_client.post(address(correction), typed)
    html = shown(owner_client.post(address(correction), {**seen(correction), "go": "send"}))
    summary = html.split('class="error-summary"')[1].split("</div>")[0]
    assert '<a href="#id_department">請輸入系所</a>' in summary
    assert "日期格式不正確" in summary
    assert "請上傳照片" in summary
    assert 'value="昨天"' in html
    assert Case.objects.get().status == Status.CORRECTION


def test_a_reply_that_is_too_long_stays(correction: Case, owner_client: Client) -> None:
    html = shown(owner_client.post(address(correction), {**seen(correction), "reply": "長" * 1001, "go": "send"}))
    assert "1000" in html.split('class="error-summary"')[1].split("</div>")[0]
    assert "長" * 1001 in html


# Files


def test_a_file_goes_and_comes_back_and_stays_until_it_is_sent(correction: Case, owner_client: Client) -> None:
    health = file_of(correction, "health")
    html = shown(owner_client.post(address(correction), {"remove": str(health.uid)}))
    assert "將於送出補正(件)時移除" in html
    assert f'name="restore" value="{health.uid}"' in html
    health.refresh_from_db()
    assert health.replaced_at is None
    html = shown(owner_client.post(address(correction), {"restore": str(health.uid)}))
    assert "已復原 health.pdf" in html
    assert f'name="remove" value="{health.uid}"' in html
    owner_client.post(address(correction), {"remove": str(health.uid)})
    shown(owner_client.post(address(correction), {**seen(correction), "go": "send"}))  # it is demanded
    new = SimpleUploadedFile("新證明.pdf", paper(500))
    send(owner_client, correction, **{"upload-health": new})
    health.refresh_from_db()
    assert health.replaced_at == NOW
    assert file_of(Case.objects.get(), "health").original_name == "新證明.pdf"


def test_a_new_file_takes_the_place_of_the_oldest_where_there_is_no_room(correction: Case, owner_client: Client) -> None:
    old = file_of(correction, "photo")
    new = SimpleUploadedFile("重拍.jpg", photo((700, 900)))
    html = shown(owner_client.post(address(correction), {"upload": "photo", "upload-photo": new}))
    assert "重拍.jpg 將取代先前送件的 photo.jpg；送出補正(件)時生效，在那之前可以復原。" in html
    refused = shown(owner_client.post(address(correction), {"restore": str(old.uid)}))
    assert str(slot_is_full(1).message) in refused
    send(owner_client, correction)
    assert file_of(Case.objects.get(), "photo").original_name == "重拍.jpg"


def test_the_same_file_once_more_is_the_one_that_is_there(correction: Case, owner_client: Client) -> None:
    old = file_of(correction, "photo")
    html = shown(owner_client.post(address(correction), chosen("photo")))
    assert "是同一個檔案，只保留一份" in html
    assert DraftUpload.objects.filter(draft__corrects=correction).count() == 0
    send(owner_client, correction, unchanged="on")
    assert file_of(Case.objects.get(), "photo").pk == old.pk


def test_the_script_gets_the_slot_alone(correction: Case, owner_client: Client) -> None:
    headers = {"X-Requested-With": "XMLHttpRequest"}
    new = SimpleUploadedFile("a.pdf", paper(501))
    answer = owner_client.post(address(correction), {"upload": "other", "upload-other": new}, headers=headers)
    assert answer["X-Upload-Slot"] == "1"
    assert "a.pdf" in answer.content.decode()
    assert "<main" not in answer.content.decode()
    upload = DraftUpload.objects.get(draft__corrects=correction)
    preview = f"{HOME}apply/multiple-entry/{upload.draft.token}/files/{upload.uid}/"
    assert b"".join(owner_client.get(preview)).startswith(b"%PDF")


# 補件


def test_a_supplement_locks_the_answers(supplement: Case, owner_client: Client) -> None:
    html = shown(owner_client.get(address(supplement)))
    assert 'name="department"' not in html
    assert re.search(r'id="answer-department"><dt>系所</dt><dd translate="no">資訊工程學系\s*<p class="remark">', html)
    assert '<a href="#answer-department">系所</a>' in html
    html = shown(owner_client.post(address(supplement), {**seen(supplement), "department": "他系", "go": "send"}))
    assert "請上傳休學證明" in html
    send(owner_client, supplement, department="他系", **{"upload-asked-1": SimpleUploadedFile("leave.pdf", paper(502))})
    case = Case.objects.get()
    assert (case.status, case.answers) == (Status.SUBMITTED, supplement.answers)
    assert file_of(case, "asked-1").original_name == "leave.pdf"


@pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT])
def test_required_documents_are_marked_as_such_from_the_start(
    action: Action, case: Case, officer: User, owner_client: Client
) -> None:
    html = shown(owner_client.get(address(given_back(case, officer, action))))
    legends = re.findall(r'id="slot-([\w-]+)"(?:(?!</legend>).)*<legend>((?:(?!</legend>).)*)', html)
    assert {code: 'class="required"' in said for code, said in legends} == {
        **dict.fromkeys(("photo", "enrolment", "health", "travel-document", "single-permit", "person-id"), True),
        "other": False,
    }


# Meanwhile


def test_a_double_click_sends_once(correction: Case, owner_client: Client) -> None:
    send(owner_client, correction, reply="如申請書")
    html = shown(owner_client.post(address(correction), {"seen": "4", "department": "再一次", "go": "send"}), 409)
    assert "<h2>補正(件)完成</h2>" in html
    assert "<dt>系所</dt><dd>再一次</dd>" in html
    assert Case.objects.get().revisions.count() == 2


@pytest.mark.parametrize(
    ("meanwhile", "title"),
    [
        (Action.TAKE_BACK, "審核人員撤回了退補"),
        (Action.WITHDRAW, "案件已結束"),
        (Action.REJECT, "案件已結束"),
        (Action.EXPIRE, "案件已結束"),
    ],
)
def test_what_was_typed_stays_to_be_seen_when_it_cannot_be_sent(
    meanwhile: Action, title: str, correction: Case, owner: User, officer: User, owner_client: Client
) -> None:
    owner_client.post(f"{address(correction)}save/", {"department": "電機工程學系"})
    new = SimpleUploadedFile("a.pdf", paper(501))
    owner_client.post(address(correction), {"upload": "other", "upload-other": new})
    who = owner if meanwhile is Action.WITHDRAW else officer
    act(meanwhile, correction, who, now=AFTER if meanwhile is Action.EXPIRE else NOW)
    client = logged_in(owner)
    html = shown(client.post(address(correction), {**seen(correction), "reply": "回覆", "go": "send"}), 409)
    assert f"<h2>{title}</h2>" in html
    assert "<dt>系所</dt><dd>電機工程學系</dd>" in html
    assert "<dt>審核意見回覆</dt><dd>回覆</dd>" in html
    assert ">a.pdf</a>" in html
    assert client.post(f"{address(correction)}save/", {"department": "x"}).status_code == 409
    assert f"<h2>{title}</h2>" in shown(client.get(address(correction)))


def test_after_the_deadline_nothing_is_sent_and_nothing_lost(correction: Case, owner: User, owner_client: Client) -> None:
    owner_client.post(f"{address(correction)}save/", {"department": "電機工程學系"})
    with time_machine.travel(AFTER, tick=False):
        html = shown(logged_in(owner).post(address(correction), {**seen(correction), "go": "send"}), 409)
    assert "<h2>期限已過</h2>" in html
    assert "電機工程學系" in html


def test_what_was_typed_comes_back_when_it_is_returned_again(correction: Case, officer: User, owner_client: Client) -> None:
    """But where the officer put a slip right meanwhile, that holds."""
    owner_client.post(f"{address(correction)}save/", {"department": "電機工程學系", "english_name": "WANG, X"})
    case = act(Action.TAKE_BACK, correction, officer)
    case = act(Action.CORRECT, case, officer, answers={**case.answers, "english_name": "WANG, XIAO MING"}, note="筆誤")
    case = act(Action.ASK_CORRECTION, case, officer, opinion="另有一事")
    html = shown(owner_client.get(address(case)))
    assert 'name="department" value="電機工程學系"' in html
    assert 'name="english_name" value="WANG, XIAO MING"' in html
    response = owner_client.post(address(case), {"seen": str(correction.version), "go": "send"})
    assert "審核人員已更新審核意見" in response.content.decode()
    assert Case.objects.get().status == Status.CORRECTION
    send(owner_client, case)
    assert Case.objects.get().answers["department"] == "電機工程學系"


def test_who_is_overtaken_between_reading_and_writing_is_notified_and_may_send_again(
    correction: Case, officer: User, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = performing.lock

    def late(case: Case) -> Case:
        monkeypatch.setattr(performing, "lock", lock)
        act(Action.EXTEND, Case.objects.get(pk=case.pk), officer)
        return lock(case)

    monkeypatch.setattr(performing, "lock", late)
    html = shown(owner_client.post(address(correction), {**seen(correction), "reply": "回覆", "go": "send"}), 409)
    assert "案件剛有變動，尚未送出。" in html
    assert re.search(r"<textarea[^>]*> ?回覆</textarea>", html)
    send(owner_client, correction)


# 申請展延, and the calendar


def test_an_extension_is_asked_for_and_what_was_typed_stays(correction: Case, officer: User, owner_client: Client) -> None:
    empty = shown(
        owner_client.post(address(correction), {"department": "電機工程學系", "extension_reason": "", "go": "more-time"})
    )
    assert "請填寫申請展延事由" in empty
    owner_client.post(address(correction), {"extension_reason": "尚未開學", "go": "more-time"})
    html = shown(owner_client.get(address(correction)))
    assert "您於 2026/11/23 10:30 申請展延。" in html
    assert "尚未開學" in html
    assert 'name="department" value="電機工程學系"' in html
    case = act(Action.DECLINE_EXTENSION, Case.objects.get(), officer, opinion="文件可線上申請")
    html = shown(owner_client.get(address(case)))
    assert "審核人員不同意展延，期限不變。" in html
    assert "文件可線上申請" in html
    assert 'name="extension_reason"' not in html


def test_a_granted_one_says_until_when(correction: Case, officer: User, owner_client: Client) -> None:
    act(Action.EXTEND, correction, officer)
    assert "補正期限已展延至 2027/03/23" in shown(owner_client.get(address(correction)))


def test_the_deadline_is_taken_into_the_calendar(correction: Case, owner_client: Client) -> None:
    file = f"{HOME}cases/{correction.case_no}/deadline.ics"
    response = owner_client.get(file)
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert (event["dtstart"].dt, str(event["summary"])) == (
        dt.date(2027, 1, 25),
        f"補正(件)期限：收件號 {correction.case_no}",
    )
    act(Action.RESUBMIT, correction, correction.owner)
    assert owner_client.get(file).status_code == 404


# Whose it is, and what it costs


def test_it_is_its_students_own(correction: Case, stranger_client: Client) -> None:
    for path in (address(correction), f"{address(correction)}save/", f"{HOME}cases/{correction.case_no}/deadline.ics"):
        assert stranger_client.get(path).status_code == 404
    for path in ("", "save/"):
        posted = {**seen(correction), "department": "x", "go": "send"}
        assert stranger_client.post(f"{address(correction)}{path}", posted).status_code == 404
    assert correction.case_no not in stranger_client.get(f"{HOME}corrections/").content.decode()
    assert Case.objects.get().status == Status.CORRECTION
    assert not Draft.objects.filter(corrects=correction).exists()


def test_the_timeline_says_what_was_asked_changed_and_put_right(correction: Case, officer: User, owner_client: Client) -> None:
    new = SimpleUploadedFile("重拍.jpg", photo((700, 900)))
    send(owner_client, correction, department="電機工程學系", **{"upload-photo": new})
    case = act(Action.TAKE, Case.objects.get(), officer)
    act(Action.CORRECT, case, officer, answers={**case.answers, "english_name": "WANG, XIAO MING"}, note="英文姓名筆誤")
    html = shown(owner_client.get(f"{HOME}cases/{case.case_no}/")).split('id="timeline"')[1].split("</section>")[0]
    for said in (
        "系所：請依學生證填寫",
        "期限：2027/01/25",
        "系所：資訊工程學系 → 電機工程學系",
        "新上傳 1 個檔案",
        "審核人員更正了明顯的筆誤",
        "英文姓名筆誤",
        "英文姓名：WANG, XIAOMING → WANG, XIAO MING",
    ):
        assert f"{said}<" in html, said


def test_the_pages_ask_at_most_eight_questions(
    correction: Case, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    for path in (f"{HOME}corrections/", address(correction)):
        with django_assert_max_num_queries(8):
            owner_client.get(path)
    new = SimpleUploadedFile("a.pdf", paper(501))
    owner_client.post(address(correction), {"upload": "other", "upload-other": new, "department": "x"})
    with django_assert_max_num_queries(8):
        owner_client.get(address(correction))
