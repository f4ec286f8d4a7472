"""Chapters 3, 4 and 5 of the manual (圖17-43) in Chromium, on a phone, with JavaScript and with JavaScript off."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from captcha.models import CaptchaStore
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from portal.accounts.models import User
from portal.cases.models import Case
from portal.china_student.identity import MULTIPLE
from portal.forms.models import Draft
from portal.records.models import Permit
from portal.sessions.engine import AccountSession
from tests import people
from tests.factories.cases import ANSWERS, completed, document
from tests.forms.answers import OWN_ANSWERS, paper, photo

from .application import fill_in, hand_in, log_in, open_menu, unfold
from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"
MULTIPLE_NO = "114150000019"


@dataclass
class Visit:
    """One student at one kind of application."""

    site: str
    context: BrowserContext
    scripts: bool
    folder: Path
    page: Page = field(init=False)
    clicks: int = field(default=0, init=False)
    typed: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def to_the_number(self, menu: str) -> None:
        """圖17-20: the menu, 使用聲明事項, the permit's number."""
        self.page.goto(f"{self.site}{HOME}/todo/")
        open_menu(self.page)
        self.page.locator("summary", has_text="線上申辦").click()
        self.page.get_by_role("link", name=menu).first.click()
        self.page.locator("[name=agree]").check()
        self.press("確定")

    def to_the_form(self, menu: str, number: str) -> None:
        self.to_the_number(menu)
        self.page.locator("[name=number]").fill(number)
        self.press("送出")

    def papers(self, *slots: str) -> None:
        for slot in slots:
            path = self.folder / (f"{slot}.jpg" if slot == "photo" else f"{slot}.pdf")
            path.write_bytes(photo() if slot == "photo" else paper())
            hand_in(self.page, [path], scripts=self.scripts)

    def send(self) -> Case:
        """圖22, 23: 下一步, 送出, 送件成功."""
        self.page.locator("button[name=go][value=check]").last.click()
        expect(self.page.get_by_role("heading", name="應檢附文件")).to_be_visible()
        self.press("送出")
        said = self.page.get_by_text("送件成功，收件號:").inner_text()
        case = Case.objects.get(case_no=said.split(":")[1].strip())
        self.page.get_by_role("link", name="回待辦事項").click()
        self.page.goto(f"{self.site}{HOME}/todo/?tab={case.kind_code}")
        expect(self.page.locator("#new").locator("..")).to_contain_text(case.case_no)
        return case


@pytest.fixture
def multiple(owner: User) -> Permit:
    """王小明's multiple-entry permit, whose stay ends in two months."""
    today = timezone.localdate()
    applicant = owner_record(owner)
    applicant.enrolled_on = today - dt.timedelta(days=700)
    applicant.save()
    until = today + dt.timedelta(days=60)
    issued = today - dt.timedelta(days=670)
    return people.single_permit(
        applicant, MULTIPLE_NO, permit_type=MULTIPLE, issued_on=issued, valid_until=until, entered_on=None, stay_until=until
    )


def owner_record(owner: User) -> people.Applicant:
    return people.Applicant.objects.get(ui_no=owner.ui_no)


@pytest.fixture
def begin(site: str, owner: User, new_context: Callable[..., BrowserContext], tmp_path: Path) -> Callable[[bool], Visit]:
    def visit(scripts: bool) -> Visit:
        context = new_context(scripts=scripts, width=390)
        log_in(context, owner, site)
        return Visit(site, context, scripts, tmp_path)

    return visit


both = pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
FAMILY = {"father_status": "1", "father_name": "王大明", "mother_status": "2"}
ADDRESS = {name: OWN_ANSWERS[name] for name in ("city", "township", "road", "number")}
CONTACT = {name: value for name, value in OWN_ANSWERS.items() if name.startswith(("home_", "emergency_"))}


@both
def test_figures_17_to_24_the_exchange(begin: Callable[[bool], Visit], single: Permit, scripts: bool) -> None:
    visit = begin(scripts)
    visit.to_the_number("陸生換發多次證申請")
    visit.page.locator("[name=number]").fill("115099999999")
    visit.press("送出")
    expect(visit.page.get_by_role("heading", name="查無此證號資料")).to_be_visible()  # 圖21
    visit.page.locator("[name=number]").fill(single.permit_no)
    visit.press("再查一次")
    unfold(visit.page)
    fill_in(visit.page, {"health_checked": "Y", **ADDRESS, **CONTACT, **FAMILY, "party_role": "never"})
    visit.papers("photo", "enrolment", "travel-document", "single-permit", "person-id")
    if scripts:
        expect(visit.page.locator("#slot-health")).to_be_hidden()
        expect(visit.page.locator("[name=health_check_hospital]")).to_be_hidden()
    case = visit.send()
    assert (case.kind_code, case.answers["health_checked"]) == ("multiple-entry", "Y")
    assert not {"health_check_hospital", "other_nationality", "party_post"} & case.answers.keys()


