"""Staff at their log-in page: the authenticator set up, the code, a recovery code, and what each duty finds inside."""

import re
from base64 import b32decode
from collections.abc import Callable
from time import time

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.demo.people import STAFF, write_staff
from portal.review.groups import OFFICERS
from tests import people
from tests.staff import email_to, fill_in, first_administrator, link_in, make_staff

from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
# What each of the demonstration's people finds in the menu of the admin.
MENUS = {
    "officer": {"案件審核"},
    "officer2": {"案件審核"},
    "editor": {"頁面", "公告", "引導文字", "使用聲明事項", "退補事由範本", "圖片", "文件"},
    "supervisor": {"案件審核", "審核統計", "查閱紀錄", "寄出信件", "登入紀錄"},
    "cashier": {"繳費與帳務"},
    "clerk": {"署內資料"},
}
OF_A_DUTY = set().union(*MENUS.values())
MENUS["administrator"] = OF_A_DUTY


@pytest.fixture
def officer(site: str) -> User:
    return make_staff("officer", OFFICERS)


class App:
    """The officer's telephone: it never shows a code that it showed before."""

    def __init__(self, key: str) -> None:
        self.totp, self.shown = TOTP(b32decode(key.replace(" ", ""))), -1

    def code(self) -> str:
        self.totp.time = time()
        while self.totp.t() <= self.shown:  # the next half-minute's, which opens too
            self.totp.time += self.totp.step
        self.shown = self.totp.t()
        return f"{self.totp.token():06d}"


def give_password(page: Page, site: str, username: str, password: str) -> None:
    """By keyboard: the account has the focus or gets it, Tab, the password, Enter."""
    page.goto(f"{site}/admin/login/")
    page.locator("[name=username]").focus()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/second-factor/**")


def type_code(page: Page, code: str) -> None:
    page.locator("#id_code").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def look(page: Page, name: str, scripts: bool) -> None:
    if scripts:
        expect_no_fault(page, name, by_night=())  # all rules: the sheets are Wagtail's


@with_and_without_scripts
def test_a_new_officer_follows_the_link_logs_in_with_a_code_and_with_a_recovery_code(
    site: str, new_context: Callable[..., BrowserContext], scripts: bool
) -> None:
    fill_in(first_administrator().client, "officer", OFFICERS)
    officer = User.objects.get(username="officer")
    page = new_context(scripts=scripts).new_page()
    page.goto(f"{site}{link_in(email_to(officer).body)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("設定密碼")
    look(page, "set-up-password", scripts)
    for typed in ("short", people.PASSWORD):
        page.get_by_label("新密碼", exact=True).fill(typed)
        page.get_by_label("再確認（新密碼）").fill(typed)
        page.get_by_role("button", name="下一步：驗證器").click()
        if typed == "short":
            expect(page.get_by_role("alert")).to_contain_text("密碼尚未設定")
            look(page, "set-up-password-wrong", scripts)
    expect(page.get_by_role("heading", level=1)).to_have_text("設定驗證器")
    look(page, "second-factor-enrol", scripts)
    app = App(page.locator(".second-factor-key").inner_text())
    type_code(page, "12345")
    expect(page.get_by_role("alert")).to_contain_text("驗證碼不正確，或已經用過。")
    look(page, "second-factor-enrol-wrong", scripts)
    type_code(page, app.code())
    expect(page.get_by_role("heading", level=1)).to_have_text("備用碼")
    codes = page.locator(".second-factor-codes code").all_inner_texts()
    assert len(codes) == 8
    look(page, "second-factor-codes", scripts)
    page.get_by_role("link", name="我已收好，進入管理後臺").click()
    expect(page).to_have_url(f"{site}/admin/")

    page = new_context(scripts=scripts).new_page()
    give_password(page, site, officer.username, people.PASSWORD)
    expect(page.locator("#id_code")).to_be_focused()
    look(page, "second-factor-verify", scripts)
    type_code(page, app.code())
    expect(page).to_have_url(f"{site}/admin/")

    page = new_context(scripts=scripts).new_page()
    give_password(page, site, officer.username, people.PASSWORD)
    type_code(page, codes[0])
    expect(page).to_have_url(f"{site}/admin/")
    page.goto(f"{site}/admin/second-factor/settings/")
    expect(page.get_by_text("還有 7 組可用。")).to_be_visible()


@with_and_without_scripts
def test_who_gave_the_password_only_can_log_out(
    site: str, officer: User, new_context: Callable[..., BrowserContext], scripts: bool
) -> None:
    page = new_context(scripts=scripts, width=360).new_page()
    give_password(page, site, officer.username, people.PASSWORD)
    page.get_by_role("button", name="登出（officer）").click()
    expect(page).to_have_url(re.compile("/admin/login/"))
    page.goto(f"{site}/admin/second-factor/")
    expect(page).to_have_url(f"{site}/admin/login/?next=/admin/second-factor/")


@pytest.mark.parametrize("username", [one.username for one in STAFF])
def test_in_the_demonstration_one_click_lets_each_of_its_people_in_to_their_own_duty(
    site: str, new_context: Callable[..., BrowserContext], username: str
) -> None:
    write_staff()
    person = next(one for one in STAFF if one.username == username)
    page = new_context(scripts=True).new_page()
    give_password(page, site, username, person.password)
    page.get_by_role("button", name="示範：填入現在的驗證碼").click()
    expect(page.locator("#id_code")).to_have_value(re.compile(r"^\d{6}$"))
    page.get_by_role("button", name="驗證", exact=True).click()
    expect(page).to_have_url(f"{site}/admin/")
    menu = page.get_by_role("navigation").first
    for item in OF_A_DUTY:
        found = menu.get_by_text(item, exact=True)
        if item in MENUS[username]:
            expect(found.first).to_be_visible()
        else:
            expect(found).to_have_count(0)
