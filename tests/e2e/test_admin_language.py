"""What Wagtail's scripts put on an editor's screen is Traditional Chinese too."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from wagtail.snippets.models import get_snippet_models

from portal.home.models import HomePage, StandardPage
from tests.english import english_in, is_english
from tests.pages import hide_translations, public_texts, source
from tests.staff import logged_in, make_staff


@pytest.fixture
def editor_page(site: str, new_context: Callable[..., BrowserContext]) -> Page:
    """A browser in which a moderator is logged in."""
    editor = make_staff("editor1", "總編輯", chinese_name="陳編輯")
    hide_translations()
    session = logged_in(editor).cookies[settings.SESSION_COOKIE_NAME].value
    context = new_context(scripts=True)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context.new_page()


def english_on(page: Page) -> list[str]:
    return english_in(page.content(), data=filter(is_english, public_texts()))


def address(site: str, name: str, *args: object) -> str:
    return site + reverse(name, args=args)


def test_the_page_editor_and_its_side_panels(site: str, editor_page: Page) -> None:
    page = editor_page
    page.goto(address(site, "wagtailadmin_pages:edit", source(HomePage).pk))
    expect(page.get_by_role("button", name="展開或收合側邊選單")).to_be_visible()
    for panel, words in {
        "status": "未設定發布排程",
        "checks": "內容統計",
        "preview": "以手機尺寸預覽",
        "comments": "意見通知",
    }.items():
        page.locator(f'[data-side-panel-toggle="{panel}"]').click()
        shown = page.locator(f'[data-side-panel="{panel}"]')
        expect(shown.get_by_text(words, exact=True).or_(shown.get_by_label(words)).first).to_be_visible()
        assert english_on(page) == []


def test_a_block_a_comment_and_a_link(site: str, editor_page: Page) -> None:
    page = editor_page
    written = source(HomePage).add_child(instance=StandardPage(title="頁面", slug="x", body=[("text", "<p>一段文字。</p>")]))
    page.goto(address(site, "wagtailadmin_pages:edit", written.pk))
    page.locator('[data-side-panel-toggle="comments"]').click()
    page.locator("[data-comment-add]").nth(1).click(force=True)
    expect(page.get_by_role("button", name="送出意見")).to_be_visible()
    assert english_on(page) == []
    page.get_by_role("button", name="取消").click()
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    for kind in ["外部連結", "電子郵件連結", "電話連結", "頁內錨點連結", "內部連結"]:
        page.locator(".modal-body .link-types").get_by_role("link", name=kind).click()
        expect(page.locator(".modal-body .link-types b")).to_have_text(kind)
        assert english_on(page) == []


def test_a_date_for_publishing(site: str, editor_page: Page) -> None:
    page = editor_page
    page.goto(address(site, "wagtailadmin_pages:edit", source(HomePage).pk))
    page.locator('[data-side-panel-toggle="status"]').click()
    page.get_by_role("button", name="設定排程").click()
    page.locator("#id_go_live_at").click()
    expect(page.locator(".xdsoft_datetimepicker:visible th").first).to_have_text("星期一")
    assert english_on(page) == []


def test_what_is_said_while_typing(site: str, editor_page: Page) -> None:
    page = editor_page
    page.goto(address(site, "wagtailadmin_pages:edit", source(HomePage).pk))
    page.locator("#id_title").fill("")
    page.get_by_role("button", name="儲存草稿").click()
    expect(page.get_by_text("此欄位必填。")).to_be_visible()
    assert english_on(page) == []


@pytest.mark.parametrize(
    "name", ["wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:add_multiple", "wagtaildocs:index"]
)
def test_lists_and_uploads(site: str, editor_page: Page, name: str) -> None:
    editor_page.goto(address(site, name))
    editor_page.keyboard.press("?")
    expect(editor_page.get_by_role("dialog", name="鍵盤快速鍵")).to_be_visible()
    assert english_on(editor_page) == []


def test_snippets(site: str, editor_page: Page) -> None:
    """Every kind that an editor may keep: its list, and a new one."""
    for model in get_snippet_models():
        for name in ("list", "add"):
            response = editor_page.goto(address(site, model.snippet_viewset.get_url_name(name)))
            assert response
            assert response.ok
            assert english_on(editor_page) == []