@both
def test_figures_25_to_34_the_extension(begin: Callable[[bool], Visit], multiple: Permit, scripts: bool) -> None:
    visit = begin(scripts)
    visit.to_the_form("陸生延期申請", multiple.permit_no)
    answers = {"extension_reason": "thesis", **ADDRESS, **CONTACT, **FAMILY, "party_role": "never"}
    fill_in(visit.page, answers)
    visit.papers("permit", "enrolment", "travel-document", "photo")
    case = visit.send()
    assert (case.kind_code, case.permit_no, case.answers["extension_reason"]) == ("extension", MULTIPLE_NO, "thesis")


@both
def test_figure_29_too_early(begin: Callable[[bool], Visit], multiple: Permit, scripts: bool) -> None:
    multiple.stay_until = multiple.valid_until = timezone.localdate() + dt.timedelta(days=200)
    multiple.save()
    visit = begin(scripts)
    visit.to_the_form("陸生延期申請", multiple.permit_no)
    expect(visit.page.get_by_role("heading", name="須於停留期間屆滿前3個月內始得申請")).to_be_visible()
    if scripts:
        expect_no_fault(visit.page, "refused")
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("link", name="加入行事曆（.ics）").click()
    assert b"BEGIN:VEVENT" in Path(waiting.value.path()).read_bytes()
    visit.page.goto(f"{visit.site}{HOME}/todo/?tab=extension")
    expect(visit.page.get_by_role("main")).not_to_contain_text("草稿")


@both
def test_figures_35_to_43_a_change_of_data(begin: Callable[[bool], Visit], multiple: Permit, scripts: bool) -> None:
    visit = begin(scripts)
    visit.to_the_form("陸生資料異動申請", multiple.permit_no)
    unfold(visit.page)
    visit.page.locator("[name=changes][value=english_name]").check()
    if scripts:
        expect(visit.page.locator("[name=english_name]")).to_be_visible()
        expect(visit.page.locator("[name=chinese_name]")).to_be_hidden()
    expect(visit.page.locator(".current-value:visible").filter(has_text="WANG, XIAOMING")).to_be_visible()
    fill_in(visit.page, {"change_reason": "correction", "english_name": "WANG, HSIAOMING"})
    visit.papers("permit", "travel-document", "photo")
    case = visit.send()
    assert (case.kind_code, case.answers["english_name"]) == ("data-change", "WANG, HSIAOMING")
    assert owner_record(case.owner).english_name == "WANG, XIAOMING"  # until an officer approves


# What people see on the way is sound


@pytest.mark.parametrize("language", ["", "/en", "/zh-hans"])
def test_no_state_of_the_form_has_a_fault(begin: Callable[[bool], Visit], multiple: Permit, language: str) -> None:
    visit = begin(True)
    visit.page.goto(f"{visit.site}{language}{HOME}/apply/data-change/")
    visit.page.locator("[name=agree]").check()
    visit.page.locator("form:has([name=agree]) button").click()
    visit.page.locator("[name=number]").fill("12")
    visit.page.locator("form:has([name=number]) button").click()
    expect_no_fault(visit.page, "no number")
    visit.page.locator("[name=number]").fill(multiple.permit_no)
    visit.page.locator("form:has([name=number]) button").click()
    expect_no_fault(visit.page, "empty form")
    visit.page.locator("[name=changes][value=gender]").check()
    visit.page.locator("button[name=go][value=check]").last.click()
    expect(visit.page.locator(".error-summary")).to_be_focused()
    expect_no_fault(visit.page, "form with errors")
    for width in (390, 320):
        visit.page.set_viewport_size({"width": width, "height": 640})
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_link_of_the_summary_unfolds_its_block_and_the_next_summary_is_focused(
    begin: Callable[[bool], Visit], multiple: Permit
) -> None:
    visit = begin(True)
    visit.to_the_form("陸生資料異動申請", multiple.permit_no)
    for _ in range(2):
        visit.page.locator("button[name=go][value=check]").last.click()
        summary = visit.page.locator(".error-summary")
        expect(summary).to_be_focused()
        expect(summary).to_be_in_viewport()
        summary.get_by_role("link", name="請選擇異動原因").click()
        expect(visit.page.locator("[name=change_reason]").first).to_be_in_viewport()


