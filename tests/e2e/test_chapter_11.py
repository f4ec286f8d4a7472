"""Chapter 11 電子許可證及收據下載 (圖 76-85), in Chromium: with JavaScript and without."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.payments.models import Receipt
from tests import papers as read
from tests.conftest import logged_in
from tests.downloads.conftest import pay, photo
from tests.factories import cases

from .axe import look

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def case(owner: User, officer: User) -> Case:
    """王小明's case, closed and paid for."""
    picture = cases.document(content=photo(), content_type="image/jpeg")
    made = cases.in_status(Status.COMPLETED, owner, officer, documents=[picture])
    pay(made)
    return made


@pytest.fixture
def page(site: str, case: Case, owner: User, scripts: bool, new_context: Callable[..., BrowserContext]) -> Page:
    """王小明's browser, at 待辦事項."""
    context = new_context(scripts=scripts)
    cookie = logged_in(owner).cookies["sessionid"]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    page = context.new_page()
    page.goto(f"{site}{HOME}/todo/")
    return page


def go(page: Page, item: str) -> None:
    """[下載專區][許可證下載] (圖 76, 81)."""
    page.locator("summary", has_text="下載專區").click()
    page.get_by_role("link", name=item, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{item}–查詢")


def ask(page: Page, **given: str) -> None:
    """Fill in the query and press 【查詢】 (圖 77, 82)."""
    for name in ("group_no", "case_no", "paid_from", "paid_until"):
        page.locator(f"[name={name}]").fill(given.get(name, ""))
    page.get_by_role("button", name="查詢", exact=True).click()


def saved(page: Page) -> bytes:
    """【下載】, and the file that is kept (圖 79, 84)."""
    row = page.get_by_role("row").filter(has_text="115150000018")
    with page.expect_download() as download:
        row.get_by_role("link", name="下載").first.click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize(
    ("item", "number", "words"),
    [
        ("許可證下載", "115150000018", ["中華民國臺灣地區入出境許可證", "王小明", "A890000002"]),
        ("收據下載", "R115-000001", ["規費收據", "王小明", "新臺幣 壹仟元整"]),
    ],
)
def test_query_result_and_download(page: Page, site: str, scripts: bool, item: str, number: str, words: list[str]) -> None:
    go(page, item)
    look(page, f"chapter-11-{item}", scripts=scripts)

    ask(page)
    expect(page.get_by_text("請輸入「團號」、「收件號」或「繳費日期區間」其一").first).to_be_visible()
    look(page, f"chapter-11-{item}-empty", scripts=scripts)
    ask(page, paid_from="2026-11-24", paid_until="2026-11-23")
    expect(page.get_by_text("繳費日期（迄）不得早於繳費日期（起）").first).to_be_visible()
    ask(page, case_no="115150000099")
    expect(page.get_by_text("查無資料").first).to_be_visible()
    for found_by in ({"group_no": "S11511230001"}, {"case_no": "115150000018"}, {"paid_from": "2026-11-01"}):
        ask(page, **found_by)
        expect(page.get_by_role("heading", name="已繳費案件")).to_be_visible()
    look(page, f"chapter-11-{item}-result", scripts=scripts)
    paper = saved(page)

    text = read.text(paper)
    assert all(word in text for word in [number, *words])
    assert saved(page) == paper  # 遺失時再印一次
    image = Image.open(BytesIO(read.pixels(paper, dpi=150))).convert("L")
    address = next(code.text for code in zxingcpp.read_barcodes(image) if code.format == zxingcpp.BarcodeFormat.QRCode)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("文件查驗")
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    assert address.startswith(f"{site}/verify/")


def test_a_receipt_says_from_when_it_can_be_had(page: Page, scripts: bool) -> None:
    Receipt.objects.update(available_on=dt.date(2999, 1, 1))

    go(page, "收據下載")

    expect(page.get_by_text("2999/01/01 起可下載")).to_be_visible()
    expect(page.get_by_role("link", name="下載", exact=True)).to_have_count(0)
    look(page, "chapter-11-not-yet", scripts=scripts)


def test_a_file_is_verified(page: Page, site: str, scripts: bool, tmp_path: Path) -> None:
    go(page, "許可證下載")
    paper = saved(page)
    (tmp_path / "permit.pdf").write_bytes(paper)
    (tmp_path / "changed.pdf").write_bytes(paper.replace(b"/Widget", b"/Wodget"))

    for name, said in (("permit.pdf", "檔案與存檔相同"), ("changed.pdf", "檔案已遭變更")):
        page.goto(f"{site}/verify/")
        page.get_by_role("link", name="手上有 PDF 檔？查驗電子檔的電子簽章").click()
        page.locator("[name=file]").set_input_files(tmp_path / name)
        page.get_by_role("button", name="查驗", exact=True).click()
        expect(page.get_by_role("heading", name=said)).to_be_visible()
        look(page, f"chapter-11-{name}", scripts=scripts)
