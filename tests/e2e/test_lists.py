"""Long lists in Chromium: 鄉鎮市區 follows 縣市, 就讀學校 is searched; with JavaScript off both lists are whole."""

import datetime as dt
import os
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.forms.models import Draft
from portal.records.models import Permit
from tests.conftest import logged_in
from tests.forms.answers import fill_in

from .application import unfold
from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
WIDTHS = (320, 1280)


def shot(page: Page, name: str) -> None:
    """A picture at both widths, if one is wanted."""
    for width in WIDTHS if SCREENSHOTS else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}.png", full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side of a narrow phone."""
    page.set_viewport_size({"width": 320, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth <= 320"))


# 鄉鎮市區


@pytest.fixture
def application(site: str, owner: User, single_permit: Permit, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """The form step of 王小明, opened in a browser with or without JavaScript, with a draft that holds `answers`."""
    today = timezone.localdate()
    single_permit.entered_on = today - dt.timedelta(days=3)
    single_permit.stay_until = today + dt.timedelta(days=50)
    single_permit.save()

    def open_form(*, scripts: bool = True, language: str = "", **answers: str) -> Page:
        client = logged_in(owner)
        draft = fill_in(client, permit_no=single_permit.permit_no, until="form")
        if answers:
            client.post(f"{draft}form/", {**answers, "go": "save"})
        context = new_context(scripts=scripts)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = context.new_page()
        page.goto(f"{site}{language}{draft}form/")
        unfold(page)
        return page

    return open_form


def shown(page: Page) -> list[str]:
    """The choices of 鄉鎮市區 as they stand there."""
    return page.locator("[name=township] option").all_inner_texts()


def test_a_city_leaves_its_own_districts(application: Callable[..., Page]) -> None:
    page = application()
    city, township = page.locator("[name=city]"), page.locator("[name=township]")
    assert len(shown(page)) == 369  # nothing is chosen yet
    city.select_option(label="新竹市")
    assert shown(page) == ["請選擇", "東區", "北區", "香山區"]
    township.select_option(label="香山區")
    expect(township).to_have_value("新竹市香山區")
    city.select_option(label="嘉義市")
    assert shown(page) == ["請選擇", "東區", "西區"]
    expect(township).to_have_value("")
    city.select_option(value="")
    assert len(shown(page)) == 369
    township.select_option(value="臺中市大安區")  # whoever begins with the district
    city.select_option(label="臺中市")
    expect(township).to_have_value("臺中市大安區")
    expect_no_fault(page, "application")
    shot(page, "districts")
    assert fits(page)


def test_the_list_is_a_plain_one_for_the_keyboard(application: Callable[..., Page]) -> None:
    page = application()
    page.locator("[name=city]").focus()
    page.keyboard.press("End")
    expect(page.locator("[name=city]")).to_have_value("22")
    page.keyboard.press("Tab")
    expect(page.locator("[name=township]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=township]")).to_have_value("連江縣南竿鄉")


def test_a_draft_opens_with_the_districts_of_its_city(application: Callable[..., Page]) -> None:
    page = application(city="5", township="新竹市北區")
    expect(page.locator("[name=township]")).to_have_value("新竹市北區")
    assert shown(page) == ["請選擇", "東區", "北區", "香山區"]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_a_draft_from_before_the_list_opens_without_a_choice(application: Callable[..., Page], scripts: bool) -> None:
    page = application(scripts=scripts, city="1", township="大安區")
    expect(page.locator("[name=township]")).to_have_value("")
    expect(page.locator("[name=city]")).to_have_value("1")


def test_without_javascript_the_list_is_whole_and_the_server_compares(application: Callable[..., Page]) -> None:
    page = application(scripts=False)
    expect(page.locator("[name=township] optgroup")).to_have_count(22)
    expect(page.locator("[name=township] option")).to_have_count(369)
    page.locator("[name=city]").select_option(label="臺中市")
    page.locator("[name=township]").select_option(value="臺北市大安區")
    page.get_by_role("button", name="下一步").last.click()
    field = page.locator(".field", has=page.locator("[name=township]"))
    expect(field.locator(".errorlist")).to_have_text("錯誤：鄉鎮市區不屬於所選縣市")
    expect(page.locator("[name=township]")).to_have_value("臺北市大安區")
    page.locator("[name=township]").select_option(value="臺中市大安區")
    page.get_by_role("button", name="儲存草稿").click()
    expect(page.locator("[name=township]")).to_have_value("臺中市大安區")
    assert Draft.objects.get().data["step_data"]["form"]["township"] == ["臺中市大安區"]
    shot(page, "districts-plain")
    assert fits(page)


@pytest.mark.parametrize(
    ("language", "city", "districts"),
    [
        ("/en", "Hsinchu City", ["East Dist.", "North Dist.", "Xiangshan Dist."]),
        ("/zh-hans", "嘉义县", ["番路乡", "梅山乡", "竹崎乡", "阿里山乡"]),
    ],
)
def test_districts_are_named_in_the_readers_language(
    application: Callable[..., Page], language: str, city: str, districts: list[str]
) -> None:
    page = application(language=language)
    page.locator("[name=city]").select_option(label=city)
    assert shown(page)[1 : len(districts) + 1] == districts


# 就讀學校


class Schools:
    """The field on the page of 註冊帳號."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.list = page.locator("[name=school]")
        self.input = page.locator("#id_school_search")
        self.state = page.locator(".list-search [role=status]")

    def found(self, typed: str) -> list[str]:
        """The values that are left when that is typed."""
        self.input.fill(typed)
        values: list[str] = self.list.locator("option").evaluate_all("all => all.map((one) => one.value).filter(Boolean)")
        return values


@pytest.fixture
def register(site: str, new_context: Callable[..., BrowserContext]) -> Callable[..., Schools]:
    def open_page(*, scripts: bool = True, language: str = "") -> Schools:
        page = new_context(scripts=scripts).new_page()
        page.goto(f"{site}{language}{HOME}/register/")
        return Schools(page)

    return open_page


# What is typed, and the schools that are left.
SEARCHES = {
    **dict.fromkeys(["國立臺灣大學", "国立台湾大学", "國立台灣大學", "臺大", "台大", "０００３", "0003"], "0003"),
    **dict.fromkeys(["政大", "nccu", "Chengchi", "NATIONAL chengchi"], "0001"),
    **dict.fromkeys(["清華", "清华", "清大", "tsing-hua", "TsingHua", " tsing  hua "], "0002"),
    **dict.fromkeys(["sun yat-sen", "Sun Yat Sen", "nsysu"], "0009"),
    **dict.fromkeys(["師大", "师大"], "0004 0014 0015"),
    **dict.fromkeys(["St Mary's", "st. mary", "聖母"], "1291"),
    "university of taipei": "0025 0028 0037 0046 0051 1071 1083 3002",  # its words, in any order
    "臺南 藝術": "0035",
    "這裡沒有": "",
}


def test_a_school_is_found_by_any_of_its_names(register: Callable[..., Schools]) -> None:
    schools = register()
    expect(schools.input).to_be_visible()
    assert {typed: " ".join(sorted(schools.found(typed))) for typed in SEARCHES} == SEARCHES
    assert len(schools.found("")) == 149
    expect(schools.state).to_have_text("")


def test_several_are_offered_in_an_open_list_and_one_is_chosen_at_once(register: Callable[..., Schools]) -> None:
    schools = register()
    assert schools.found("師大") == ["0004", "0015", "0014"]
    expect(schools.state).to_have_text("符合的學校：3")
    expect(schools.list).to_have_attribute("size", "6")  # with their cities
    expect(schools.list).to_have_value("")
    expect_no_fault(schools.page, "schools")
    shot(schools.page, "schools-several")
    assert schools.found("臺師大") == ["0004"]
    expect(schools.state).to_have_text("已選擇：國立臺灣師範大學")
    expect(schools.list).to_have_attribute("size", "1")
    expect(schools.list).to_have_value("0004")
    shot(schools.page, "schools-one")
    assert schools.found("沒有") == []
    expect(schools.state).to_have_text("沒有符合的學校")
    expect(schools.list).to_have_value("")
    expect_no_fault(schools.page, "schools")
    schools.found("")
    expect(schools.list).to_have_value("0004")  # what was chosen is not lost by looking around
    assert fits(schools.page)


def test_the_search_is_done_with_the_keyboard(register: Callable[..., Schools]) -> None:
    schools = register()
    schools.input.focus()
    schools.page.keyboard.type("ocean")
    expect(schools.list).to_have_value("0012")
    schools.page.keyboard.press("Control+a")
    schools.page.keyboard.type("藝術大學")
    expect(schools.state).to_have_text("符合的學校：3")
    address = schools.page.url
    schools.page.keyboard.press("Enter")
    expect(schools.list).to_be_focused()
    assert schools.page.url == address
    schools.page.keyboard.press("ArrowDown")
    expect(schools.list).to_have_value("0028")
    schools.page.keyboard.press("ArrowDown")
    expect(schools.list).to_have_value("0029")
    schools.page.keyboard.press("Shift+Tab")
    schools.page.keyboard.press("Control+a")
    schools.page.keyboard.press("Delete")
    expect(schools.list).to_have_value("0029")


def test_characters_that_are_being_composed_are_no_search_yet(register: Callable[..., Schools]) -> None:
    schools = register()
    schools.input.evaluate(
        "one => { one.value = 'ㄊㄞ'; one.dispatchEvent(new InputEvent('input', { isComposing: true, bubbles: true })); }"
    )
    expect(schools.state).to_have_text("")
    schools.input.evaluate("one => { one.value = '臺大'; one.dispatchEvent(new CompositionEvent('compositionend')); }")
    expect(schools.list).to_have_value("0003")


def test_without_javascript_the_whole_list_stands_there_by_cities(register: Callable[..., Schools]) -> None:
    schools = register(scripts=False)
    expect(schools.input).to_be_hidden()
    expect(schools.list.locator("optgroup")).to_have_count(21)
    expect(schools.list.locator("option")).to_have_count(150)
    schools.list.select_option(label="國立臺灣大學")
    expect(schools.list).to_have_value("0003")
    assert fits(schools.page)


def test_the_page_sent_back_has_the_chosen_school(register: Callable[..., Schools]) -> None:
    schools = register()
    schools.found("台大")
    schools.page.get_by_role("button", name="註冊", exact=True).click()
    expect(schools.page).to_have_title(re.compile("^錯誤："))
    expect(schools.list).to_have_value("0003")
    expect(schools.input).to_have_value("")


@pytest.mark.parametrize(
    ("language", "city", "name"),
    [("/en", "Taipei City", "National Taiwan University"), ("/zh-hans", "台北市", "国立台湾大学")],
)
def test_schools_are_named_in_the_readers_language(register: Callable[..., Schools], language: str, city: str, name: str) -> None:
    schools = register(language=language)
    expect(schools.list.locator(f'optgroup[label="{city}"] option[value="0003"]')).to_have_text(name)
    assert schools.found("臺大") == ["0003"]
    assert len(schools.found("醫護")) == 9  # the longest names are among them
    expect_no_fault(schools.page, "schools")
    shot(schools.page, f"schools{language.replace('/', '-')}")
    assert fits(schools.page)
