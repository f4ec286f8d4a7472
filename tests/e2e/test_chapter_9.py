"""Chapter 9 帳號維護 and the time of a log-in, in Chromium: with JavaScript and without, by keyboard."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect
from pytest_django import Settings

from portal.accounts.models import User
from portal.sessions.engine import AccountSession
from tests import people
from tests.conftest import logged_in

from .axe import expect_no_fault, look

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"
PASSWORD, PROFILE, SESSIONS = (f"{HOME}/account/{page}/" for page in ("password", "profile", "sessions"))
NEW = "another long sentence 7"


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(site: str, owner: User, scripts: bool, new_context: Callable[..., BrowserContext]) -> Page:
    """王小明's browser, logged in, at 待辦事項."""
    page = entered(site, owner, new_context(scripts=scripts))
    page.goto(f"{site}{HOME}/todo/")
    return page


def entered(site: str, user: User, context: BrowserContext) -> Page:
    cookie = logged_in(user).cookies["sessionid"]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    return context.new_page()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it has the focus."""
    wanted = page.locator(selector)
    for _step in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"no way by keyboard to {selector}")


def open_by_keyboard(page: Page, item: str) -> None:
    """[帳號維護][item] of the menu."""
    tab_to(page, "summary:has-text('帳號維護')")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name=item, exact=True)
    expect(link).to_be_visible()
    for _step in range(3):
        page.keyboard.press("Tab")
        if link.evaluate("node => node === document.activeElement"):
            return page.keyboard.press("Enter")
    raise AssertionError(item)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def type_into(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        tab_to(page, f"main [name={name}]")
        page.keyboard.press("Control+A")
        page.keyboard.type(value)


def test_figures_62_63_64_and_65_a_new_password(site: str, page: Page, owner: User, scripts: bool) -> None:
    open_by_keyboard(page, "密碼修改")
    heading(page, "密碼修改")
    look(page, "figure-63", scripts=scripts)
    type_into(page, current_password=people.PASSWORD, new_password=NEW, new_password_again="another")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("兩次輸入的密碼不相同")
    look(page, "figure-63-wrong", scripts=scripts)
    for name in ("current_password", "new_password", "new_password_again"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
    type_into(page, current_password=people.PASSWORD, new_password=NEW, new_password_again=NEW)
    page.keyboard.press("Enter")
    expect(page.locator(".notice[role=status]")).to_have_text("修改成功，請重新登入")
    heading(page, "陸生自行申請線上申辦系統")
    look(page, "figure-64", scripts=scripts)
    owner.refresh_from_db()
    assert owner.check_password(NEW)
    page.goto(site + PASSWORD)
    heading(page, "陸生自行申請線上申辦系統")


def test_figure_63_reset_clears_the_fields(site: str, page: Page) -> None:
    page.goto(site + PASSWORD)
    type_into(page, current_password="a", new_password="b", new_password_again="c")
    tab_to(page, "button[type=reset]")
    page.keyboard.press("Enter")
    for name in ("current_password", "new_password", "new_password_again"):
        expect(page.locator(f"[name={name}]")).to_have_value("")


def test_figures_66_67_and_68_ones_own_data(site: str, page: Page, owner: User, scripts: bool) -> None:
    open_by_keyboard(page, "基本資料維護")
    heading(page, "基本資料維護")
    look(page, "figure-67", scripts=scripts)
    type_into(page, mobile="123")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("手機號碼格式不正確")
    look(page, "figure-67-wrong", scripts=scripts)
    type_into(page, email="new@example.test", current_password=people.PASSWORD, mobile="0987654321")
    page.keyboard.press("Enter")
    expect(page.get_by_text("儲存成功", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="待確認的 Email 信箱")).to_be_visible()
    look(page, "figure-68", scripts=scripts)
    owner.refresh_from_db()
    assert (owner.mobile, owner.email) == ("0987654321", "xiaoming@example.test")


def test_a_new_email_is_confirmed_from_its_email(
    site: str, page: Page, owner: User, scripts: bool, new_context: Callable[..., BrowserContext]
) -> None:
    page.goto(site + PROFILE)
    page.locator("[name=email]").fill("new@example.test")
    page.locator("[name=current_password]").fill(people.PASSWORD)
    page.get_by_role("button", name="儲存").click()
    elsewhere = new_context(scripts=scripts).new_page()  # on the phone, logged out
    elsewhere.goto(f"{site}/demo/mailbox/")
    elsewhere.get_by_role("link", name="請確認 Email 信箱").first.click()
    elsewhere.locator("main .card a[href*='/account/email/']").click()
    heading(elsewhere, "確認 Email 信箱")
    look(elsewhere, "email-confirm", scripts=scripts)
    tab_to(elsewhere, "main form button")
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.locator(".notice[role=status]")).to_have_text("Email 信箱變更成功")
    elsewhere.go_back()
    elsewhere.reload()
    expect(elsewhere.locator("main")).to_contain_text("此確認連結已使用過，Email 信箱已經變更。")
    look(elsewhere, "email-used", scripts=scripts)
    page.goto(site + PROFILE)
    expect(page.locator("[name=email]")).to_have_value("new@example.test")


def test_the_other_devices_are_logged_out(site: str, page: Page, owner: User, scripts: bool) -> None:
    logged_in(owner)
    open_by_keyboard(page, "登入中的裝置")
    heading(page, "登入中的裝置")
    expect(page.locator("tbody tr")).to_have_count(2)
    look(page, "sessions", scripts=scripts)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator(".notice[role=status]")).to_have_text("已登出其他裝置")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("這台裝置")


# The end of a log-in, with scripts: the server's clock is moved by moving the row, the page's by Playwright.


@pytest.fixture
def watched(site: str, owner: User, new_context: Callable[..., BrowserContext]) -> Page:
    """王小明's 基本資料維護, its clock in our hands."""
    page = entered(site, owner, new_context(scripts=True))
    page.clock.install()
    page.goto(site + PROFILE)
    return page


