"""Where limits ask for more proof: with JavaScript the browser works by itself, without it a second code is typed."""

import os
from collections.abc import Callable

import pytest
from captcha.models import CaptchaStore
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts import login_guard
from portal.accounts.models import LogInAttempt, User
from portal.captcha import proof_of_work
from portal.captcha.challenges import second_characters
from portal.throttling import limits
from tests import people

from .axe import faults_in_every_light
from .road import give_code

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def suspicious(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's network has failed often, as a student and as staff; the work is made light."""
    monkeypatch.setattr(proof_of_work, "BITS_BESIDE_A_CODE", (0, 6, 7, 8))
    now = timezone.now()
    for realm in ("staff", people.CATEGORY):
        LogInAttempt.objects.bulk_create(
            LogInAttempt(
                at=now,
                realm=realm,
                name_hash=login_guard._hash(f"{realm}{number}"),
                network="127.0.0.1",
                outcome="tried",
            )
            for number in range(100)
        )
    for _miss in range(100):
        limits.note(limits.VERIFICATION_OF_NETWORK, "127.0.0.1", now=now)


def key(page: Page) -> str:
    return page.locator("input[name=captcha_0]").input_value()


def fill(page: Page) -> None:
    page.locator("[name=username]").fill("xiaoming")
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("[name=captcha_1]").fill(CaptchaStore.objects.get(hashkey=key(page)).response)


def test_the_browser_works_while_the_code_is_typed(site: str, new_context: Callable[..., BrowserContext], owner: User) -> None:
    page = new_context(scripts=True).new_page()
    page.goto(f"{site}{HOME}/login/")
    expect(page.locator("[name=captcha_3]")).to_be_hidden()
    expect(page.locator(".captcha-state")).to_have_text("瀏覽器已完成附加驗證。")
    fill(page)
    page.get_by_role("button", name="登入", exact=True).click()
    expect(page).to_have_url(f"{site}{HOME}/todo/")


def test_another_code_means_other_work(site: str, new_context: Callable[..., BrowserContext], owner: User) -> None:
    page = new_context(scripts=True).new_page()
    page.goto(f"{site}{HOME}/login/")
    before = key(page)
    page.get_by_role("button", name="換下一組驗證碼").click()
    expect(page.locator("input[name=captcha_0]")).not_to_have_value(before)
    fill(page)
    page.get_by_role("button", name="登入", exact=True).click()
    expect(page).to_have_url(f"{site}{HOME}/todo/")


def test_without_javascript_a_second_code_is_typed(site: str, new_context: Callable[..., BrowserContext], owner: User) -> None:
    page = new_context(scripts=False).new_page()
    page.goto(f"{site}{HOME}/login/")
    page.get_by_role("button", name="換下一組驗證碼").click()
    fill(page)
    page.get_by_label("第二組驗證碼").fill(second_characters(key(page)))
    page.get_by_role("button", name="登入", exact=True).click()
    expect(page).to_have_url(f"{site}{HOME}/todo/")


@pytest.mark.parametrize("address", [f"{HOME}/login/", f"/en{HOME}/forgot-password/", "/verify/ABCDEFGH/"])
@pytest.mark.parametrize("plain", [False, True], ids=["script", "plain"])
def test_the_pages_have_no_fault(site: str, new_context: Callable[..., BrowserContext], address: str, plain: bool) -> None:
    page = new_context(scripts=True).new_page()
    if plain:
        page.route("**/captcha.js", lambda route: route.abort())
    page.goto(site + address)
    assert faults_in_every_light(page) == []
    for width in (360, 1280) if SCREENSHOTS else ():
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            name = address.strip("/").replace("/", "-")
            page.screenshot(path=f"{SCREENSHOTS}/{name}-{plain}-{width}-{scheme}.png", full_page=True)


def test_staff_get_in_too(site: str, new_context: Callable[..., BrowserContext], officer: User) -> None:
    page = new_context(scripts=True).new_page()
    page.goto(f"{site}/admin/login/")
    if SCREENSHOTS:
        page.screenshot(path=f"{SCREENSHOTS}/staff.png", full_page=True)
    page.locator("[name=username]").fill("officer")
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("[name=captcha_1]").fill(CaptchaStore.objects.get(hashkey=key(page)).response)
    page.locator("button[type=submit]").first.click()
    give_code(page, officer)
    expect(page).to_have_url(f"{site}/admin/")