def test_from_change_one_goes_straight_back_to_the_check_page(begin: Callable[[bool], Visit], multiple: Permit) -> None:
    visit = begin(True)
    visit.to_the_form("陸生資料異動申請", multiple.permit_no)
    fill_in(visit.page, {"changes": "department", "change_reason": "correction", "department": "物理學系"})
    visit.papers("permit", "enrolment", "photo")
    visit.page.locator("button[name=go][value=check]").last.click()
    visit.page.get_by_role("link", name=re.compile("變更 ?異動後資料")).click()
    expect(visit.page.locator("details.block[open]")).to_have_count(1)
    fill_in(visit.page, {"department": "化學系"})
    visit.press("儲存並回到確認頁")
    expect(visit.page.get_by_text("化學系")).to_be_visible()


def test_a_phone_sees_one_block_at_a_time(begin: Callable[[bool], Visit], single: Permit) -> None:
    visit = begin(True)
    visit.to_the_form("陸生換發多次證申請", single.permit_no)
    expect(visit.page.locator("details.block[open]")).to_have_count(1)
    assert visit.page.evaluate("document.documentElement.scrollHeight") < 4000
    visit.page.locator("[name=health_checked][value=Y]").check()
    expect(visit.page.locator("#block-5")).to_have_attribute("open", "")  # this one is done: the next one unfolds


# Ways to lose what was typed


@pytest.fixture
def form(begin: Callable[[bool], Visit], single: Permit) -> Page:
    """The form of 換發, its address block open."""
    visit = begin(True)
    visit.to_the_form("陸生換發多次證申請", single.permit_no)
    unfold(visit.page)
    return visit.page


def kept() -> str:
    form = Draft.objects.get().data["step_data"].get("form", {})
    return "".join(form.get("road", []))


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(r"^草稿已儲存 \d\d:\d\d:\d\d$"))


def test_typing_alone_saves(form: Page) -> None:
    form.locator("[name=road]").press_sequentially("羅斯福路")
    saved(form)
    assert kept() == "羅斯福路"


def test_the_button_that_makes_the_page_save_counts(form: Page) -> None:
    """Pressed for as long as the save takes: what the page then says, and the block that it unfolds, move nothing away."""
    form.set_viewport_size({"width": 1280, "height": 900})
    form.locator("[name=road]").fill("羅斯福路")
    button = form.get_by_role("button", name="下一步", exact=True).last
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    button.hover()
    form.mouse.down()
    saved(form)
    assert button.bounding_box() == place
    with form.expect_navigation():
        form.mouse.up()
    expect(form.locator(".error-summary")).to_be_visible()


@pytest.mark.parametrize("leave", ["English", "待辦事項", "back"])
def test_leaving_the_page_saves_first(form: Page, leave: str) -> None:
    address = form.url
    form.locator("[name=road]").fill("羅斯福路")
    open_menu(form)
    if leave == "back":
        form.go_back()
        form.go_forward()
    elif leave == "English":
        form.get_by_role("button", name=leave, exact=True).click()
        expect(form.locator("html")).to_have_attribute("lang", "en")
    else:
        form.get_by_role("link", name=leave, exact=True).click()
        expect(form).to_have_url(f"{address.split('/china')[0]}{HOME}/todo/")
        form.goto(address)
    expect(form.locator("[name=road]")).to_have_value("羅斯福路")


def test_a_log_in_in_a_second_tab(form: Page, owner: User, site: str) -> None:
    """The token of this page holds no longer; the script fetches another one, and says saved when it is."""
    form.context.clear_cookies(name="csrftoken")
    log_in(form.context, owner, site)
    other = form.context.new_page()
    other.goto(f"{site}{HOME}/todo/")
    form.locator("[name=road]").fill("羅斯福路")
    form.locator("[name=number]").focus()
    saved(form)
    assert kept() == "羅斯福路"


def test_a_log_in_that_ended_is_said_and_the_text_comes_back_after_it(form: Page, owner: User) -> None:
    address = form.url
    AccountSession.objects.update(expire_date=timezone.now())
    form.locator("[name=road]").fill("羅斯福路")
    expect(form.locator("#save-state")).to_contain_text("尚未儲存：登入已結束")
    form.locator("button[name=go][value=save]").click()
    expect(form).to_have_url(re.compile("/login/"))
    form.locator("[name=username]").fill(owner.username)
    form.locator("[name=password]").fill(people.PASSWORD)
    key = form.locator("[name=captcha_0]").input_value()
    form.locator("[name=captcha_1]").fill(CaptchaStore.objects.get(hashkey=key).response)
    form.get_by_role("button", name="登入", exact=True).click()
    expect(form).to_have_url(address)
    expect(form.locator("[name=road]")).to_have_value("羅斯福路")


