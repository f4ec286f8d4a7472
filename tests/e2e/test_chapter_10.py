"""Chapter 10 of the manual (圖69-75) in Chromium: the five methods, and a bill of three cases, with JavaScript and without."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.cases.models import Case
from portal.payments.models import Bill, Payment, Receipt
from tests import papers
from tests.factories.payments import notices_are_out
from tests.payments.conftest import three_cases  # noqa: F401 -- a fixture

from .application import log_in
from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/china-student/individual/payments/"
# With SCREENSHOTS=<folder> the test leaves a picture of every page it meets, at two widths, by day and by night.
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@dataclass
class Payer:
    """One student, who follows what the pages say."""

    site: str
    context: BrowserContext
    scripts: bool
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()

    def press(self, name: str) -> None:
        """A click alone does not wait for what it asks for."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def shot(self, name: str) -> None:
        """axe finds no fault in it; and a picture, if one is wanted."""
        if not self.scripts:
            return
        expect_no_fault(self.page, name)
        if SCREENSHOTS:
            self.pictures(name)

    def pictures(self, name: str) -> None:
        before = self.page.viewport_size
        for width in (390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self.page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(before)

    def to_the_methods(self, *cases: Case) -> None:
        """圖69-72: tick, 【繳費】, 明細, 【確認繳費】."""
        self.page.goto(f"{self.site}{LIST}")
        for case in cases:
            self.page.get_by_role("checkbox", name=f"勾選團號 {case.group_no}").check()
        self.shot("list")
        self.press("繳費")
        for case in cases:
            expect(self.page.get_by_role("main")).to_contain_text(case.case_no)
        self.shot("bill")
        self.follow("確認繳費")

    def choose(self, method: str) -> None:
        self.page.get_by_role("radio", name=method).check()
        self.shot("methods")
        self.press("繳費")

    def expect_success(self) -> None:
        """圖75: 交易結果, 交易日期及時間, 交易金額."""
        expect(self.page.get_by_role("heading", name="交易成功")).to_be_visible(timeout=20_000)
        total = f"新臺幣 {Bill.objects.get(state='settled').total:,} 元"
        expect(self.page.locator("dl.summary-list")).to_contain_text(total)
        expect(self.page.locator("dl.summary-list")).to_contain_text("交易日期及時間")
        self.shot("success")

    def download_slip(self) -> bytes:
        """圖73, 74."""
        with self.page.expect_download() as waiting:
            self.follow("下載繳費單")
        return Path(waiting.value.path()).read_bytes()

    def next_working_day(self) -> None:
        """At the bank's desk."""
        self.page.goto(f"{self.site}/sandbank/desk/")
        self.shot("desk")
        self.press("到次一營業日")

    def back_to_the_slip(self) -> None:
        self.page.goto(f"{self.site}{LIST}{Bill.objects.get(state__in=['open', 'settled']).number}/result/")


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def payer(request: pytest.FixtureRequest, site: str, new_context: Callable[..., BrowserContext], owner: User) -> Iterator[Payer]:
    context = new_context(scripts=bool(request.param))
    log_in(context, owner, site)
    yield Payer(site, context, bool(request.param))
    notices_are_out()


@pytest.fixture
def cases(three_cases: list[Case]) -> list[Case]:  # noqa: F811
    """Approved today: the clock of a browser is the true one."""
    Case.objects.update(deadline=timezone.localdate() + dt.timedelta(days=14))
    return three_cases


def test_71_72_75_a_bill_of_three_cases_by_card(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(*cases)
    expect(payer.page.get_by_role("radio")).to_have_count(5)
    payer.choose("國際信用卡網路繳費")
    payer.page.locator("[name=number]").fill("4311-9522-2222-2222")
    payer.page.locator("[name=expiry]").fill("12/30")
    payer.page.locator("[name=cvv]").fill("123")
    payer.shot("bank-card")
    payer.press("確認付款")
    payer.page.locator("[name=code]").fill("1234")
    payer.press("送出驗證碼")
    payer.expect_success()
    assert Bill.objects.get().total == 2000
    assert set(Case.objects.values_list("status", flat=True)) == {"completed"}


def test_web_atm(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("網路收單 ATM 繳費")
    payer.page.locator("[name=pin]").fill("654321")
    payer.press("確認付款")
    expect(payer.page.get_by_text("晶片密碼錯誤，未扣款，請重新輸入。").first).to_be_visible()
    payer.shot("bank-web-atm")
    payer.page.locator("[name=pin]").fill("123456")
    payer.press("確認付款")
    payer.expect_success()


@pytest.mark.parametrize("way", ["金融帳戶轉帳支付", "網路 ATM", "信用卡網路支付"])
def test_e_government(payer: Payer, cases: list[Case], way: str) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("e 政府繳費平台繳費")
    payer.page.get_by_role("radio", name="一般帳戶繳費").check()
    payer.press("繳費")
    expect(payer.page.get_by_text("請輸入扣款人身分證字號。").first).to_be_visible()
    payer.shot("egov-way")
    payer.page.locator("[name=payer_id]").fill("a123456789")
    payer.press("繳費")
    payer.shot("leave")
    payer.press("前往繳費")
    expect(payer.page.get_by_role("main")).to_contain_text("A12****789")
    payer.page.get_by_role("radio", name=way).check()
    payer.shot("bank-egov")
    payer.press("下一步")
    expect(payer.page.get_by_role("main")).to_contain_text("扣款總額")
    payer.shot("bank-egov-confirm")
    payer.press("確認扣款")
    payer.expect_success()
    assert Payment.objects.get().amount == 1000  # the fee of the channel is not ours


def test_e_government_with_an_agreed_account(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("e 政府繳費平台繳費")
    payer.page.get_by_role("radio", name="限有向 GSP 申請約定帳戶繳費").check()
    payer.press("繳費")
    payer.press("前往繳費")
    expect(payer.page.locator("[name=way]")).to_have_count(1)
    payer.page.locator("[name=way]").check()
    payer.press("下一步")
    payer.press("確認扣款")
    payer.expect_success()


def test_virtual_account(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("虛擬帳號繳費")
    expect(payer.page.get_by_role("main")).to_contain_text("持繳費單至臺灣銀行窗口繳費")
    expect(payer.page.locator("meta[http-equiv=refresh]")).to_have_count(0)
    payer.shot("slip-account")
    account = Payment.objects.get().codes["account"]
    assert account in papers.text(payer.download_slip())
    payer.page.goto(f"{payer.site}/sandbank/desk/counter/")
    payer.page.locator("[name=account]").fill(account)
    payer.page.locator("[name=amount]").fill("999")
    payer.press("收款")
    expect(payer.page.get_by_text("帳號檢查碼不符").first).to_be_visible()
    payer.page.locator("[name=amount]").fill("1,000")
    payer.press("收款")
    expect(payer.page.get_by_text("已收款")).to_be_visible()
    payer.shot("bank-counter")
    payer.next_working_day()
    notices_are_out()
    payer.back_to_the_slip()
    payer.expect_success()
    assert Receipt.objects.get().available_on > timezone.localdate()


def test_73_74_stores(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("四大超商繳費")
    expect(payer.page.get_by_role("main")).to_contain_text("7-11、全家、萊爾富或 OK")
    payer.shot("slip-store")
    content = payer.download_slip()
    picture = papers.pixels(content, dpi=200)
    if SCREENSHOTS:
        Path(f"{SCREENSHOTS}/slip.png").write_bytes(papers.pixels(content, dpi=110))
    found = zxingcpp.read_barcodes(Image.open(BytesIO(picture)), formats=zxingcpp.BarcodeFormat.Code39)
    scanned = [each.text for each in sorted(found, key=lambda each: each.position.top_left.y)]
    payer.page.goto(f"{payer.site}/sandbank/desk/store/")
    for place, text in enumerate(scanned, start=1):
        payer.page.locator(f"[name=barcode_{place}]").fill(text)
    payer.press("收款")
    expect(payer.page.get_by_text("已收款")).to_be_visible()
    payer.shot("bank-store")
    for _each in range(2):
        payer.next_working_day()
    notices_are_out()
    payer.back_to_the_slip()
    payer.expect_success()


def test_a_cancelled_payment_says_that_nothing_was_debited_and_another_method_pays(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("網路收單 ATM 繳費")
    payer.press("取消交易")
    expect(payer.page.get_by_text("未扣款。")).to_be_visible(timeout=20_000)
    payer.shot("cancelled")
    payer.follow("重新繳費")
    payer.choose("四大超商繳費")
    payer.follow("改用其他繳費方式")
    payer.shot("methods-with-a-slip")
    payer.choose("網路收單 ATM 繳費")
    payer.page.locator("[name=pin]").fill("123456")
    payer.press("確認付款")
    payer.expect_success()
    assert list(Payment.objects.order_by("id").values_list("method", "state")) == [
        ("web_atm", "cancelled"),
        ("store", "cancelled"),
        ("web_atm", "captured"),
    ]


def test_a_bill_is_cancelled_and_its_case_can_be_ticked_again(payer: Payer, cases: list[Case]) -> None:
    payer.to_the_methods(cases[0])
    payer.choose("四大超商繳費")
    payer.follow("取消繳費單")
    payer.shot("cancel")
    payer.press("確定取消繳費單")
    expect(payer.page.get_by_role("main")).to_contain_text("本繳費單已取消，請回線上繳費列表重新勾選。")
    payer.follow("回線上繳費列表")
    expect(payer.page.get_by_role("checkbox", name=f"勾選團號 {cases[0].group_no}")).to_be_visible()
    assert Bill.objects.get().state == "cancelled"
