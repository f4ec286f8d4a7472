"""The whole road of one permit, as two people go it: a student and an officer. They follow what the pages say."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from captcha.models import CaptchaStore
from django_otp.oath import totp
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.accounts.tasks import write_requested_emails
from portal.records.models import Applicant, Permit
from portal.staff_login import second_factor
from tests import papers, people
from tests.bench import files
from tests.forms.answers import OWN_ANSWERS

from .application import fill_in, hand_in
from .axe import expect_no_fault

USERNAME, EMAIL = "xiaoming", "xiaoming@example.test"
# With SCREENSHOTS=<folder> the test leaves a picture of every page it meets.
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def records(today: dt.date) -> tuple[Applicant, Permit]:
    """王小明 in the agency's records, who entered three weeks ago."""
    entered = today - dt.timedelta(days=21)
    applicant = people.applicant(
        enrolled_on=today - dt.timedelta(days=60), travel_document_expiry=today + dt.timedelta(days=1500)
    )
    permit = people.single_permit(
        applicant,
        issued_on=entered - dt.timedelta(days=10),
        valid_until=entered + dt.timedelta(days=80),
        entered_on=entered,
        stay_until=entered + dt.timedelta(days=61),
    )
    return applicant, permit


def give_code(page: Page, person: User) -> None:
    """第二道驗證 after the password: what that person's app shows now."""
    device = second_factor.authenticator(person)
    assert device, f"{person.username} has no authenticator"
    page.locator("#id_code").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="驗證", exact=True).click()