def test_offline_is_said_and_made_good(form: Page) -> None:
    form.context.set_offline(True)
    form.locator("[name=road]").fill("羅斯福路")
    form.locator("[name=number]").focus()
    expect(form.locator("#save-state")).to_contain_text("尚未儲存：目前沒有網路")
    assert kept() == ""
    form.context.set_offline(False)
    saved(form)
    assert kept() == "羅斯福路"


def test_without_javascript_the_language_switch_posts_the_form(begin: Callable[[bool], Visit], single: Permit) -> None:
    visit = begin(False)
    visit.to_the_form("陸生換發多次證申請", single.permit_no)
    fill_in(visit.page, {"road": "羅斯福路"})
    open_menu(visit.page)
    visit.page.get_by_role("button", name="English", exact=True).click()
    unfold(visit.page)
    expect(visit.page.locator("[name=road]")).to_have_value("羅斯福路")


# As few moves as it takes


class Counted(Visit):
    """Counts what a thumb does: each tap, each choice of a file or from a list, each character."""

    def tap(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def choose(self, name: str, value: str) -> None:
        control = self.page.locator(f"[name={name}]:not([type=hidden])")
        if control.first.get_attribute("type") == "radio":
            self.page.locator(f'[name={name}][value="{value}"]').check()
        else:
            control.select_option(value)
        self.clicks += 1

    def write(self, name: str, value: str) -> None:
        self.page.locator(f"[name={name}]").fill(value)
        self.page.locator(f"[name={name}]").blur()
        self.typed += len(value)

    def papers(self, *slots: str) -> None:
        super().papers(*slots)
        self.clicks += len(slots) + slots.count("photo")  # the photo's crop is confirmed

    def to_the_form(self, menu: str, number: str) -> None:
        self.page.goto(f"{self.site}{HOME}/todo/")
        start = self.page.locator("#tab").get_by_role("link", name=menu, exact=True)
        if not start.is_visible():  # 待辦事項 opens at the first kind
            self.tap(self.page.locator(".tabs a", has_text=menu.removeprefix("陸生")))
        self.tap(start)
        self.tap(self.page.locator("[name=agree]"))
        self.tap(self.page.get_by_role("button", name="確定", exact=True))
        self.write("number", number)
        self.tap(self.page.get_by_role("button", name="送出", exact=True))

    def finish(self) -> None:
        self.tap(self.page.locator("button[name=go][value=check]").last)
        self.tap(self.page.get_by_role("button", name="送出", exact=True))
        expect(self.page.get_by_text("送件成功，收件號:")).to_be_visible()


def test_the_exchange_takes_twenty_taps_and_seventy_characters(
    site: str, owner: User, single: Permit, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context = new_context(scripts=True, width=390)
    log_in(context, owner, site)
    visit = Counted(site, context, True, tmp_path)
    visit.to_the_form("陸生換發多次證申請", single.permit_no)
    visit.write("health_check_hospital", "臺大醫院")
    visit.write("health_check_date", f"{timezone.localdate():%Y%m%d}")
    visit.choose("city", "1")
    visit.choose("township", "臺北市大安區")
    for name, value in (("road", "羅斯福路"), ("number", "1號"), ("home_address", "上海市靜安區一路1號")):
        visit.write(name, value)
    for name, value in (("emergency_name", "王大明"), ("emergency_relation", "父"), ("emergency_phone", "13812345678")):
        visit.write(name, value)
    visit.choose("father_status", "1")
    visit.write("father_name", "王大明")
    visit.choose("mother_status", "1")
    visit.write("mother_name", "李小美")
    visit.choose("party_role", "never")
    visit.papers("photo", "enrolment", "health", "travel-document", "single-permit", "person-id")
    visit.finish()
    assert visit.clicks <= 20, visit.clicks
    assert visit.typed <= 70, visit.typed


def test_the_extension_takes_twelve_taps_and_forty_characters(
    site: str, owner: User, officer: User, multiple: Permit, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Of a student whose exchange was handled here: address, contact, family and photo are known."""
    known = {**ANSWERS, **FAMILY, **ADDRESS, **CONTACT, "father_same_address": True}
    completed(owner, officer, answers=known, documents=[document("photo", photo())])
    context = new_context(scripts=True, width=390)
    log_in(context, owner, site)
    visit = Counted(site, context, True, tmp_path)
    visit.to_the_form("陸生延期申請", multiple.permit_no)
    visit.choose("extension_reason", "thesis")
    visit.choose("party_role", "never")
    visit.papers("permit", "enrolment", "travel-document")
    visit.finish()
    assert visit.clicks <= 12, visit.clicks
    assert visit.typed <= 40, visit.typed
