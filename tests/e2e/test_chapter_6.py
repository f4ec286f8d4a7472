"""Chapters 2, 6, 7 and 8 of the manual (圖14, 44-61) in Chromium, on a phone, with JavaScript and with JavaScript off."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.cases.models import Case, CaseEvent
from portal.cases.queries import current_documents
from portal.cases.states import Action, Status
from portal.forms.models import Draft
from portal.mail.models import OutgoingMail
from portal.my_cases import urls as my_cases
from portal.records.models import Permit
from tests.conftest import logged_in
from tests.factories.cases import act, submitted
from tests.forms.answers import paper, photo
from tests.my_cases.returned import OPINION, applied, given_back

from .application import log_in, open_menu, unfold
from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/china-student/individual"
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
both = pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])


@dataclass
class Visit:
    """One student in one browser."""

    site: str
    context: BrowserContext
    scripts: bool
    folder: Path
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}{HOME}/{path}")

    def menu(self, item: str) -> None:
        """[進度查詢][…]."""
        open_menu(self.page)
        self.page.locator("summary", has_text="進度查詢").click()
        self.page.get_by_role("link", name=item, exact=True).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def hand_in(self, slot: str, file: Path) -> None:
        """Into that slot: kept at once with the script, with 上傳 without."""
        unfold(self.page)
        place = self.page.locator(f"#slot-{slot}")
        place.locator("input[type=file]").set_input_files(file)
        if not self.scripts:
            place.locator("button[name=upload]").click()
            unfold(self.page)
        elif slot == "photo":
            self.press("使用這個範圍")
        expect(self.page.locator(f"#slot-{slot}")).to_contain_text(file.name)

    def is_sound(self, name: str) -> None:
        """axe finds no fault; and a picture, if one is wanted."""
        if not self.scripts:
            return
        if SCREENSHOTS:
            for width, scheme in ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self.page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{scheme}.png", full_page=True)
            self.page.emulate_media(color_scheme="light")
            self.page.set_viewport_size({"width": 390, "height": 900})
        expect_no_fault(self.page, name)


@pytest.fixture
def begin(site: str, owner: User, new_context: Callable[..., BrowserContext], tmp_path: Path) -> Callable[..., Visit]:
    def visit(scripts: bool, who: User | None = None, width: int = 390) -> Visit:
        context = new_context(scripts=scripts, width=width)
        log_in(context, who or owner, site)
        return Visit(site, context, scripts, tmp_path)

    return visit


@dataclass
class Desk:
    """The officer in a browser of their own, at the decision page of one case."""

    page: Page
    address: str

    def take(self) -> None:
        """開始審核."""
        self.page.goto(self.address)
        self.page.get_by_role("button", name="開始審核").click()
        self.expect_status("審核中")

    def give_back(self, button: str, *, remarks: Mapping[str, str], asked: str = "") -> None:
        """退補, with what is pinned to fields and documents."""
        for label, text in remarks.items():
            box = self.page.get_by_label(f"對{label}的意見", exact=True).last
            box.locator("xpath=..").locator("summary").click()
            box.fill(text)
        self.page.locator("[data-panel=return] > summary").click()
        form = self.page.locator("#return-form")
        form.locator("[name=opinion]").fill(OPINION)
        form.locator("[name=asked]").fill(asked)
        form.locator("[name=then]").uncheck()
        self.press(button)
        self.expect_status({"退請補正（資料與文件）": "待補正", "退請補件（僅文件）": "待補件"}[button])

    def approve(self) -> None:
        for finding in self.page.locator(".review-findings [name=accepted]").all():
            finding.check()
        self.page.locator("[data-panel=approve] > summary").click()
        self.page.locator("#approve-form [name=then]").uncheck()
        self.press("核准")
        self.expect_status("核准待繳費")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def expect_status(self, name: str) -> None:
        expect(self.page.locator(".review-status")).to_have_text(name)


def expect_nothing_for(outside: Visit, case: Case) -> None:
    """Every address of the case answers a stranger as that of a case which is not there; a list does not name it."""
    document = case.documents.latest("pk").uid
    for pattern in my_cases.urlpatterns:
        own = {"case_no": case.case_no, "id": document}
        path = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            path = re.sub(f"<[^<>]*{name}>", converter.to_url(own[name]), path)
        answer = outside.context.request.get(f"{outside.site}{HOME}/{path}")
        of_case = bool(pattern.pattern.converters)
        assert answer.status == (404 if of_case else 200), path
        # The page of a missing address names that address, and nothing else of the case.
        assert (case.name if of_case else case.case_no) not in answer.text(), path


@both
def test_a_case_is_corrected_then_supplemented_then_approved(
    scripts: bool, begin: Callable[..., Visit], single: Permit, owner: User, stranger: User, officer: User, site: str
) -> None:
    """退補正 -> 補正 -> 退補件 -> 補件 -> 核准 (圖44-50), each in their browser; a stranger sees nothing of it."""
    case = applied(logged_in(owner), single)
    visit, outside = begin(scripts), begin(scripts, stranger)
    staff = begin(scripts, officer, width=1280)
    desk = Desk(staff.page, f"{site}/admin/cases/review/{case.case_no}/")
    expect_nothing_for(outside, case)
    desk.take()
    expect_nothing_for(outside, case)
    desk.give_back("退請補正（資料與文件）", remarks={"系所": "請依學生證填寫", "照片": "請重拍"})
    expect_nothing_for(outside, case)
    visit.go("todo/")
    expect(visit.page.locator("#returned").locator("..")).to_contain_text(case.case_no)
    visit.is_sound("todo-returned")
    visit.menu("補正(件)列表")
    expect(visit.page.get_by_role("main")).to_contain_text(OPINION)
    visit.is_sound("corrections")
    visit.page.get_by_role("link", name=f"補正 {case.case_no}").click()
    correct(visit, case)
    expect_nothing_for(outside, case)
    desk.take()
    desk.give_back("退請補件（僅文件）", remarks={}, asked="休學證明")
    expect_nothing_for(outside, case)
    supplement(visit, case)
    expect_nothing_for(outside, case)
    desk.take()
    expect(desk.page.locator(".review-changes")).to_contain_text("leave.pdf")
    desk.approve()
    expect_nothing_for(outside, case)
    visit.go("todo/")
    expect(visit.page.locator("#payable").locator("..")).to_contain_text(case.case_no)
    assert list(CaseEvent.objects.values_list("action", flat=True)) == [
        *("submit", "take", "ask_correction", "resubmit", "take", "ask_supplement", "resubmit", "take", "approve")
    ]
    emails = OutgoingMail.objects.filter(kind__startswith="case_").order_by("pk").values_list("kind", flat=True)
    assert list(emails) == [
        *("case_submitted", "case_returned", "case_resubmitted", "case_returned", "case_resubmitted", "case_approved")
    ]


def correct(visit: Visit, case: Case) -> None:
    """補正: a field and the photo, a reply, a mistake on the way."""
    page = visit.page
    expect(page.get_by_role("heading", name="退補案件申請書")).to_be_visible()
    visit.is_sound("correction")
    unfold(page)
    page.locator("#id_department").fill("")
    visit.press("送出")
    expect(page.locator(".error-summary")).to_contain_text("請輸入")
    visit.is_sound("correction-error")
    unfold(page)
    page.locator("#id_department").fill("電機工程學系")
    visit.hand_in("photo", visit.file("新照片.jpg", photo((700, 900))))
    expect(page.locator("#slot-photo")).to_contain_text("送出時移除")
    page.locator("[name=reply]").fill("已重拍照片")
    visit.press("送出")
    expect(page.get_by_role("heading", name="補正(件)完成")).to_be_visible()
    visit.is_sound("correction-done")
    page.get_by_role("link", name="回待辦事項").click()
    expect(page.locator("#new").locator("..")).to_contain_text(case.case_no)
    case = Case.objects.get(pk=case.pk)
    assert case.answers["department"] == "電機工程學系"
    assert [each.original_name for each in current_documents(case).filter(slot="photo")] == ["新照片.jpg"]
    assert not Draft.objects.filter(corrects=case).exists()


def supplement(visit: Visit, case: Case) -> None:
    """補件: the fields are text; a file goes and comes back; the asked document is demanded."""
    page = visit.page
    visit.go(f"corrections/{case.case_no}/")
    unfold(page)
    expect(page.locator("#id_department")).to_have_count(0)
    expect(page.locator("#answer-department")).to_contain_text("電機工程學系")
    visit.is_sound("supplement")
    unfold(page)
    page.locator("#slot-health button[name=remove]").click()
    unfold(page)
    page.locator("#slot-health button[name=restore]").click()
    unfold(page)
    expect(page.locator("#slot-health button[name=restore]")).to_have_count(0)
    visit.press("送出")
    expect(page.locator(".error-summary")).to_contain_text("請上傳休學證明")
    visit.hand_in("asked-1", visit.file("leave.pdf", paper(500)))
    visit.press("送出")
    expect(page.get_by_role("heading", name="補正(件)完成")).to_be_visible()


@both
def test_an_extension_is_asked_for(
    scripts: bool, begin: Callable[..., Visit], single: Permit, owner: User, officer: User
) -> None:
    case = given_back(applied(logged_in(owner), single), officer, Action.ASK_CORRECTION, now=timezone.now())
    visit = begin(scripts)
    visit.go(f"corrections/{case.case_no}/")
    visit.page.locator("#more-time > summary").click()
    visit.page.locator("[name=extension_reason]").fill("學校尚未開學")
    visit.press("申請展延")
    expect(visit.page.locator("#more-time")).to_contain_text("等待審核人員回覆")
    visit.is_sound("extension-pending")
    act(Action.EXTEND, Case.objects.get(), officer, now=timezone.now())
    visit.page.reload()
    expect(visit.page.locator("#more-time")).to_contain_text("補正期限已展延至")


@both
def test_tabs_switch_at_once(scripts: bool, begin: Callable[..., Visit], owner: User) -> None:
    """圖14."""
    submitted(owner, now=timezone.now())
    visit = begin(scripts)
    visit.go("todo/")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.get_by_role("link", name="延期申請").first.click()
    expect(visit.page.get_by_role("main")).to_contain_text("您還沒有「陸生多次證延期申請」的案件。")
    assert visit.page.url.endswith("?tab=extension")
    assert bool(asked) is not scripts
    visit.page.go_back()
    expect(visit.page.locator("#new").locator("..")).to_contain_text(Case.objects.get().case_no)
    visit.is_sound("todo-tabs")


@both
def test_progress_is_queried(scripts: bool, begin: Callable[..., Visit], owner: User, stranger: User) -> None:
    """圖51-54."""
    case, other = submitted(owner, now=timezone.now()), submitted(stranger, now=timezone.now())
    visit = begin(scripts)
    visit.go("todo/")
    visit.menu("案件進度查詢")
    visit.is_sound("progress")
    visit.page.locator("[name=case_no]").fill(f" {case.case_no[:6]}-{case.case_no[6:]} ")
    visit.press("查詢")
    expect(visit.page.get_by_role("heading", name="案件進度查詢結果列表")).to_be_visible()
    visit.is_sound("progress-found")
    visit.page.locator("[name=case_no]").fill(other.case_no)
    visit.press("查詢")
    expect(visit.page.get_by_role("main")).to_contain_text("查無資料")
    visit.page.locator("[name=case_no]").fill(case.case_no)
    visit.press("查詢")
    visit.page.get_by_role("link", name=f"檢視 {case.case_no}").click()
    expect(visit.page.get_by_role("heading", name="案件詳細資料")).to_be_visible()
    visit.is_sound("case")


@both
def test_a_case_is_withdrawn(scripts: bool, begin: Callable[..., Visit], owner: User) -> None:
    """圖55-61."""
    case = submitted(owner, now=timezone.now())
    visit = begin(scripts)
    visit.go("todo/")
    visit.menu("案件撤銷")
    visit.is_sound("withdraw")
    visit.page.locator("[name=group_no]").fill(case.group_no.lower())
    visit.press("查詢")
    expect(visit.page.get_by_role("heading", name="申請人列表")).to_be_visible()
    visit.is_sound("withdrawal")
    visit.page.get_by_role("link", name=f"撤銷 {case.case_no}").click()
    visit.press("確定")
    expect(visit.page.locator(".error-summary")).to_contain_text("請勾選")
    visit.is_sound("withdraw-declaration")
    visit.page.locator("[name=agree]").check()
    visit.press("確定")
    expect(visit.page.get_by_role("main")).to_contain_text(f"確定要撤銷收件號 {case.case_no} 嗎？")
    visit.is_sound("withdraw-confirm")
    visit.press("確定撤銷")
    expect(visit.page.get_by_role("main")).to_contain_text("撤銷成功")
    expect(visit.page.get_by_role("heading", name="案件撤銷–詳細")).to_be_visible()
    visit.is_sound("withdrawn")
    assert Case.objects.get().status == Status.WITHDRAWN


@both
def test_what_was_approved_meanwhile_is_not_withdrawn(
    scripts: bool, begin: Callable[..., Visit], owner: User, officer: User
) -> None:
    case = submitted(owner, now=timezone.now())
    visit = begin(scripts)
    visit.go(f"withdraw/{case.case_no}/?declare")
    visit.page.locator("[name=agree]").check()
    visit.press("確定")
    act(Action.APPROVE, act(Action.TAKE, case, officer, now=timezone.now()), officer, now=timezone.now())
    visit.press("確定撤銷")
    expect(visit.page.get_by_role("main")).to_contain_text("撤銷失敗：案件已審核完成，目前為「已核准，請繳費」，不能撤銷。")
    assert Case.objects.get().status == Status.AWAITING_PAYMENT
