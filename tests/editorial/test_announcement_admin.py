"""公告 written, handed in, published, planned and previewed in the admin, through its real views."""

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.fields import RichTextField
from wagtail.models import WorkflowState
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import nested_form_data, rich_text

from portal.accounts.models import User
from portal.editorial.snippets import Announcement
from portal.home.tasks import publish_scheduled
from tests.conftest import logged_in
from tests.editors import address, client_of, member_of, notice_form
from tests.staff import make_administrator

pytestmark = pytest.mark.usefixtures("seeded")
NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)  # 12:00 in Taipei


@pytest.fixture
def moderator() -> User:
    return member_of("總編輯")


@pytest.fixture
def moderator_client(moderator: User) -> Client:
    return logged_in(moderator)


@pytest.fixture
def editor_client() -> Client:
    return client_of("編輯")


def add(client: Client, action: str = "", **fields: Any) -> Announcement:
    """Send the form for a new announcement with that button."""
    pressed = {f"action-{action}": "1"} if action else {}
    response = client.post(address("portal_editorial_announcement", "add"), {**notice_form(**fields), **pressed})
    assert response.status_code == 302, response.context["form"].errors
    return Announcement.objects.latest("pk")


def change(client: Client, announcement: Announcement, action: str = "", **fields: Any) -> None:
    pressed = {f"action-{action}": "1"} if action else {}
    response = client.post(
        address("portal_editorial_announcement", "edit", announcement.pk), {**notice_form(**fields), **pressed}
    )
    assert response.status_code == 302, response.context["form"].errors


def front(client: Client) -> str:
    return client.get("/").content.decode()


def test_what_is_published_is_on_the_public_page(moderator_client: Client, client: Client) -> None:
    announcement = add(moderator_client, "publish", level="warning")
    html = front(client)
    assert '<article class="notice notice-warning">' in html
    assert "<span>系統維護</span>" in html
    assert "週日暫停服務。" in html
    change(moderator_client, announcement, "publish", title="維護完成", level="success")
    assert "<span>維護完成</span>" in front(client)
    moderator_client.post(address("portal_editorial_announcement", "unpublish", announcement.pk))
    assert "維護完成" not in front(client)


def test_a_draft_stays_in_the_admin(moderator_client: Client, client: Client) -> None:
    announcement = add(moderator_client)
    assert not announcement.live
    assert "系統維護" not in front(client)


