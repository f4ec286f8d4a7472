"""申請書副本: read back from the file itself."""

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from tests import papers as read
from tests.china_student.test_forms import form
from tests.factories.cases import NOW, act, document, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers() -> dict[str, Any]:
    """Every question of 換發多次證, answered."""
    answered = form(former_name="王曉明", party_role="former", party_post="某機關")
    assert answered.is_valid()
    return answered.answers()


@pytest.fixture
def case(owner: User, answers: dict[str, Any]) -> Case:
    files = [document(original_name="大頭照.jpg"), document("enrolment", original_name="在學證明.pdf", size=1_234_567)]
    return submitted(owner, answers=answers, documents=files, declaration_version="china-student-1")


def address(case: Case, language: str = "") -> str:
    return f"{language}/china-student/individual/cases/{case.case_no}/application.pdf"


def copy_of(client: Client, case: Case, language: str = "") -> bytes:
    response = client.get(address(case, language))
    assert response.status_code == 200
    content: bytes = response.getvalue()  # type: ignore[attr-defined]
    return content


def words(content: bytes) -> str:
    return "".join(read.text(content).split())


def test_it_is_downloaded_and_kept_by_nobody(case: Case, owner_client: Client) -> None:
    kept = sorted(Path(django_settings.PRIVATE_ROOT).rglob("*"))
    response = owner_client.get(address(case))
    assert response.status_code == 200
    assert response.getvalue().startswith(b"%PDF-1.7")  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/pdf"
    name = "%E7%94%B3%E8%AB%8B%E6%9B%B8%E5%89%AF%E6%9C%AC"  # 申請書副本
    assert response.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{name}-{case.case_no}.pdf"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert sorted(Path(django_settings.PRIVATE_ROOT).rglob("*")) == kept


def test_it_says_what_was_sent(case: Case, owner_client: Client) -> None:
    text = words(copy_of(owner_client, case))
    for block in ("申請人資料", "證件資料", "就學資料", "入境及健康檢查", "在臺地址", "聯絡方式", "聲明", "應檢附文件"):
        assert block in text
    for label, value in {
        "收件號": case.case_no,
        "團號": case.group_no,
        "送件時間": "2026/11/2310:30",
        "中文姓名": "王小明",
        "別名／曾用名": "王曉明",
        "性別": "男",
        "出生日期（西元）": "2004/05/06",
        "學制": "學士班",
        "巷": "—",
        "無在臺聯絡手機號碼": "否",
        "任職機關、團體及職務": "某機關",
        "照片": "大頭照.jpg69位元組",
        "在學證明或已註冊學生證正反面": "在學證明.pdf1.2MB",
        "聲明事項版本": "china-student-1",
    }.items():
        assert label in text
        assert value in text
    assert "陸生換發多次證申請" in text
    assert "最近一次補正" not in text


def test_it_speaks_the_language_of_the_page(case: Case, owner_client: Client) -> None:
    content = copy_of(owner_client, case, "/en")
    text = read.text(content)
    for said in ("Case number", "Chinese name", "王小明", "Bachelor’s programme", "Shanghai"):
        assert said in text
    assert "出生地" not in text
    with pikepdf.open(BytesIO(content)) as made:
        assert made.Root.Lang == "en"


def test_after_a_correction_it_says_what_holds_now(
    case: Case, owner: User, officer: User, owner_client: Client, answers: dict[str, Any]
) -> None:
    returned = act(Action.ASK_CORRECTION, act(Action.TAKE, case, officer), officer)
    photo = case.documents.get(slot="photo")
    act(
        Action.RESUBMIT,
        returned,
        owner,
        answers={**answers, "department": "法律學系"},
        documents=[document(original_name="重拍.jpg")],
        removed=[photo.uid],
        now=NOW + dt.timedelta(days=1),
    )
    text = words(copy_of(owner_client, case))
    for said in ("法律學系", "重拍.jpg", "送件時間2026/11/2310:30", "最近一次補正(件)2026/11/2410:30"):
        assert said in text
    for gone in ("資訊工程學系", "大頭照.jpg"):
        assert gone not in text


def test_it_is_tagged_with_every_font_embedded(case: Case, owner_client: Client) -> None:
    content = copy_of(owner_client, case)
    with pikepdf.open(BytesIO(content)) as made:
        assert made.Root.Lang == "zh-Hant-TW"
        assert made.Root.MarkInfo.Marked is True
        assert made.open_metadata()["pdfuaid:part"] == "1"
        assert made.docinfo["/Title"] == f"申請書副本 {case.case_no}"
    assert {line.split("+")[1].split()[0] for line in read.fonts(content)} == {"Noto-Sans-CJK-TC"}
    assert read.info(content)["Page size"] == "595.276 x 841.89 pts (A4)"
    assert copy_of(owner_client, case) == content  # nothing in it comes from the clock


def test_a_name_of_a_file_that_cannot_be_printed_is_spelled_out(owner: User, owner_client: Client) -> None:
    case = submitted(owner, documents=[document(original_name="我的照片😀.jpg")])
    assert "我的照片（U+1F600）.jpg" in words(copy_of(owner_client, case))


def test_an_answer_that_cannot_be_printed_gets_a_page_that_says_so(case: Case, owner_client: Client) -> None:
    Case.objects.update(answers={**case.answers, "department": "資訊\U00030000系"})
    response = owner_client.get(address(case))
    page = response.content.decode()
    assert response.status_code == 503
    assert "申請書副本無法製作" in page
    assert "申請內容含有無法列印的字元：\U00030000（U+30000）。" in page
    assert f'href="/china-student/individual/cases/{case.case_no}/"' in page


def test_a_stranger_finds_what_there_is_where_nothing_is(case: Case, stranger_client: Client) -> None:
    missing = stranger_client.get("/china-student/individual/cases/115150999999/application.pdf")
    assert stranger_client.get(address(case)).status_code == missing.status_code == 404


def test_a_visitor_is_sent_to_the_log_in(case: Case, client: Client, officer_client: Client) -> None:
    for visitor in (client, officer_client):
        response = visitor.get(address(case))
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/china-student/individual/login/?next=")


def test_posting_is_refused(case: Case, owner_client: Client) -> None:
    assert owner_client.post(address(case)).status_code == 405


def test_the_page_of_the_case_leads_to_it(case: Case, owner_client: Client) -> None:
    page = owner_client.get(f"/china-student/individual/cases/{case.case_no}/").content.decode()
    assert f'href="{address(case)}">下載申請書副本（PDF）</a>' in page


def test_more_files_and_revisions_ask_no_more(case: Case, owner: User, officer: User, owner_client: Client) -> None:
    owner_client.get(address(case))
    counts = []
    for _each in range(2):
        with CaptureQueriesContext(connection) as queries:
            copy_of(owner_client, case)
        counts.append(len(queries))
        returned = act(Action.ASK_CORRECTION, act(Action.TAKE, Case.objects.get(), officer), officer)
        act(Action.RESUBMIT, returned, owner, documents=[document("health"), document("other")])
    assert counts[0] == counts[1] <= 7
