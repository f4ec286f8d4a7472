"""線上申辦 陸生換發多次證申請, as a student goes through it (圖17 to 圖23)."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.models import Case
from portal.forms.models import Draft, DraftUpload
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant, LookupLog, Permit
from portal.sessions.engine import AccountSession
from tests import people
from tests.hostile_files.bombs import BOMBS

from .answers import ANSWERS, DECLARATION, REQUIRED_SLOTS, START, begin, chosen, fill_in, paper, photo

pytestmark = pytest.mark.usefixtures("today")
NUMBER = {"number": people.SINGLE_PERMIT_NO}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.headers.get("Location")
    return response.content.decode()


def typed(html: str, name: str) -> str:
    """The value that the page shows in a text field."""
    found = re.search(rf'<input type="text" name="{name}"(?: value="([^"]*)")?', html)
    assert found, name
    return found[1] or ""


def refused(html: str) -> list[str]:
    """What the page of a refusal says: what, and why."""
    panel = re.search(r'<div class="notice notice-warning" role="alert">(.*?)</div>', html, re.DOTALL)
    return re.findall(r"<(?:h2|p)>(.*?)</(?:h2|p)>", panel[1]) if panel else []


def errors(html: str) -> list[str]:
    """What the error summary says, without the names that it puts before what stands beside the fields."""
    summary = re.search(r'class="error-summary".*?</div>', html, re.DOTALL)
    if not summary:
        return []
    beside = html.replace(summary[0], "")
    said = re.findall(r"<li>(?:<a [^>]*>)?([^<]*)", summary[0])
    return [each if each in beside else each.partition("：")[2] or each for each in said]


def notes(html: str) -> dict[str, str]:
    """What each line of 應檢附文件 says of what just happened."""
    return {
        code: said[1]
        for code, slot in re.findall(
            r'<div class="upload-slot[^"]*" id="slot-([^"]+)"(.*?)(?=<div class="upload-slot|\Z)', html, re.DOTALL
        )
        if (said := re.search(r'<p class="upload-note" tabindex="-1" autofocus>(.*?)</p>', slot))
    }


# The whole road


def test_the_whole_road_ends_with_the_receipt_number(owner: User, owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no)
    case = Case.objects.get()
    sent = page(owner_client, f"{draft}sent/")
    assert f"送件成功，收件號:{case.case_no}" in sent
    assert f"/china-student/individual/cases/{case.case_no}/" in sent
    assert f'href="/china-student/individual/cases/{case.case_no}/application.pdf">下載申請書副本（PDF）</a>' in sent
    assert (case.owner, case.kind_code, case.status, case.permit_no) == (
        owner,
        "multiple-entry",
        "submitted",
        single_permit.permit_no,
    )
    assert case.declaration_version == "china-student-1"
    assert case.draft_token == Draft.objects.get().token


def test_the_case_holds_the_cleaned_answers_and_the_files(owner: User, owner_client: Client, single_permit: Permit) -> None:
    fill_in(
        owner_client,
        permit_no=single_permit.permit_no,
        answers={"person_id": "３１０１０４ 20040506-0010", "english_name": "wang, xiaoming"},
    )
    case = Case.objects.get()
    assert case.answers["person_id"] == "310104200405060010"
    assert case.answers["english_name"] == "WANG, XIAOMING"
    assert case.answers["birth_date"] == "2004-05-06"
    assert case.answers["school_name"] == "國立臺灣大學"
    assert case.answers["email"] == owner.email
    documents = {document.slot: document for document in case.documents.all()}
    assert sorted(documents) == sorted(REQUIRED_SLOTS)
    with documents["photo"].file.open() as file:
        assert file.read(3) == b"\xff\xd8\xff"
    assert not DraftUpload.objects.exists()


def test_the_email_of_success_goes_to_the_account(owner: User, owner_client: Client, single_permit: Permit) -> None:
    fill_in(owner_client, permit_no=single_permit.permit_no)
    email = OutgoingMail.objects.get()
    assert email.to == owner.email
    assert Case.objects.get().case_no in email.body


def test_the_page_of_what_was_sent_stays_and_every_step_leads_to_it(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no)
    for step in ("declaration", "permit", "form", "check"):
        for response in (owner_client.get(f"{draft}{step}/"), owner_client.post(f"{draft}{step}/", {})):
            assert (response.status_code, response.headers["Location"]) == (302, f"{draft}sent/")
    assert Case.objects.count() == 1


# 圖17 to 圖19: beginning


def test_figure_17_the_menu_leads_straight_to_the_declaration(owner_client: Client) -> None:
    response = owner_client.get(START)
    draft = Draft.objects.get()
    assert response.headers["Location"] == f"{START}{draft.token}/declaration/"
    owner_client.get(response.headers["Location"])
    assert owner_client.get(START).headers["Location"] == response.headers["Location"]
    assert Draft.objects.count() == 1  # a draft in which nothing was done is used again


def test_figure_18_the_declaration_page_says_what_is_needed_and_what_it_costs(owner_client: Client) -> None:
    html = page(owner_client, f"{begin(owner_client)}declaration/")
    for text in (
        "使用聲明事項",
        "同意上述條款",
        "個人資料保護法第 8 條",
        "健康檢查合格證明",
        "新臺幣 1,000 元",
        "陸生就學入出境許可證號碼",
    ):
        assert text in html
    assert ">確定</button>" in html


def test_figure_19_without_the_tick_nothing_goes_on(owner_client: Client) -> None:
    draft = begin(owner_client)
    html = owner_client.post(f"{draft}declaration/", {"version": "china-student-1"}).content.decode()
    assert errors(html) == ["請勾選「同意上述條款」"]
    assert "<title>錯誤：" in html


def test_an_unfinished_draft_is_offered_before_a_new_one_begins(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    html = page(owner_client, START)
    assert "繼續填寫" in html
    assert f'href="{draft}form/"' in html
    other = owner_client.post(START).headers["Location"]
    assert other.endswith("declaration/")
    assert not other.startswith(draft)
    assert Draft.objects.count() == 2


# 圖20, 圖21: the permit's number


def answer(client: Client, number: str) -> str:
    draft = fill_in(client, permit_no="", until="permit")
    html = client.post(f"{draft}permit/", {"number": number}).content.decode()
    assert typed(html, "number") == number  # what was typed is still there
    assert client.get(f"{draft}form/").headers["Location"] == f"{draft}permit/"
    return (errors(html) or refused(html))[0]


def test_figure_20_the_number_is_asked_by_its_name(owner_client: Client) -> None:
    draft = fill_in(owner_client, permit_no="", until="permit")
    assert "陸生就學入出境許可證號碼" in page(owner_client, f"{draft}permit/")
    html = owner_client.post(f"{draft}permit/", {"number": " "}).content.decode()
    assert errors(html) == ["請輸入陸生就學入出境許可證號碼"]


@pytest.mark.parametrize("number", ["nonsense", "12", "1234", "0115", "1150000000159", "11500000001A"])
def test_what_is_no_number_is_said_and_costs_no_try(owner_client: Client, single_permit: Permit, number: str) -> None:
    assert answer(owner_client, number) == "許可證號碼為 12 位數字，請再核對一次"
    assert not LookupLog.objects.exists()
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    assert page(owner_client, f"{draft}form/")


def test_a_short_number_is_made_whole(owner_client: Client, wang: Applicant) -> None:
    people.single_permit(wang, "115012000000")
    draft = fill_in(owner_client, permit_no="115012", until="form")
    assert page(owner_client, f"{draft}form/")


@pytest.mark.parametrize("number", ["115099999999", "１１５０"])
def test_figure_21_an_unknown_number(owner_client: Client, number: str) -> None:
    assert answer(owner_client, number) == "查無此證號資料"


def test_figure_21_a_multiple_permit_is_not_the_number_asked_for(owner_client: Client, wang: Applicant) -> None:
    people.single_permit(wang, "115000000022", permit_type="multiple")
    assert answer(owner_client, "115000000022") == "查無此證號資料"


def test_figure_21_somebody_elses_number(owner_client: Client, chen: Applicant) -> None:
    people.single_permit(chen, "115000000022")
    assert answer(owner_client, "115000000022") == "帳號基資與案件資料不符"


def test_figure_21_not_eligible_says_why(owner_client: Client, single_permit: Permit) -> None:
    single_permit.stay_until = people.TODAY - dt.timedelta(days=1)  # Sunday: Monday would still do
    single_permit.save()
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    single_permit.stay_until = people.TODAY - dt.timedelta(days=3)
    single_permit.save()
    html = owner_client.post(f"{draft}permit/", NUMBER).content.decode()
    assert refused(html) == [
        "不符合申請條件",
        "須於停留期間屆滿前申請，停留期間已於 2026/11/20 屆滿",
        "無法在線上申請，請儘速洽就讀學校或移民署服務站。",
    ]
    assert "再查一次" not in html  # no other number would do


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            "",
            [
                "查無此證號資料",
                "請核對號碼，並確認是這項申請所要的許可證。核對無誤仍無法繼續時，請撥打諮詢專線。",
            ],
        ),
        ("chen", ["帳號基資與案件資料不符", "這張許可證不屬於目前登入的帳號。請以自己的帳號及許可證辦理。"]),
        ("revoked", ["不符合申請條件", "此許可證已經廢止。", "無法在線上申請，請儘速洽就讀學校或移民署服務站。"]),
    ],
)
def test_a_refusal_says_what_to_do_next(
    owner_client: Client, wang: Applicant, chen: Applicant, known: str, said: list[str]
) -> None:
    if known:
        people.single_permit(chen if known == "chen" else wang, "115000000022", revoked=known == "revoked")
    draft = fill_in(owner_client, permit_no="", until="permit")
    html = owner_client.post(f"{draft}permit/", {"number": "115000000022"}).content.decode()
    assert refused(html) == said


@pytest.mark.parametrize("number", ["115099999999", "", "9" * 41])
def test_after_a_refusal_the_match_of_before_opens_nothing(owner_client: Client, single_permit: Permit, number: str) -> None:
    """The form had been filled in for a permit; then another number was given, and is none."""
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    assert page(owner_client, f"{draft}check/")
    html = owner_client.post(f"{draft}permit/", {"number": number}).content.decode()
    assert errors(html) or refused(html)[0] == "查無此證號資料"
    for step in ("form", "check"):
        for response in (owner_client.get(f"{draft}{step}/"), owner_client.post(f"{draft}{step}/", {**ANSWERS, "go": "check"})):
            assert (response.status_code, response.headers["Location"]) == (302, f"{draft}permit/")
    assert not Case.objects.exists()
    # The right number opens them again, and nothing typed is lost.
    assert owner_client.post(f"{draft}permit/", NUMBER).headers["Location"] == f"{draft}form/"
    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}sent/"


def test_figure_21_records_out_of_reach_keep_the_draft(owner_client: Client, settings: object, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no="", until="permit")
    settings.RECORDS_SOURCE = "tests.forms.silent.SilentSource"  # type: ignore[attr-defined]
    html = owner_client.post(f"{draft}permit/", NUMBER).content.decode()
    assert refused(html) == ["目前無法查詢署內資料，請稍後再試"]
    settings.RECORDS_SOURCE = "portal.records.local.LocalSource"  # type: ignore[attr-defined]
    assert typed(page(owner_client, f"{draft}permit/"), "number") == people.SINGLE_PERMIT_NO
    assert owner_client.post(f"{draft}permit/", NUMBER).headers["Location"] == f"{draft}form/"


def test_the_number_is_read_whatever_the_keyboard(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no="１１５０-0000 0015", until="form")
    assert page(owner_client, f"{draft}form/")


# 圖22: the form


def test_figure_22_the_form_is_prefilled_from_the_records(owner: User, owner_client: Client, single_permit: Permit) -> None:
    html = page(owner_client, f"{fill_in(owner_client, permit_no=single_permit.permit_no, until='form')}form/")
    assert "陸生換發多次證申請 - 個人申請" in html
    assert typed(html, "chinese_name") == "王小明"
    assert typed(html, "birth_date") == "2004/05/06"
    assert typed(html, "entered_on") == "2026/11/02"
    assert typed(html, "mobile") == owner.mobile
    assert '<option value="31" selected>上海</option>' in html
    assert errors(html) == []


def test_figure_22_the_school_is_read_only_whatever_is_posted(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(
        owner_client, permit_no=single_permit.permit_no, until="check", answers={"school_name": "別的學校", "ui_no": "X"}
    )
    assert 'name="school_name"' not in page(owner_client, f"{draft}form/")
    assert "國立臺灣大學" in page(owner_client, f"{draft}check/")
    owner_client.post(f"{draft}check/")
    case = Case.objects.get()
    assert (case.school, case.answers["school_name"], case.answers["ui_no"]) == ("國立臺灣大學", "國立臺灣大學", "A890000002")


def test_errors_are_listed_once_and_what_was_typed_stays(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    wrong = {**ANSWERS, "chinese_name": "WANG", "road": "", "birth_date": "2004/05/07", "go": "check", **chosen(*REQUIRED_SLOTS)}
    html = owner_client.post(f"{draft}form/", wrong, follow=True).content.decode()
    assert errors(html) == ["中文姓名請以正體中文填寫", "大陸居民身分證號與出生日期不符", "請輸入街、路段"]
    assert '<a href="#id_road">請輸入街、路段</a>' in html
    assert typed(html, "chinese_name") == "WANG"
    again = page(owner_client, f"{draft}form/")
    assert typed(again, "chinese_name") == "WANG"
    assert typed(again, "number") == "1 號"
    assert errors(again) == []  # a page that is only opened finds no fault


def test_what_is_wrong_has_an_address_that_a_browser_can_go_back_to(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    response = owner_client.post(f"{draft}form/", {**ANSWERS, "road": "", "go": "check", **chosen(*REQUIRED_SLOTS)})
    assert (response.status_code, response.headers["Location"]) == (302, f"{draft}form/?errors")
    assert errors(page(owner_client, f"{draft}form/?errors")) == ["請輸入街、路段"]


def test_required_documents_are_asked_for_by_name(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    html = owner_client.post(f"{draft}form/", {**ANSWERS, "go": "check"}, follow=True).content.decode()
    assert errors(html) == [
        "請上傳照片",
        "請上傳在學證明或已註冊學生證正反面",
        "請上傳健康檢查合格證明",
        "請上傳大陸居民往來台灣通行證正反面",
        "請上傳原單次入出境許可證（含入境章）",
        "請上傳大陸居民身分證正反面",
    ]
    assert '<a href="#id_upload-photo">請上傳照片</a>' in html
    assert 'id="id_upload-photo"' in html


@pytest.mark.parametrize("step", ["form", "check"])
def test_a_step_opens_only_after_those_before_it(owner_client: Client, step: str) -> None:
    draft = begin(owner_client)
    for response in (owner_client.get(f"{draft}{step}/"), owner_client.post(f"{draft}{step}/", ANSWERS)):
        assert response.headers["Location"] == f"{draft}declaration/"
    owner_client.post(f"{draft}declaration/", DECLARATION)
    for response in (owner_client.get(f"{draft}{step}/"), owner_client.post(f"{draft}{step}/", ANSWERS)):
        assert response.headers["Location"] == f"{draft}permit/"


def test_the_last_step_opens_only_when_the_form_stands(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    assert owner_client.get(f"{draft}check/").headers["Location"] == f"{draft}form/"
    owner_client.post(f"{draft}form/", {**ANSWERS, "road": "", "go": "save"})
    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}form/?errors"
    assert "請輸入街、路段" in errors(page(owner_client, f"{draft}form/?errors"))
    assert not Case.objects.exists()


@pytest.mark.parametrize("step", ["done", "sent2", "x"])
def test_an_unknown_step_is_not_found(owner_client: Client, step: str) -> None:
    assert owner_client.get(f"{begin(owner_client)}{step}/").status_code == 404


def test_an_unknown_kind_is_not_found(owner_client: Client) -> None:
    assert owner_client.get("/china-student/individual/apply/nothing/").status_code == 404


@pytest.mark.parametrize(("go", "where"), [("save", "form"), ("permit", "permit")])
def test_saving_and_going_back_keep_unfinished_work(owner_client: Client, single_permit: Permit, go: str, where: str) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    response = owner_client.post(f"{draft}form/", {"chinese_name": "王", "birth_date": "unfinished", "go": go})
    assert response.headers["Location"] == f"{draft}{where}/"
    assert "草稿已儲存" in page(owner_client, f"{draft}{where}/")
    assert typed(page(owner_client, f"{draft}form/"), "birth_date") == "unfinished"


def test_a_nul_that_somebody_typed_is_dropped(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    owner_client.post(f"{draft}form/", {"road": "a\0b", "go": "save"})
    assert typed(page(owner_client, f"{draft}form/"), "road") == "ab"


def test_two_tabs_are_two_drafts_that_never_mix(owner_client: Client, single_permit: Permit) -> None:
    one = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    two = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    owner_client.post(f"{one}form/", {"road": "一路", "go": "save", **chosen("photo")})
    owner_client.post(f"{two}form/", {"road": "二路", "go": "save"})
    assert typed(page(owner_client, f"{one}form/"), "road") == "一路"
    assert typed(page(owner_client, f"{two}form/"), "road") == "二路"
    assert "photo.jpg" not in page(owner_client, f"{two}form/")


def test_a_draft_outlives_the_session(owner: User, owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    owner_client.post(f"{draft}form/", {"road": "和平東路", "go": "save"})
    owner_client.logout()
    owner_client.force_login(owner, backend="portal.accounts.backends.StudentBackend")
    assert typed(page(owner_client, f"{draft}form/"), "road") == "和平東路"


def test_what_was_sent_after_the_session_ended_is_there_after_log_in(
    owner: User, owner_client: Client, single_permit: Permit
) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    AccountSession.objects.update(expire_date=timezone.now())
    late = owner_client.post(f"{draft}form/", {**ANSWERS, "road": "和平東路"})
    assert late.headers["Location"].startswith("/china-student/individual/login/")
    owner_client.force_login(owner, backend="portal.accounts.backends.StudentBackend")
    page(owner_client, f"{draft}declaration/")  # another page leaves it where it is
    assert typed(page(owner_client, f"{draft}form/"), "road") == "和平東路"
    owner_client.post(f"{draft}form/", {"road": "信義路", "go": "save"})
    assert typed(page(owner_client, f"{draft}form/"), "road") == "信義路"  # notified once


def test_what_was_sent_after_the_session_ended_never_reaches_another_student(
    stranger: User, owner_client: Client, single_permit: Permit
) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    AccountSession.objects.update(expire_date=timezone.now())
    owner_client.post(f"{draft}form/", {**ANSWERS, "road": "和平東路"})
    owner_client.force_login(stranger, backend="portal.accounts.backends.StudentBackend")
    assert owner_client.get(f"{draft}form/").status_code == 404


# The last look, and sending


def test_the_check_page_shows_every_answer_in_words(owner_client: Client, single_permit: Permit) -> None:
    html = page(owner_client, f"{fill_in(owner_client, permit_no=single_permit.permit_no, until='check')}check/")
    rows = dict(re.findall(r"<div><dt>(.*?)</dt><dd[^>]*>(.*?)</dd></div>", html, re.DOTALL))
    assert (rows["性別"], rows["出生日期（西元）"], rows["出生地"], rows["縣市"]) == ("男", "2004/05/06", "上海", "臺北市")
    assert (rows["就讀學校"], rows["沒有大陸居民身分證"], rows["別名／曾用名"]) == ("國立臺灣大學", "否", "—")
    assert "photo.jpg" in rows["照片"]
    assert rows["其他相關證明文件"] == "—"
    assert html.count(">變更<") == 9
    assert ">送出</button>" in html


def test_refused_again_at_the_last_moment(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    single_permit.revoked = True
    single_permit.save()
    html = owner_client.post(f"{draft}check/").content.decode()
    assert refused(html)[:2] == ["不符合申請條件", "此許可證已經廢止。"]
    assert "資料有誤" not in html
    assert not Case.objects.exists()
    single_permit.revoked = False
    single_permit.save()
    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}sent/"


def test_the_form_is_checked_again_against_what_the_records_say_by_then(
    owner_client: Client, wang: Applicant, single_permit: Permit
) -> None:
    """A name is right as the records write it, until they write it otherwise."""
    Applicant.objects.filter(pk=wang.pk).update(chinese_name="王晓明")
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check", answers={"chinese_name": "王晓明"})
    assert page(owner_client, f"{draft}check/")
    Applicant.objects.filter(pk=wang.pk).update(chinese_name="王曉明")
    response = owner_client.post(f"{draft}check/")
    assert (response.status_code, response.headers["Location"]) == (302, f"{draft}form/?errors")
    assert not Case.objects.exists()
    assert errors(page(owner_client, f"{draft}form/?errors")) == [
        "請以正體中文填寫：「晓」是簡體字。正體可能是「王曉明」，請核對後改填"
    ]
    owner_client.post(f"{draft}form/", {**ANSWERS, "chinese_name": "王曉明", "go": "check"})
    owner_client.post(f"{draft}check/")
    assert Case.objects.get().answers["chinese_name"] == "王曉明"


def test_a_second_application_of_the_kind_names_the_open_one(owner_client: Client, single_permit: Permit) -> None:
    second = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    fill_in(owner_client, permit_no=single_permit.permit_no)
    html = owner_client.post(f"{second}check/").content.decode()
    case = Case.objects.get()
    assert refused(html)[0] == "不符合申請條件"
    link = f'<a class="number" href="/china-student/individual/cases/{case.case_no}/" translate="no">{case.case_no}</a>'
    assert refused(html)[1:] == [f"您已有同類別的案件在辦理中，收件號:{link}"]


def test_the_page_of_an_unsent_draft_leads_back_to_it(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    assert owner_client.get(f"{draft}sent/").headers["Location"] == f"{draft}form/"


# Documents


def test_upload_keeps_file_and_typing_though_other_fields_are_wrong(owner_client: Client, form: str) -> None:
    response = owner_client.post(form, {"chinese_name": "WANG", "upload": "photo", **chosen("photo", "health")})
    assert response.headers["Location"] == f"{form}?open=documents#slot-photo"
    html = page(owner_client, form)
    assert typed(html, "chinese_name") == "WANG"
    assert "photo.jpg" in html
    assert "health.pdf" in html  # every chosen file is kept, whichever button was pressed
    assert errors(html) == []


def test_a_wrong_field_keeps_the_files_chosen_with_it(owner_client: Client, form: str) -> None:
    sent = {**ANSWERS, "road": "", "go": "check", **chosen(*REQUIRED_SLOTS)}
    html = owner_client.post(form, sent, follow=True).content.decode()
    assert errors(html) == ["請輸入街、路段"]
    for slot in REQUIRED_SLOTS[1:]:
        assert f"{slot}.pdf" in html


def test_a_refused_file_says_why_and_keeps_the_rest(owner_client: Client, form: str) -> None:
    bad = SimpleUploadedFile("scan.gif", b"GIF89a")
    html = owner_client.post(form, {"road": "和平東路", "upload": "enrolment", "upload-enrolment": bad}).content.decode()
    assert errors(html) == ["scan.gif：檔案格式不符，請上傳 JPG、JPEG、PNG、BMP、HEIC 或 PDF 檔，且副檔名須與內容相同"]
    assert typed(html, "road") == "和平東路"
    assert "<title>錯誤：" in html
    assert not DraftUpload.objects.exists()


def test_upload_without_a_file_says_none_chosen(owner_client: Client, form: str) -> None:
    html = owner_client.post(form, {"upload": "photo"}).content.decode()
    assert errors(html) == ["尚未選擇檔案，請先選擇要上傳的檔案"]


def test_too_many_files_keeps_as_many_as_there_is_room_for(owner_client: Client, form: str) -> None:
    three = [SimpleUploadedFile(f"{n}.pdf", paper(600 + n)) for n in range(3)]
    html = owner_client.post(form, {"upload": "enrolment", "upload-enrolment": three}).content.decode()
    assert errors(html) == ["2.pdf：本項最多 2 個檔案，已經放滿；要更換時，請先移除不需要的檔案"]
    assert '<p class="hint">本項最多 2 個檔案，已經放滿；要更換時，請先移除不需要的檔案</p>' in html
    assert [upload.original_name for upload in DraftUpload.objects.all()] == ["0.pdf", "1.pdf"]


def test_a_disk_that_is_full_is_an_upload_that_failed(owner_client: Client, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core.files import private_storage

    def full(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(private_storage()), "_save", full)
    html = owner_client.post(form, {"upload": "photo", **chosen("photo")}).content.decode()
    assert errors(html) == ["photo.jpg：檔案上傳失敗，請再試一次"]
    assert not DraftUpload.objects.exists()


def test_after_a_file_that_is_too_much_the_others_of_the_same_request_wait(owner_client: Client, form: str) -> None:
    bomb = BOMBS["jpeg of 101 scans"]()
    files = {"upload-enrolment": SimpleUploadedFile(*bomb), **chosen("health")}
    html = owner_client.post(form, {"upload": "enrolment", **files}).content.decode()
    assert "bomb.jpg：檔案內容過於複雜，系統無法處理，請重新掃描或另存成較簡單的檔案後再上傳" in html
    assert "：系統忙碌，這個檔案尚未收下，請稍後再試" in html
    assert not DraftUpload.objects.exists()


def test_a_small_photo_is_taken_with_a_warning(owner_client: Client, form: str) -> None:
    owner_client.post(form, {"upload": "photo", "upload-photo": SimpleUploadedFile("me.jpg", photo((300, 400)))})
    assert "照片小於 413 × 531 像素" in page(owner_client, form)


def test_a_file_is_removed_with_its_bytes(owner_client: Client, form: str, django_capture_on_commit_callbacks: object) -> None:
    owner_client.post(form, {"upload": "photo", **chosen("photo")})
    upload = DraftUpload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        response = owner_client.post(form, {"road": "和平東路", "remove": str(upload.uid)})
    assert not DraftUpload.objects.exists()
    assert not upload.file.storage.exists(upload.file.name)
    assert notes(response.content.decode()) == {"photo": "已移除 photo.jpg"}
    html = page(owner_client, form)
    assert (typed(html, "road"), notes(html)) == ("和平東路", {})
    for gone in (str(upload.uid), "nonsense", ""):
        assert owner_client.post(form, {"remove": gone}).status_code == 302


def test_a_removed_file_does_not_open_the_last_step(owner_client: Client, form: str, single_permit: Permit) -> None:
    owner_client.post(form, {**ANSWERS, "go": "check", **chosen(*REQUIRED_SLOTS)})
    owner_client.post(form, {**ANSWERS, "remove": str(DraftUpload.objects.get(slot="photo").uid)})
    assert owner_client.post(form.replace("form/", "check/")).headers["Location"] == f"{form}?errors"


def test_the_owner_sees_a_kept_file(owner_client: Client, form: str) -> None:
    owner_client.post(form, {"upload": "photo", "upload-photo": SimpleUploadedFile("我.png", _png())})
    html = page(owner_client, form)
    address = re.search(r'<a href="([^"]*/files/[^"]*)"', html)
    assert address
    response = owner_client.get(address[1])
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert "inline" in response.headers["Content-Disposition"]
    assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]
    response.close()


def test_the_script_gets_the_slot_alone_and_touches_nothing_typed(owner_client: Client, form: str) -> None:
    owner_client.post(form, {"road": "和平東路", "go": "save"})
    script = {"X-Requested-With": "XMLHttpRequest"}
    taken = owner_client.post(form, {"upload": "photo", **chosen("photo")}, headers=script)
    assert taken.headers["X-Upload-Slot"] == "1"
    assert taken.content.decode().startswith('<div class="upload-slot" id="slot-photo" data-slot="photo">')
    assert "photo.jpg" in taken.content.decode()
    removed = owner_client.post(form, {"slot": "photo", "remove": str(DraftUpload.objects.get().uid)}, headers=script)
    assert removed.headers["X-Upload-Slot"] == "1"
    assert notes(removed.content.decode()) == {"photo": "已移除 photo.jpg"}
    refused = owner_client.post(form, {"upload": "health", "upload-health": SimpleUploadedFile("a.pdf", b"")}, headers=script)
    assert "a.pdf：檔案是空的，請重新選擇檔案" in refused.content.decode()
    assert owner_client.post(form, {"upload": "nothing"}, headers=script).status_code == 404
    assert typed(page(owner_client, form), "road") == "和平東路"


def _png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGBA", (500, 600), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()