def leave(seconds: int) -> None:
    """So much is left of every log-in."""
    now = timezone.now()
    AccountSession.objects.update(expire_date=now + dt.timedelta(seconds=seconds), last_seen=now - dt.timedelta(minutes=5))


def test_the_warning_comes_at_13_minutes_and_can_be_answered(watched: Page) -> None:
    dialog = watched.get_by_role("dialog", name="即將自動登出")
    watched.locator("[name=mobile]").fill("0987654321")
    leave(120)
    watched.clock.run_for(12 * 60_000 + 55_000)
    expect(dialog).to_be_hidden()
    watched.clock.run_for(10_000)
    expect(dialog).to_be_visible()
    button = dialog.get_by_role("button", name="繼續使用")
    expect(button).to_be_focused()
    look(watched, "warning", scripts=True)
    watched.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert AccountSession.objects.get().expire_date > timezone.now() + dt.timedelta(minutes=14)
    expect(watched.locator("[name=mobile]")).to_have_value("0987654321")


def test_work_in_another_tab_prolongs_this_one_too(watched: Page) -> None:
    watched.clock.run_for(13 * 60_000 + 5_000)  # the server has almost the whole quarter of an hour left
    expect(watched.get_by_role("dialog", name="即將自動登出")).to_be_hidden()


def test_at_the_end_the_page_goes_to_the_log_in_page(watched: Page) -> None:
    leave(0)
    with watched.expect_navigation():
        watched.clock.run_for(13 * 60_000 + 5_000)
    heading(watched, "陸生自行申請線上申辦系統")
    expect(watched.locator(".notice[role=status]")).to_contain_text("您的登入已結束")
    look(watched, "log-in-after-the-end", scripts=True)


def test_at_the_end_what_was_typed_stays_on_the_page(watched: Page) -> None:
    watched.locator("[name=mobile]").fill("0987654321")
    leave(0)
    watched.clock.run_for(13 * 60_000 + 5_000)
    dialog = watched.get_by_role("dialog", name="已自動登出")
    expect(dialog).to_be_visible()
    look(watched, "over", scripts=True)
    dialog.get_by_role("button", name="留在本頁").click()
    expect(watched.locator("[name=mobile]")).to_have_value("0987654321")


# Without scripts, on a clock of seconds: a frame tells the time, and the page with what is typed stays.


@pytest.fixture
def framed(site: str, owner: User, settings: Settings, new_context: Callable[..., BrowserContext]) -> FrameLocator:
    settings.SESSION_COOKIE_AGE = 124
    page = entered(site, owner, new_context(scripts=False))
    page.goto(site + PROFILE)
    page.locator("[name=mobile]").fill("0987654321")
    return page.frame_locator(".session-frame")


def test_without_scripts_the_frame_warns_and_can_be_answered(framed: FrameLocator) -> None:
    page = framed.owner.page
    expect(framed.get_by_text("若沒有操作")).to_be_visible()
    look(page, "frame", scripts=False)
    expect(framed.get_by_role("alert")).to_contain_text("即將自動登出")
    look(page, "frame-warning", scripts=False)
    AccountSession.objects.update(idle=dt.timedelta(minutes=15), last_seen=timezone.now() - dt.timedelta(minutes=13))
    framed.get_by_role("button", name="繼續使用").press("Enter")
    expect(framed.get_by_text("若沒有操作")).to_be_visible()
    assert AccountSession.objects.get().expire_date > timezone.now() + dt.timedelta(minutes=14)
    expect(page.locator("[name=mobile]")).to_have_value("0987654321")


def test_without_scripts_the_end_is_said_and_log_in_leads_back(framed: FrameLocator) -> None:
    page = framed.owner.page
    leave(0)
    framed.get_by_role("button", name="繼續使用").click()
    expect(framed.get_by_role("alert")).to_contain_text("已自動登出")
    expect(page.locator("[name=mobile]")).to_have_value("0987654321")
    look(page, "frame-over", scripts=False)
    framed.get_by_role("link", name="重新登入").click()
    heading(page, "陸生自行申請線上申辦系統")
    expect(page.locator("[name=next]")).to_have_value(PROFILE)


def test_every_state_of_the_frame_has_no_fault(site: str, owner: User, new_context: Callable[..., BrowserContext]) -> None:
    page = entered(site, owner, new_context(scripts=True))
    for seconds in (800, 100, 0):
        leave(seconds)
        page.goto(f"{site}{HOME}/account/session/")
        expect_no_fault(page, f"{seconds} left")
