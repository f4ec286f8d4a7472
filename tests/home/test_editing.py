"""Editors change every page in the admin; officers change none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.china_student.models import ChinaStudentPage
from portal.home.models import HomePage
from portal.student_entry.models import StudentEntryPage
from tests.pages import source
from tests.staff import logged_in, make_staff

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def editor_client(db: None) -> Client:
    """An editor who may publish: Wagtail's group of moderators."""
    return logged_in(make_staff("editor", "總編輯"))


def _publish(client: Client, page: Page, **fields: Any) -> None:
    data = nested_form_data({"title": page.title, "slug": page.slug, "comments": inline_formset([]), **fields})
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**data, "action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors


def test_the_edit_view_speaks_traditional_chinese(editor_client: Client) -> None:
    page = source(ChinaStudentPage)
    text = editor_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for label in ["標題", "導言", "入口卡片說明", "服務功能", "申請資格", "申辦步驟", "應檢附文件", "申辦項目及費用", "常見問題"]:
        assert label in text


def test_an_editor_publishes_the_landing_page(editor_client: Client, client: Client) -> None:
    _publish(
        editor_client,
        source(HomePage),
        introduction="新的導言",
        entries=streamfield([("entry", {"page": str(source(StudentEntryPage).pk), "text": "由此進入"})]),
        features=streamfield([("feature", {"title": "新特色", "text": "新說明"})]),
    )
    text = client.get("/").content.decode()
    assert '<p class="lead">新的導言</p>' in text
    assert '<a class="button" href="/student/entry/">由此進入</a>' in text
    assert "<h3>新特色</h3><p>新說明</p>" in text


def test_an_editor_publishes_the_entry_page(editor_client: Client, client: Client) -> None:
    _publish(editor_client, source(StudentEntryPage), introduction="新的導言", steps=streamfield([]))
    text = client.get("/student/entry/").content.decode()
    assert '<p class="lead">新的導言</p>' in text
    assert "申辦流程" not in text


def test_an_editor_publishes_notes_beside_what_the_kinds_ask_for(editor_client: Client, client: Client) -> None:
    _publish(
        editor_client,
        source(ChinaStudentPage),
        introduction="",
        card_text="",
        eligibility=rich_text("<p>資格</p>"),
        services=streamfield([]),
        steps=streamfield([]),
        document_notes=streamfield([("note", {"line": "china-student.multiple-entry.photo", "note": "照片館拍的也可以"})]),
        document_rules=rich_text(""),
        fee_notes=streamfield([("note", {"line": "china-student.extension.1", "note": "現金不收"})]),
        processing=rich_text(""),
        faq=streamfield([]),
    )
    text = client.get("/student/entry/china-student/").content.decode()
    assert '<li>照片<span class="hint">照片館拍的也可以</span></li>' in text
    assert '<th scope="row">多次證延期<span class="hint">現金不收</span></th>' in text
    assert "服務功能簡介說明" not in text


def test_an_officer_edits_no_page(officer_client: Client) -> None:
    page = source(HomePage)
    response = officer_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("wagtailadmin_home")
