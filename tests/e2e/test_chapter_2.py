"""Chapter 2 登入/登出 in Chromium: figures 13 to 16, with JavaScript and without, by keyboard."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from captcha.models import CaptchaStore
from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts import login_guard
from portal.accounts.models import LogInAttempt, User
from portal.captcha import sound
from portal.cases import kinds
from portal.throttling import limits
from tests import people

from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"
LOGIN, TODO = f"{HOME}/login/", f"{HOME}/todo/"
# With SCREENSHOTS=<folder> a picture of every page that is met, on a phone and on a desk.
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@dataclass
class Visitor:
    """A browser at the portal, and its keyboard."""

    site: str
    page: Page
    scripts: bool

    def open_login(self) -> None:
        self.page.goto(self.site + LOGIN)

    def tab_to(self, selector: str) -> None:
        """Press Tab until that element has the focus."""
        for _press in range(60):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached by keyboard")

    def type_in(self, name: str, text: str) -> None:
        self.tab_to(f"[name={name}]")
        self.page.keyboard.type(text)

    def press(self) -> None:
        self.page.keyboard.press("Enter")

    @property
    def captcha(self) -> CaptchaStore:
        return CaptchaStore.objects.get(hashkey=self.page.locator("input[name=captcha_0]").input_value())

    def log_in(self, password: str = people.PASSWORD, captcha: str = "") -> None:
        """Everything by keyboard: 帳號, 密碼, 驗證碼, Enter."""
        self.open_login()
        self.type_in("username", "xiaoming")
        self.type_in("password", password)
        self.type_in("captcha_1", captcha or self.captcha.response)
        self.press()

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(self.site + path)

    def is_sound(self, name: str) -> None:
        """axe, which needs scripts, finds no fault; and here the picture is taken."""
        if not self.scripts:
            return
        expect_no_fault(self.page, name)
        for width in (360, 1280) if SCREENSHOTS else ():
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}.png", full_page=True)


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def visitor(request: pytest.FixtureRequest, site: str, new_context: Callable[..., BrowserContext], owner: User) -> Visitor:
    scripts = bool(request.param)
    return Visitor(site, new_context(scripts=scripts).new_page(), scripts)


@pytest.fixture
def scripted(site: str, new_context: Callable[..., BrowserContext], owner: User) -> Visitor:
    return Visitor(site, new_context(scripts=True).new_page(), scripts=True)


def test_figures_13_and_14_log_in_shows_the_to_do_page_and_its_tabs(visitor: Visitor) -> None:
    visitor.log_in()
    visitor.is_at(TODO)
    expect(visitor.page.get_by_role("heading", name="待辦事項")).to_be_visible()
    tabs = visitor.page.get_by_role("navigation", name="申辦業務")
    expect(tabs.get_by_role("link")).to_have_text([str(kind.tab) for kind in kinds.of_category(people.CATEGORY)])
    for kind in kinds.of_category(people.CATEGORY):
        link = tabs.get_by_role("link", name=str(kind.tab), exact=True)
        link.focus()
        visitor.press()
        visitor.is_at(f"{TODO}?tab={kind.code}")
        expect(tabs.locator("[aria-current=page]")).to_have_text(str(kind.tab))
    visitor.is_sound("todo")


def test_figure_14_the_log_in_before_is_shown(visitor: Visitor, owner: User) -> None:
    LogInAttempt.objects.create(
        at=timezone.now(),
        realm=people.CATEGORY,
        account=owner.pk,
        name_hash="0" * 64,
        network="203.0.113.7",
        outcome=LogInAttempt.Outcome.SUCCEEDED,
    )
    visitor.log_in()
    expect(visitor.page.get_by_text("上次登入：")).to_contain_text("來自 203.0.113.7")
    visitor.is_sound("todo-last-log-in")


PLACES = ["todo/", "payments/", "downloads/permits/"]


@pytest.mark.parametrize("place", PLACES)
def test_figures_15_and_16_log_out_leads_to_the_log_in_page(visitor: Visitor, place: str) -> None:
    visitor.log_in()
    visitor.is_at(TODO)
    visitor.page.goto(f"{visitor.site}{HOME}/{place}")
    visitor.tab_to("button.account-logout")
    expect(visitor.page.locator(":focus")).to_have_text("登出")
    visitor.press()
    visitor.is_at(LOGIN)
    expect(visitor.page.get_by_text("您已登出")).to_be_visible()
    if place == PLACES[0]:  # it is the same page from wherever one came
        visitor.is_sound("logged-out")
    visitor.page.goto(visitor.site + TODO)
    expect(visitor.page.get_by_text("請先登入，登入後會回到您剛才的頁面。")).to_be_visible()


def test_figure_13_a_wrong_code_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.page.route("**/captcha-worker.js", lambda route: route.abort())  # whose work would do in place of the code
    visitor.log_in(captcha="zzzzz")
    expect(visitor.page.locator(".error-summary")).to_contain_text("驗證碼錯誤，請輸入新圖片中的驗證碼")
    expect(visitor.page.locator("[name=username]")).to_have_value("xiaoming")
    expect(visitor.page.locator("[name=password]")).to_have_value("")
    visitor.is_sound("login-wrong-captcha")
    visitor.page.locator("[name=password]").fill(people.PASSWORD)
    visitor.page.locator("[name=captcha_1]").fill(visitor.captcha.response)
    visitor.press()
    visitor.is_at(TODO)


def test_figure_13_the_captcha_by_ear(visitor: Visitor) -> None:
    visitor.open_login()
    visitor.type_in("username", "xiaoming")
    visitor.type_in("password", people.PASSWORD)
    visitor.tab_to(".captcha-sound summary")
    visitor.press()
    expect(visitor.page.get_by_text("您會聽到 4 組嗶聲")).to_be_visible()
    expect(visitor.page.locator("audio")).to_be_visible()
    visitor.is_sound("login-by-ear")
    audio = visitor.page.locator("audio").get_attribute("src")
    heard = visitor.page.request.get(f"{visitor.site}{audio}")
    assert heard.body()[:4] == b"RIFF"
    if visitor.scripts:
        assert visitor.page.evaluate(PLAYS) > 3
    visitor.page.locator("[name=captcha_1]").fill(sound.digits(visitor.captcha.hashkey))
    visitor.page.locator("[name=captcha_1]").press("Enter")
    visitor.is_at(TODO)


# The browser can play it: it knows how long it is.
PLAYS = """() => new Promise((resolve, reject) => {
  const audio = document.querySelector("audio");
  audio.onloadedmetadata = () => resolve(audio.duration);
  audio.onerror = () => reject(new Error("cannot be played"));
  audio.preload = "metadata";
  audio.load();
})"""


def test_figure_13_the_captcha_by_work(scripted: Visitor) -> None:
    scripted.open_login()
    scripted.type_in("username", "xiaoming")
    scripted.type_in("password", people.PASSWORD)
    scripted.tab_to(".captcha-proof button")
    scripted.press()
    expect(scripted.page.get_by_role("status")).to_have_text("驗證完成，不必輸入驗證碼。", timeout=30_000)
    scripted.is_sound("login-by-work")
    scripted.page.get_by_role("button", name="登入", exact=True).press("Enter")
    scripted.is_at(TODO)


def test_figure_13_another_picture_loses_nothing(scripted: Visitor) -> None:
    """With JavaScript not even the password."""
    scripted.open_login()
    scripted.type_in("username", "xiaoming")
    scripted.type_in("password", people.PASSWORD)
    before = scripted.captcha.hashkey
    scripted.tab_to("button[name=refresh]")
    scripted.press()
    expect(scripted.page.locator("[name=captcha_1]")).to_be_focused()
    after = scripted.captcha
    assert after.hashkey != before
    for selector, attribute in ((".captcha-image", "src"), (".captcha-image", "srcset"), ("audio", "src")):
        assert after.hashkey in str(scripted.page.locator(selector).get_attribute(attribute))
    scripted.page.keyboard.type(after.response)
    scripted.press()
    scripted.is_at(TODO)


def test_figure_13_the_next_picture_comes_with_the_page_when_it_cannot_come_alone(scripted: Visitor) -> None:
    scripted.open_login()
    scripted.page.route("**/captcha/refresh/", lambda route: route.abort())
    scripted.type_in("username", "xiaoming")
    before = scripted.captcha.hashkey
    scripted.page.get_by_role("button", name="換下一組驗證碼").click()
    expect(scripted.page.locator("input[name=captcha_0]")).not_to_have_value(before)
    expect(scripted.page.locator("[name=username]")).to_have_value("xiaoming")


def test_figure_13_a_second_click_is_held_back(scripted: Visitor) -> None:
    """Nothing leaves the page here, so that both clicks meet the same form: the script lets the first one through."""
    scripted.open_login()
    scripted.page.evaluate(
        """() => {
            window.heldBack = [];
            addEventListener("submit", (event) => { window.heldBack.push(event.defaultPrevented); event.preventDefault(); });
        }"""
    )
    scripted.page.get_by_role("button", name="登入", exact=True).dblclick()
    assert scripted.page.evaluate("window.heldBack") == [False, True]


def test_figure_13_locked_after_five_failures(visitor: Visitor) -> None:
    for _failure in range(limits.LOG_IN.count):
        assert login_guard.guarded(lambda: None, **from_this_machine()) is None
    visitor.log_in()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("暫停登入")
    expect(visitor.page.get_by_text("以後再試")).to_be_visible()
    visitor.is_sound("locked")


def from_this_machine() -> dict[str, object]:
    """A try from the network that the browser comes from."""
    request = RequestFactory(REMOTE_ADDR="127.0.0.1").post(LOGIN)
    return {"username": "xiaoming", "realm": people.CATEGORY, "request": request, "now": timezone.now()}