def test_a_planned_notice_comes_with_the_task_and_leaves_at_its_end_without_it(moderator_client: Client, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        add(moderator_client, "publish", go_live_at="2026-11-24 13:00", expire_at="2026-11-24 14:00")
        publish_scheduled.apply(throw=True)
        assert "系統維護" not in front(client)
        clock.shift(dt.timedelta(hours=1, seconds=1))
        publish_scheduled.apply(throw=True)
        assert "系統維護" in front(client)
        clock.move_to(NOON + dt.timedelta(hours=2))
        assert "系統維護" not in front(client)
        clock.shift(1)
        publish_scheduled.apply(throw=True)
    announcement = Announcement.objects.latest("pk")
    assert (announcement.live, announcement.expired) == (False, True)


def test_a_planned_change_leaves_what_is_shown_until_its_time(moderator_client: Client, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        announcement = add(moderator_client, "publish")
        change(moderator_client, announcement, "publish", title="改期", go_live_at="2026-11-24 13:00")
        assert "<span>系統維護</span>" in front(client)
        clock.shift(dt.timedelta(hours=1, seconds=1))
        publish_scheduled.apply(throw=True)
        assert "<span>改期</span>" in front(client)


def test_an_end_before_the_beginning_is_refused_and_nothing_is_lost(moderator_client: Client) -> None:
    sent = notice_form(go_live_at="2030-11-24 14:00", expire_at="2030-11-24 13:00")
    response = moderator_client.post(address("portal_editorial_announcement", "add"), {**sent, "action-publish": "1"})
    assert set(response.context["form"].errors) == {"go_live_at", "expire_at"}
    assert 'value="系統維護"' in response.content.decode()
    assert not Announcement.objects.filter(title="系統維護").exists()


def test_an_editor_hands_in_and_a_moderator_approves(
    editor_client: Client, moderator_client: Client, moderator: User, client: Client
) -> None:
    announcement = add(editor_client, "submit")
    state = WorkflowState.objects.get()
    assert (state.status, state.content_object) == ("in_progress", announcement)
    assert "系統維護" not in front(client)
    task = state.current_task_state
    assert (
        f'href="{address("portal_editorial_announcement", "edit", announcement.pk)}"'
        in moderator_client.get("/admin/").content.decode()
    )
    moderator_client.post(address("portal_editorial_announcement", "workflow_action", announcement.pk, "approve", task.pk))
    assert "系統維護" in front(client)
    announcement.refresh_from_db()
    assert (announcement.live, announcement.live_revision.user.username) == (True, "編輯")


def test_an_editor_cannot_publish(editor_client: Client, client: Client) -> None:
    add(editor_client, "publish")
    assert "系統維護" not in front(client)
    text = editor_client.get(address("portal_editorial_announcement", "add")).content.decode()
    assert 'name="action-submit"' in text
    assert 'name="action-publish"' not in text


def test_officers_students_and_visitors_stay_outside(officer_client: Client, owner_client: Client, client: Client) -> None:
    announcement = Announcement.objects.get()
    pages = [
        ("list", ()),
        ("add", ()),
        ("edit", (announcement.pk,)),
        ("delete", (announcement.pk,)),
        ("history", (announcement.pk,)),
    ]
    for page, args in pages:
        where = address("portal_editorial_announcement", page, *args)
        assert officer_client.get(where).headers["Location"] == reverse("wagtailadmin_home"), page
        for outside in (owner_client, client):
            assert outside.get(where).headers["Location"].startswith("/admin/login/"), page
    officer_client.post(
        address("portal_editorial_announcement", "edit", announcement.pk), {**notice_form(), "action-publish": "1"}
    )
    announcement.refresh_from_db()
    assert announcement.title == "第一次使用本系統，請先註冊帳號"


def preview(client: Client, mode: str, **fields: Any) -> Any:
    where = address("portal_editorial_announcement", "preview_on_add")
    assert client.post(where, notice_form(**fields)).json() == {"is_valid": True, "is_available": True}
    return client.get(where, {"mode": mode})


@pytest.mark.parametrize(("mode", "title"), [("zh-hant", "尚未儲存"), ("en", "Not saved yet"), ("zh-hans", "尚未儲存")])
def test_the_preview_shows_the_unsaved_notice_on_a_page_in_each_language(
    editor_client: Client, client: Client, mode: str, title: str
) -> None:
    response = preview(editor_client, mode, title="尚未儲存", title_en="Not saved yet", level="danger")
    html = response.content.decode()
    tags = {"zh-hant": "zh-Hant-TW", "en": "en", "zh-hans": "zh-Hans"}
    assert f'<html lang="{tags[mode]}">' in html
    assert '<article class="notice notice-danger">' in html
    assert re.findall(r"<span(?: lang=\"zh-Hant-TW\")?>([^<]*)</span></p>", html) == [title]
    assert ("untranslated-note" in html) == (mode != "zh-hant")
    assert "尚未儲存" not in front(client)


def test_the_admin_may_frame_the_preview_and_nobody_else_anything(editor_client: Client, client: Client) -> None:
    response = preview(editor_client, "zh-hant")
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]


def raw_text(*blocks: dict[str, Any], **entities: Any) -> str:
    """Rich text as the editor's script sends it; here as somebody else's might."""
    plain = {"key": "a", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [{**plain, **block} for block in blocks], "entityMap": entities})


