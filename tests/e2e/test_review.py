"""An officer at work: by keyboard alone from the queue to the next case, without scripts, at three widths, and nothing lost."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.cms.snippets import publish_new
from portal.records.models import Permit
from portal.records.protocol import Match
from portal.records.source import get_source
from portal.review.groups import OFFICERS, SUPERVISORS
from portal.review.models import ReasonTemplate, ReviewDraft
from tests import people
from tests.bench import files
from tests.factories.cases import act, document, submitted
from tests.staff import logged_in, make_staff

from .axe import faults

pytestmark = pytest.mark.django_db(transaction=True)
SLOTS = ("photo", "enrolment", "health", "travel-document", "single-permit", "person-id")
QUEUE = "/admin/cases/review/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def officer(site: str) -> User:
    return make_staff("officer", OFFICERS)


def send(number: int) -> Case:
    """A case with six files of somebody whose papers agree with the records."""
    permit_no, today = f"1150000001{number:02}", timezone.localdate()
    found = people.applicant(ui_no=f"A99000{number:04}", travel_document_no=f"T3000{number:04}")
    people.single_permit(found, permit_no, entered_on=today - 20 * DAY, stay_until=today + 40 * DAY, valid_until=today + 70 * DAY)
    owner, source = people.student(found, f"student{number}"), get_source()
    applicant = source.find_applicant(ui_no=found.ui_no)
    assert applicant
    [permit] = source.permits_of(found.ui_no)
    sent = [document(slot, files.photo(), original_name=f"{slot}.jpg", content_type="image/jpeg") for slot in SLOTS]
    return submitted(
        owner, match=Match(applicant, permit, (permit,)), documents=sent, now=timezone.now() - number * dt.timedelta(hours=1)
    )


def open_page(context: BrowserContext, site: str, user: User, path: str) -> Page:
    session = logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = context.new_page()
    page.goto(site + path)
    return page


def test_a_case_with_six_files_is_decided_with_eight_keys(
    site: str, officer: User, new_context: Callable[..., BrowserContext]
) -> None:
    later, first = send(1), send(2)
    page, pressed = open_page(new_context(scripts=True), site, officer, QUEUE), list[str]()

    def press(key: str) -> None:
        page.keyboard.press(key)
        pressed.append(key)

    press("g")
    page.wait_for_url(f"**/{first.case_no}/")
    expect(page.get_by_text("與署內資料核對，沒有審查發現。")).to_be_visible()
    for number in range(1, 7):
        expect(page.locator("[data-counter]")).to_have_text(f"{number} / 6")
        expect(page.locator("[data-file]").nth(number - 1).locator("img")).to_be_in_viewport()
        if number < 6:
            press("j")
    press("a")
    expect(page.get_by_role("button", name="核准", exact=True)).to_be_focused()
    press("Enter")
    page.wait_for_url(f"**/{later.case_no}/")
    assert len(pressed) == 8
    assert [Case.objects.get(pk=case.pk).status for case in (first, later)] == [Status.AWAITING_PAYMENT, Status.IN_REVIEW]
    expect(page.get_by_text(f"收件號 {first.case_no}：核准")).to_be_visible()


def test_with_the_mouse_it_takes_three_clicks(site: str, officer: User, new_context: Callable[..., BrowserContext]) -> None:
    later, first = send(1), send(2)
    page = open_page(new_context(scripts=True), site, officer, QUEUE)
    page.get_by_role("button", name="取下一件").click()
    page.wait_for_url(f"**/{first.case_no}/")
    page.locator("[data-panel=approve] > summary").click()
    page.get_by_role("button", name="核准", exact=True).click()
    page.wait_for_url(f"**/{later.case_no}/")
    assert Case.objects.get(pk=first.pk).status == Status.AWAITING_PAYMENT


def test_without_scripts_a_finding_is_ticked_and_a_reason_is_inserted(
    site: str, officer: User, new_context: Callable[..., BrowserContext]
) -> None:
    publish_new(ReasonTemplate(name="照片不清楚", text="請重新上傳照片。", on="upload-photo"))
    later, first = send(1), send(2)
    Permit.objects.filter(permit_no=first.permit_no).update(revoked=True)
    page = open_page(new_context(scripts=False), site, officer, QUEUE)
    page.get_by_role("button", name="取下一件").click()
    page.locator("[data-panel=approve] > summary").click()
    page.get_by_role("button", name="核准", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("還有沒勾選的審查發現，請逐項確認後再核准。")
    page.locator(".review-unaccepted").get_by_label(f"現持許可證 {first.permit_no} 已廢止").check()
    page.get_by_role("button", name="核准", exact=True).click()
    page.wait_for_url(f"**/{later.case_no}/")
    assert Case.objects.get(pk=first.pk).status == Status.AWAITING_PAYMENT

    page.locator("[data-panel=return] > summary").click()
    page.get_by_label("照片不清楚").check()
    page.get_by_role("button", name="帶入所選事由").click()
    expect(page.get_by_label("審核意見", exact=False).first).to_have_value("請重新上傳照片。")
    page.get_by_role("button", name="退請補件（僅文件）").click()
    page.wait_for_url(f"**{QUEUE}")
    returned = Case.objects.get(pk=later.pk).returns.get()
    assert (returned.opinion, returned.remarks) == ("請重新上傳照片。", [{"on": "upload-photo", "text": "請重新上傳照片。"}])


def test_what_is_typed_is_saved_while_it_is_typed(site: str, officer: User, new_context: Callable[..., BrowserContext]) -> None:
    case = send(1)
    page = open_page(new_context(scripts=True), site, officer, QUEUE)
    page.keyboard.press("g")
    page.wait_for_url(f"**/{case.case_no}/")
    page.keyboard.press("c")
    page.keyboard.type("寫到一半的意見")
    expect(page.locator("#return-form [data-saved]")).to_contain_text("已暫存")
    assert ReviewDraft.objects.get().data["opinion"] == ["寫到一半的意見"]
    page.reload()
    page.keyboard.press("c")
    expect(page.locator("#return-form textarea").first).to_have_value("寫到一半的意見")


@pytest.mark.parametrize("is_saving", [False, True], ids=["at once", "while it is saved"])
def test_what_was_sent_does_not_come_back(
    site: str, officer: User, new_context: Callable[..., BrowserContext], is_saving: bool
) -> None:
    """A save that is still to come, or on its way, keeps nothing behind the sending."""
    case = act(Action.TAKE, send(1), officer)
    page = open_page(new_context(scripts=True), site, officer, f"{QUEUE}{case.case_no}/")
    page.keyboard.press("m")
    if is_saving:
        with page.expect_request("**/draft/"):
            page.locator("[name=note]").fill("請與學校確認")
    else:
        page.locator("[name=note]").fill("請與學校確認")
    page.get_by_role("button", name="加上備註").dblclick()
    expect(page.get_by_text("已加上備註")).to_be_visible()
    assert [note.text for note in case.notes.all()] == ["請與學校確認"]
    page.keyboard.press("m")
    expect(page.locator("[name=note]")).to_have_value("")
    assert [draft.data for draft in ReviewDraft.objects.all() if any(draft.data.values())] == []


def test_who_logs_in_again_in_another_tab_goes_on_here(
    site: str, officer: User, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(scripts=True)
    case = act(Action.TAKE, send(1), officer)
    page = open_page(context, site, officer, f"{QUEUE}{case.case_no}/")
    context.clear_cookies()
    page.keyboard.press("m")
    page.locator("[name=note]").fill("第一段")
    expect(page.locator("[data-session-notice]")).to_contain_text("請在新分頁登入")
    open_page(context, site, officer, QUEUE)
    with page.expect_response(lambda answer: answer.url.endswith("/draft/") and answer.ok):
        page.locator("[name=note]").fill("第一段與第二段")
    expect(page.locator("[data-session-notice]")).to_be_hidden()
    assert ReviewDraft.objects.get().data["note"] == ["第一段與第二段"]
    page.get_by_role("button", name="加上備註").click()
    expect(page.get_by_text("已加上備註")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_overflows_and_axe_finds_nothing(
    site: str, officer: User, new_context: Callable[..., BrowserContext], width: int
) -> None:
    case, supervisor = send(1), make_staff("boss", SUPERVISORS)
    send(2)
    for who, path in (
        (officer, QUEUE),
        (officer, f"{QUEUE}{case.case_no}/"),
        (officer, "/admin/"),
        (supervisor, f"{QUEUE}overview/"),
    ):
        page = open_page(new_context(scripts=True, width=width), site, who, path)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            assert faults(page) == [], (path, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