@dataclass
class Road:
    """One browser test. `student` and `officer` are browsers of their own; `folder` is where the files to upload lie."""

    site: str
    student: BrowserContext
    officer: BrowserContext
    folder: Path
    scripts: bool
    applicant: Applicant
    permit: Permit
    case_no: str = field(default="", init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.student.new_page()
        for name, content in (
            ("photo.jpg", files.photo()),
            ("enrolment.png", files.picture(1200, 900, kind="PNG")),
            ("health.pdf", files.pdf(2)),
            ("travel-document.bmp", files.picture(800, 600, kind="BMP")),
            ("single-permit.jpeg", files.picture(2400, 1800)),
            ("person-id.jpg", files.picture(1000, 700)),
        ):
            (self.folder / name).write_bytes(content)

    # -- small moves ----------------------------------------------------------------

    def press(self, name: str, *, on: Page | None = None) -> None:
        (on or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, *, on: Page | None = None) -> None:
        (on or self.page).get_by_role("link", name=name, exact=True).first.click()

    def menu(self, group: str, item: str) -> None:
        self.page.locator("summary", has_text=group).click()
        self.follow(item)

    def heading(self, text: str, *, on: Page | None = None) -> None:
        expect((on or self.page).locator("h1, .panel h2").filter(has_text=text).first).to_be_visible()

    def picture(self, name: str, *, on: Page | None = None) -> None:
        """If one is wanted."""
        if SCREENSHOTS and self.scripts:
            (on or self.page).screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=True)

    def shot(self, name: str) -> None:
        """axe finds no fault in a page that only who goes this road meets; those that are everybody's: test_public_pages.py."""
        self.picture(name)
        if self.scripts:
            expect_no_fault(self.page, name)

    def read_captcha(self) -> None:
        """What a person with good eyes does."""
        key = self.page.locator("input[name=captcha_0]").input_value()
        self.page.locator("input[name=captcha_1]").fill(CaptchaStore.objects.get(hashkey=key).response)

    def open_email(self, subject: str) -> None:
        """The newest email of that subject in the demo's mailbox, after the schedule had its turn."""
        write_requested_emails()
        self.page.goto(f"{self.site}/demo/mailbox/")
        self.page.get_by_role("link", name=subject).first.click()

    # -- the student's road -----------------------------------------------------------

    def find_the_log_in_page(self) -> None:
        """圖3-5: from the landing page to the log-in page."""
        self.page.goto(f"{self.site}/student/entry/")
        self.picture("landing")
        self.page.get_by_role("link", name="大陸學生").first.click()
        self.picture("category")
        self.follow("我要申請")
        self.heading("陸生自行申請線上申辦系統")
        self.picture("login")

    def register(self) -> None:
        """圖6-10: 註冊帳號, the email, 啟用."""
        self.follow("註冊帳號")
        for name, value in (
            ("username", USERNAME),
            ("password", people.PASSWORD),
            ("password_again", people.PASSWORD),
            ("chinese_name", self.applicant.chinese_name),
            ("birth_date", f"{self.applicant.birth_date:%Y/%m/%d}"),
            ("ui_no", self.applicant.ui_no),
            ("travel_document_no", self.applicant.papers["travel_document_no"]),
            ("email", EMAIL),
            ("mobile", "0912345678"),
        ):
            self.page.locator(f"[name={name}]").fill(value)
        self.page.locator("[name=school]").select_option(label=self.applicant.school.name)
        self.read_captcha()
        self.shot("register")
        self.press("註冊")
        self.heading("註冊成功，請至信箱收取認證信")
        self.open_email("會員信箱認證通知信函")
        self.page.locator("main .card a[href*='/activate/']").click()
        self.press("開通帳號")

    def log_in(self) -> None:
        """圖13-14: 登入, then 待辦事項."""
        self.page.locator("[name=username]").fill(USERNAME)
        self.page.locator("[name=password]").fill(people.PASSWORD)
        self.read_captcha()
        self.press("登入")
        self.heading("待辦事項")
        self.shot("todo-empty")

    def apply(self) -> None:
        """圖17-23: 使用聲明事項, 許可證號碼, 申請書, 送件成功."""
        self.menu("線上申辦", "陸生換發多次證申請")
        self.shot("declaration")
        self.page.locator("[name=agree]").check()
        self.press("確定")
        self.page.locator("[name=number]").fill(self.permit.permit_no)
        self.shot("permit-number")
        self.press("送出")
        self.heading("陸生換發多次證申請 - 個人申請")
        self.fill_the_form()
        self.shot("form")
        self.page.locator("button[name=go][value=check]").last.click()
        expect(self.page.get_by_role("heading", name="應檢附文件")).to_be_visible()
        self.shot("check")
        self.press("送出")
        said = self.page.get_by_text("送件成功，收件號:").inner_text()
        self.case_no = said.split(":")[1].strip()
        self.shot("sent")

    def fill_the_form(self) -> None:
        """Type what the records do not know, and hand in the papers; each file is kept the moment it is chosen (or sent)."""
        fill_in(self.page, OWN_ANSWERS)
        hand_in(self.page, sorted(self.folder.iterdir()), scripts=self.scripts)

    def see_it_waiting(self) -> None:
        """圖24: the case stands in 新申請案件."""
        self.follow("待辦事項")
        expect(self.page.get_by_role("main")).to_contain_text(self.case_no)
        self.shot("todo-waiting")

    def pay(self, card: str = "4311-9522-2222-2222", *, pace: str = "") -> None:
        """圖69-75: 列表, 明細, 方式, the bank's own pages, 交易結果."""
        self.open_email("繳費")
        self.page.goto(f"{self.site}/china-student/individual/todo/")
        self.follow("線上繳費")
        self.page.get_by_role("checkbox").first.check()
        self.shot("payments")
        self.press("繳費")
        self.shot("bill")
        self.follow("確認繳費")
        self.page.get_by_role("radio", name="國際信用卡網路繳費").check()
        self.shot("method")
        self.press("繳費")
        self.pay_at_the_bank(card, pace=pace)
        expect(self.page.get_by_text("繳費成功").first).to_be_visible(timeout=20_000)
        self.shot("result")

    def pay_at_the_bank(self, card: str, *, pace: str) -> None:
        self.page.locator("[name=number]").fill(card)
        self.page.locator("[name=expiry]").fill("12/30")
        self.page.locator("[name=cvv]").fill("123")
        if pace:
            self.page.locator(f"[name=pace][value={pace}]").check()
        self.shot("bank")
        self.press("確認付款")
        self.page.locator("[name=code]").fill("1234")
        self.shot("bank-code")
        self.press("送出驗證碼")
        if pace == "notice_first":
            self.follow("返回特約商店")

    def download(self, item: str) -> bytes:
        """圖76-85: one of the two PDFs of 下載專區."""
        self.menu("下載專區", item)
        self.shot(f"downloads-{item}")
        with self.page.expect_download() as waiting:
            self.page.locator("main table a", has_text="下載").first.click()
        content = Path(waiting.value.path()).read_bytes()
        if SCREENSHOTS and self.scripts:
            Path(f"{SCREENSHOTS}/{item}.png").write_bytes(papers.pixels(content, dpi=110))
        return content

    def log_out(self) -> None:
        """圖15-16: 登出 leads back to the category's log-in page."""
        self.press("登出")
        self.heading("陸生自行申請線上申辦系統")

    # -- the officer's part --------------------------------------------------------------

    def decide(self, officer: User, then: Callable[[Page], None] | None = None) -> None:
        """The officer finds the case in the list, takes it and approves it: four clicks."""
        desk = self.officer.new_page()
        desk.goto(f"{self.site}/admin/")
        desk.locator("[name=username]").fill(officer.username)
        desk.locator("[name=password]").fill(people.PASSWORD)
        desk.locator("button[type=submit]").click()
        give_code(desk, officer)
        desk.get_by_role("link", name="案件審核").first.click()
        self.picture("review-list", on=desk)
        desk.get_by_role("link", name=self.case_no).first.click()
        desk.get_by_role("button", name="開始審核").click()
        self.picture("decision", on=desk)
        for finding in desk.locator(".review-findings [name=accepted]").all():
            finding.check()
        desk.locator("[data-panel=approve] > summary").click()
        desk.get_by_role("button", name="核准", exact=True).click()
        expect(desk.get_by_text(f"收件號 {self.case_no}：核准").first).to_be_visible()
        desk.close()