def test_rich_text_is_cleaned(moderator_client: Client, client: Client) -> None:
    evil = raw_text(
        {"text": "<script>alert(1)</script>"},
        {"text": "按這裡", "entityRanges": [{"key": 0, "offset": 0, "length": 3}]},
        {"text": "大標", "type": "header-two"},
        **{"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}},
    )
    response = moderator_client.post(
        address("portal_editorial_announcement", "add"),
        {**notice_form(), **nested_form_data({"text": evil}), "action-publish": "1"},
    )
    assert response.status_code == 302
    band = front(client).split('<section class="notices container"')[1].split("</section>")[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in band
    assert "<script" not in band
    assert "javascript:" not in band
    assert "按這裡" in band
    assert "<h2" not in band


def test_the_list_says_level_scope_state_and_times(moderator_client: Client) -> None:
    Announcement.objects.all().delete()
    with time_machine.travel(NOON, tick=False):
        add(moderator_client, "publish", level="danger", scope="flow:payments", expire_at="2026-11-24 14:00")
        html = moderator_client.get(address("portal_editorial_announcement", "list")).content.decode()
        heads = re.findall(r"<th\b.*?</th>", html, re.DOTALL)
        for head in ("標題", "重要性", "顯示範圍", "狀態", "開始", "結束"):
            assert [one for one in heads if head in one], head
        for cell in ("系統維護", "緊急", "線上繳費", "2026/11/24 12:00", "2026/11/24 14:00"):
            assert cell in html
        for filtered, count in [("level=danger", 1), ("level=info", 0), ("scope=flow:payments", 1), ("live=false", 0)]:
            listed = moderator_client.get(f"{address('portal_editorial_announcement', 'list')}?{filtered}")
            assert listed.context["page_obj"].paginator.count == count, filtered


def test_the_form_speaks_traditional_chinese(moderator_client: Client) -> None:
    html = moderator_client.get(address("portal_editorial_announcement", "add")).content.decode()
    for words in ("重要性", "緊急：系統停機、期限異動", "公告只出現在這個範圍的頁面。", "上架與下架", "不填則顯示正體中文"):
        assert words in html


def test_every_save_is_in_the_history(moderator_client: Client) -> None:
    announcement = add(moderator_client, "publish")
    change(moderator_client, announcement, title="改過的標題")
    assert announcement.revisions.count() == 2
    html = moderator_client.get(address("portal_editorial_announcement", "history", announcement.pk)).content.decode()
    assert "總編輯" in html


def test_a_copy_is_a_new_one_and_what_is_copied_stays(moderator_client: Client, editor_client: Client, client: Client) -> None:
    copied = add(moderator_client, "publish")
    form = editor_client.get(address("portal_editorial_announcement", "copy", copied.pk))
    assert f'action="{address("portal_editorial_announcement", "add")}"' in form.content.decode()
    assert form.context["autosave_enabled"] is False
    sent = editor_client.post(address("portal_editorial_announcement", "copy", copied.pk), notice_form(title="別的標題"))
    assert sent.status_code == 405
    assert "系統維護" in front(client)
    assert add(editor_client, title="別的標題").first_published_at is None


@pytest.mark.parametrize("model", get_snippet_models(), ids=lambda model: model._meta.label_lower)
def test_no_copy_is_sent_to_where_its_original_is(model: Any) -> None:
    """Wagtail saves what is sent there over the original, for whoever may write drafts."""
    viewset = model.snippet_viewset
    assert not viewset.copy_view_enabled or "post" not in viewset.copy_view_class.http_method_names


@pytest.mark.parametrize("model", get_snippet_models(), ids=lambda model: model._meta.label_lower)
def test_what_is_new_is_there_once_it_is_saved_and_not_before(model: Any) -> None:
    """Saved by itself, it would be a blank draft that its editor may not delete."""
    name = model._meta.label_lower.replace(".", "_")
    page = logged_in(make_administrator()).get(address(name, "add"))
    assert page.context["autosave_enabled"] is False
    assert 'id="w-autosave-indicator"' not in page.content.decode()


def required_texts() -> list[tuple[Any, str]]:
    """Every formatted text that a snippet cannot do without."""
    models = [(model, field) for model in get_snippet_models() for field in model._meta.concrete_fields]
    return [(model, field.name) for model, field in models if isinstance(field, RichTextField) and not field.blank]


def test_there_are_required_texts() -> None:
    assert {model.__name__ for model, _name in required_texts()} == {"Declaration", "Guidance"}


@pytest.mark.parametrize(("model", "name"), required_texts())
@pytest.mark.parametrize("emptied", ["", "<p></p>", "<p> </p><p>&nbsp;</p>"])
def test_a_text_that_was_emptied_is_missed(model: Any, name: str, emptied: str) -> None:
    """Its editor leaves a paragraph with nothing in it."""
    form = model.snippet_viewset.get_edit_handler().get_form_class()({name: rich_text(emptied)})
    assert form.errors[name] == ["此欄位必填。"]


def test_what_was_saved_once_is_saved_by_itself_from_then_on(editor_client: Client) -> None:
    page = editor_client.get(address("portal_editorial_announcement", "edit", add(editor_client).pk))
    assert page.context["autosave_enabled"] is True
    assert 'id="w-autosave-indicator"' in page.content.decode()
