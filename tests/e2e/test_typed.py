"""A log-in, a token and the network are lost while somebody writes, with JavaScript and without: the text is there again.

Every address is gone through by tests/architecture/test_typed_text.py; here one page of each sort of people shows that a
browser does as is thought there.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from portal.editorial.contact import ContactSettings
from portal.payments.models import Refund
from portal.review.groups import CASHIERS, OFFICERS, RECORDS_CLERKS
from portal.review.models import Note
from portal.sessions.engine import AccountSession
from tests.factories import payments
from tests.factories.cases import act, submitted
from tests.staff import logged_in, make_administrator, make_staff, pass_second_factor

pytestmark = pytest.mark.django_db(transaction=True)
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
REGISTER = "/china-student/individual/register/"
PROFILE = "/china-student/individual/account/profile/"
NOTE = "請與學校確認學籍，\n再決定是否退補。"


@dataclass
class Desk:
    """A page with a form in it, and who sits before it."""

    page: Page
    path: str
    field: str
    text: str
    button: str
    person: User | None
    is_taken: Callable[[], bool]

    @property
    def box(self) -> Any:
        return self.page.locator(self.field)

    def write(self) -> None:
        self.page.goto(self.site + self.path)
        for summary in self.page.locator("details[data-panel=note]:not([open]) > summary").all():
            summary.click()
        self.box.fill(self.text)

    def send(self) -> None:
        self.page.locator(self.button).click()

    def log_in_again(self) -> None:
        """In this very browser, whose session keeps what waits."""
        assert self.person
        client = Client()
        (key,) = (each["value"] for each in self.page.context.cookies() if each["name"] == "sessionid")
        client.cookies["sessionid"] = key
        backend = "StudentBackend" if self.person.is_student else "StaffBackend"
        client.force_login(self.person, backend=f"portal.accounts.backends.{backend}")
        if not self.person.is_student:
            pass_second_factor(client, self.person)
        self.page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.site}])
        self.page.goto(self.site + self.path)

    site: str = ""


def visitor(site: str, page: Page) -> Desk:
    box, button = "[name=chinese_name]", "form .actions button:not([name])"
    return Desk(page, REGISTER, box, "王小明", button, None, lambda: "資料有誤" in page.content())


def student(site: str, page: Page) -> Desk:
    from tests import people

    owner = people.student(people.applicant())
    return Desk(
        page, PROFILE, "[name=mobile]", "0987654321", "form .card .actions button", owner,
        lambda: User.objects.get(pk=owner.pk).mobile == "0987654321",
    )  # fmt: skip


def officer(site: str, page: Page) -> Desk:
    from tests import people

    case: Case = submitted(people.student(people.applicant()))
    person = make_staff("officer", OFFICERS)
    act(Action.TAKE, case, person)
    return Desk(
        page, f"/admin/cases/review/{case.case_no}/", "textarea[name=note]", NOTE, "button[value=note]", person,
        lambda: [each.text.replace("\r", "") for each in Note.objects.all()] == [NOTE],
    )  # fmt: skip


def cashier(site: str, page: Page) -> Desk:
    from tests import people

    owner = people.student(people.applicant())
    payment = payments.attempt(owner, make_staff("officer", OFFICERS))
    payments.record(payment)
    path = f"/admin/money/payments/{payment.reference}/"
    return Desk(
        page, path, "[name=reason]", "申請人重複繳費", "button[name=refund]", make_staff("cashier", CASHIERS),
        lambda: list(Refund.objects.values_list("reason", flat=True)) == ["申請人重複繳費"],
    )  # fmt: skip


def clerk(site: str, page: Page) -> Desk:
    from tests import people

    path, said = reverse("records-clerks:correct", args=["applicants", people.applicant().pk]), "資訊管理學系碩士班"
    return Desk(
        page, path, "[name=department]", said, ".nice-padding form .button[type=submit]", make_staff("clerk", RECORDS_CLERKS),
        lambda: "請填寫" in page.content() and page.locator("[name=department]").input_value() == said,
    )  # fmt: skip


def chief_editor(site: str, page: Page) -> Desk:
    path = reverse("wagtailsettings:edit", args=["portal_editorial", "contactsettings", ContactSettings.load().pk])
    return Desk(
        page, path, "[name=hours]", "週一至週日，全天", "#w-editor-form button[type=submit]", make_staff("chief", "總編輯"),
        lambda: ContactSettings.objects.get().hours == "週一至週日，全天",
    )  # fmt: skip


def administrator(site: str, page: Page) -> Desk:
    other = make_staff("officer", OFFICERS)
    return Desk(
        page, f"/admin/users/edit/{other.pk}/", "[name=chinese_name]", "改過的姓名", "#w-editor-form button[type=submit]",
        make_administrator(), lambda: User.objects.get(pk=other.pk).chinese_name == "改過的姓名",
    )  # fmt: skip


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


DESKS = (visitor, student, officer, cashier, clerk, chief_editor, administrator)


with_scripts = pytest.mark.parametrize("scripts", [True], ids=["script"], indirect=True)
# A visitor has no log-in to lose.
logged_in_ones = pytest.mark.parametrize("desk", DESKS[1:], ids=[desk.__name__ for desk in DESKS[1:]], indirect=True)


@pytest.fixture(params=DESKS, ids=[desk.__name__ for desk in DESKS])
def desk(request: pytest.FixtureRequest, site: str, scripts: bool, new_context: Callable[..., BrowserContext]) -> Desk:
    page = new_context(scripts=scripts).new_page()
    made: Desk = request.param(site, page)
    made.site = site
    if made.person:
        cookie = logged_in(made.person).cookies["sessionid"]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    made.write()
    return made


def look(desk: Desk, name: str) -> None:
    """A picture of what somebody sees then."""
    if SCREENSHOTS:
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                desk.page.emulate_media(color_scheme=scheme)
                desk.page.set_viewport_size({"width": width, "height": 844})
                desk.page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{scheme}.png", full_page=True)


@logged_in_ones
def test_the_log_in_ends(desk: Desk, scripts: bool) -> None:
    assert desk.person
    AccountSession.objects.update(expire_date=timezone.now())
    desk.send()
    expect(desk.page.locator("[name=password]")).to_be_visible()
    desk.log_in_again()
    if desk.person.is_student:
        expect(desk.box).to_have_value(desk.text)
        desk.send()
    else:
        desk.page.locator("details.typed summary").click()
        assert desk.text in desk.page.locator(".typed-text").all_inner_texts()
        look(desk, f"waiting-{scripts}")
        desk.page.get_by_role("button", name="再送出一次").click()
    desk.page.wait_for_load_state()
    assert desk.is_taken()


@logged_in_ones
def test_the_log_in_is_left_in_another_tab(desk: Desk, scripts: bool) -> None:
    assert desk.person
    desk.page.context.clear_cookies(name="sessionid")
    desk.send()
    expect(desk.page.get_by_role("heading", name="登入已結束")).to_be_visible()
    look(desk, f"ended-{scripts}")
    cookie = logged_in(desk.person).cookies["sessionid"]
    desk.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": desk.site}])
    desk.page.get_by_role("button", name="再送出一次").click()
    desk.page.wait_for_load_state()
    assert desk.is_taken()


def test_the_token_is_stale(desk: Desk) -> None:
    desk.page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": desk.site}])
    desk.send()
    expect(desk.page.get_by_role("heading", name="頁面已逾時")).to_be_visible()
    desk.page.get_by_role("button", name="再送出一次").click()
    desk.page.wait_for_load_state()
    assert desk.is_taken()
    if desk.person is None:
        expect(desk.box).to_have_value(desk.text)


def test_the_network_is_gone(desk: Desk, scripts: bool) -> None:
    context = desk.page.context
    context.set_offline(True)
    if scripts:
        desk.send()
        expect(desk.page.locator("#typed-notice")).to_contain_text("沒有網路連線")
        expect(desk.box).to_have_value(desk.text)
        look(desk, f"offline-{desk.path.split('/')[-2]}")
        context.set_offline(False)
        desk.send()
    else:
        desk.send()
        expect(desk.page).to_have_url("chrome-error://chromewebdata/")
        context.set_offline(False)
        desk.page.reload()
    desk.page.wait_for_load_state()
    assert desk.is_taken()


@with_scripts
@pytest.mark.parametrize("desk", [officer], ids=["officer"], indirect=True)
def test_what_was_saved_before_an_answer_that_never_came_is_in_sight(desk: Desk) -> None:
    with desk.page.expect_response("**/draft/"):
        desk.box.fill(desk.text)
    lose_the_answer(desk)
    expect(desk.page.locator("#typed-notice")).to_contain_text("已帶回")
    expect(desk.box).to_be_visible()


@with_scripts  # else the browser itself sends the form again; see above
def test_an_answer_that_never_came_takes_nothing_away(desk: Desk) -> None:
    """The web server is down, or the browser shows a page of its own: who comes back finds the text."""
    lose_the_answer(desk)
    look(desk, f"restored-{desk.path.split('/')[-2]}")
    desk.send()
    desk.page.wait_for_load_state()
    assert desk.is_taken()
    desk.page.goto(desk.site + desk.path)
    expect(desk.page.locator("#typed-notice")).to_have_count(0)


def lose_the_answer(desk: Desk) -> None:
    desk.page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    desk.send()
    expect(desk.page).to_have_url("chrome-error://chromewebdata/")
    desk.page.unroute("**/*")
    desk.page.go_back()  # to before the form, whose place the browser's own page has taken
    desk.page.goto(desk.site + desk.path)
    expect(desk.box).to_have_value(desk.text)


PUSH = """button => {
    const push = () => button.before(Object.assign(document.createElement("p"), { style: "block-size: 300px" }));
    document.addEventListener("pointerdown", push, { once: true });
}"""


def hold(desk: Desk) -> None:
    """The button is pressed and not yet let go."""
    button = desk.page.locator(desk.button)
    button.scroll_into_view_if_needed()
    button.hover()
    desk.page.mouse.down()


@with_scripts  # else nothing moves
def test_a_button_counts_that_the_page_moves_away_while_it_is_pressed(desk: Desk) -> None:
    desk.page.locator(desk.button).evaluate(PUSH)
    hold(desk)
    with desk.page.expect_navigation():
        desk.page.mouse.up()
    assert desk.is_taken()


@with_scripts
def test_a_button_that_the_pointer_leaves_is_not_pressed(desk: Desk) -> None:
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    hold(desk)
    desk.page.mouse.move(1, 450, steps=4)
    desk.page.mouse.up()
    expect(desk.box).to_have_value(desk.text)
    assert asked == []
