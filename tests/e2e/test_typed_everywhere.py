"""Every page with a text to type in loses its token, the log-in and the network, in Chromium, with JavaScript and without: the
text is there again, and is sent again. A new page is in it by its address.

What is sent again is looked at and goes no further, so no page changes anything for the next. What comes of it, one page of each
sort of people shows in test_typed.py; that each address answers so, tests/architecture/test_typed_text.py.
"""

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Request, Route
from playwright.sync_api import Error as PlaywrightError

from portal.accounts.models import User
from portal.core.site.typed import SECRETIVE
from portal.sessions.engine import AccountSession
from portal.staff_login.middleware import EXEMPT_VIEWS
from portal.throttling.models import QuotaUse
from tests.architecture.admin_world import World, build, client_of
from tests.architecture.test_access import MONTH_LATER
from tests.architecture.test_admin_access import addresses as admin_addresses
from tests.staff import pass_second_factor

from .public import ADDRESSES
from .test_phones import steps_pages, students_pages

# With EVERY_PAGE=1 each page meets each loss, which takes ten minutes. Without, the losses take turns, and of the admin's
# hundred pages with a form every sixth is asked.
EVERY = bool(os.environ.get("EVERY_PAGE"))
TEXT = "甲 乙 test"
EMAIL = "typed@example.test"
# The first text that somebody may type in each form that is sent, and the button that sends it. The browser's own checks are
# off: it is the portal that is asked.
FORMS = """() => {
  for (const box of document.querySelectorAll("details")) box.open = true;
  const isSeen = box => box.checkVisibility() && box.getClientRects().length;
  const kinds = ["text", "email", "tel", "search", "url", "textarea"];
  const found = [];
  for (const form of document.querySelectorAll("main form, form#login")) {
    if (form.method !== "post") continue;
    const isFree = box => box.name && !/captcha|password|token|otp/.test(box.name) && !box.readOnly && !box.disabled;
    const isDay = box => box.closest("[data-controller~='w-date']"); // takes away what is none
    const isText = box => kinds.includes(box.type) && isFree(box) && isSeen(box) && !isDay(box);
    const box = [...form.elements].find(isText);
    const button = [...form.elements].find(one => one.type === "submit" && isSeen(one));
    if (!box || !button) continue;
    form.noValidate = true;
    box.id ||= `box-${found.length}`;
    button.dataset.sends = found.length;
    const saves = Boolean(form.dataset.save);
    found.push({box: box.id, name: box.name, type: box.type, path: new URL(form.action).pathname, saves});
  }
  return found;
}"""


@dataclass
class Form:
    """A form with a text, as it stands on its page."""

    box: str
    name: str
    type: str
    path: str
    saves: bool  # by a script, which fetches itself another token
    number: int
    text: str = ""


@dataclass
class Visit:
    """Somebody before a page, who has typed something."""

    page: Page
    site: str
    client: Client
    scripts: bool
    path: str
    faults: list[str]

    @property
    def person(self) -> User | None:
        key = self.client.session.get("_auth_user_id")
        return User.objects.get(pk=key) if key else None

    def log_in(self) -> None:
        if "sessionid" in self.client.cookies:
            AccountSession.objects.update(expire_date=timezone.now() + dt.timedelta(hours=1))
            self.take_session(self.client)

    def take_session(self, client: Client) -> None:
        self.page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.site}])

    def lose(self, form: Form, loss: str) -> None:
        self.forms()
        try:
            getattr(self, f"lose_the_{loss}")(form)
        except PlaywrightError as error:
            self.fault(form, loss, f"{str(error)[:300]} at {self.page.url}")
            self.page.context.set_offline(False)

    def forms(self) -> list[Form]:
        """Open the page, logged in; its forms with a text."""
        self.log_in()
        self.page.goto(self.site + self.path)
        return [Form(**found, number=number) for number, found in enumerate(self.page.evaluate(FORMS))]

    def write(self, form: Form) -> None:
        """What the box then holds: scripts make an address of what is typed into some."""
        box = self.page.locator(f"[id='{form.box}']")
        box.fill(EMAIL if form.type == "email" else TEXT)
        box.blur()
        form.text = box.input_value()

    def send(self, form: Form) -> None:
        self.page.locator(f"[data-sends='{form.number}']").first.click()

    def expect_sent_again(self, form: Form, loss: str, again: Callable[[], object]) -> None:
        """What is sent then holds the text, and is sent to where it was meant for."""
        sent: list[Request] = []

        def look(route: Route) -> None:
            if route.request.method != "POST" or urlsplit(route.request.url).path != form.path:
                return route.continue_()
            sent.append(route.request)
            return route.fulfill(content_type="text/html", body="<p>taken</p>")

        self.page.route("**/*", look)
        try:
            again()
            self.page.locator("p", has_text="taken").wait_for()
        finally:
            self.page.unroute("**/*")
        if not any(holds(request, form) for request in sent):
            self.fault(form, loss, "sent again without the text")

    def fault(self, form: Form, loss: str, what: str) -> None:
        self.faults.append(f"{self.path} [{form.name}] {'script' if self.scripts else 'plain'} {loss}: {what}")

    # The losses

    def lose_the_token(self, form: Form) -> None:
        self.page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": self.site}])
        self.write(form)
        if form.saves and self.scripts:
            with self.page.expect_navigation():
                self.send(form)
            return self.expect_in_its_box(form, "token")
        self.send(form)
        self.page.get_by_role("heading", name="頁面已逾時").wait_for()
        return self.expect_it_there(form, "token")

    def lose_the_session(self, form: Form) -> None:
        """Logged out in another tab."""
        cookies = [each for each in self.page.context.cookies() if each["name"] == "sessionid"]
        self.page.context.clear_cookies(name="sessionid")
        self.write(form)
        self.send(form)
        self.page.get_by_role("heading", name="登入已結束").wait_for()
        self.page.context.add_cookies(cookies)
        self.expect_it_there(form, "session")

    def lose_the_time(self, form: Form) -> None:
        """The log-in ended by itself; after the next one it is there again."""
        person = self.person
        assert person
        self.write(form)
        AccountSession.objects.update(expire_date=timezone.now())
        QuotaUse.objects.all().delete()
        self.send(form)
        self.page.locator("[name=password]").wait_for()
        client = Client()
        client.cookies["sessionid"] = next(each["value"] for each in self.page.context.cookies() if each["name"] == "sessionid")
        backend = "StudentBackend" if person.is_student else "StaffBackend"
        client.force_login(person, backend=f"portal.accounts.backends.{backend}")
        if not person.is_student:
            pass_second_factor(client, person)
        self.take_session(client)
        self.page.goto(self.site + form.path)
        if person.is_student:
            return self.expect_in_its_box(form, "time")
        return self.expect_it_there(form, "time")

    def lose_the_network(self, form: Form) -> None:
        self.write(form)
        self.page.context.set_offline(True)
        self.send(form)
        if not self.scripts:
            self.page.wait_for_url("chrome-error://chromewebdata/")
            self.page.context.set_offline(False)
            self.expect_sent_again(form, "network", self.page.reload)
            return
        self.page.locator("#typed-notice", has_text="沒有網路連線").wait_for()
        self.page.context.set_offline(False)
        self.expect_sent_again(form, "network", lambda: self.send(form))

    def expect_in_its_box(self, form: Form, loss: str) -> None:
        found = self.page.locator(f"[name='{form.name}']").first.input_value()
        if found != form.text:
            self.fault(form, loss, f"{found!r} in its box")

    def expect_it_there(self, form: Form, loss: str) -> None:
        button = self.page.get_by_role("button", name="再送出一次")
        if not button.count():
            return self.fault(form, loss, f"nothing to send again at {urlsplit(self.page.url).path}")
        if form.text not in self.page.content():
            self.fault(form, loss, "not there")
        return self.expect_sent_again(form, loss, button.first.click)


def holds(request: Request, form: Form) -> bool:
    body = request.post_data_buffer or b""
    if "multipart" in request.headers.get("content-type", ""):
        return f'name="{form.name}"\r\n\r\n{form.text}'.encode() in body
    return (form.name, form.text) in parse_qsl(body.decode())


LOSSES = ("token", "session", "time", "network")
NO_LOG_IN = ("token", "network")
# So many forms with a text there are at least.
LEAST = {"visitor": 5, "student": 2, "stranger": 2, "administrator": 6}


def has_form(client: Client, path: str) -> bool:
    """Whether it is a page, and something on it is sent."""
    answer = client.get(path)
    is_page = answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming
    return is_page and b'method="post"' in answer.content.lower()


def paths_of(role: str, world: World, client: Client) -> Iterator[str]:
    """The addresses at which somebody of that role may find a text to type in."""
    if role == "visitor":
        yield from (f"/{address}" for address in ADDRESSES)
    elif role == "student":
        yield from (path for who, path in students_pages(world) if who == "student")
        yield world.fillings["my_cases:deadline"].replace("cases", "corrections").replace("deadline.ics", "")
    elif role == "stranger":
        yield from (path for _who, path in steps_pages(client))
    else:
        asked = [each for each in admin_addresses() if each.name not in EXEMPT_VIEWS]
        yield from (path for each in asked if not SECRETIVE.match(path := world.fill(each.name, each.route)))


# Wagtail leaves the files of its thumbnails to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("role", LEAST)
def test_every_page_with_text(role: str, scripts: bool, site: str, new_context: Callable[..., BrowserContext]) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        world, client = build(), client_of(role)
        paths = [path for path in sorted(set(paths_of(role, world, client))) if has_form(client, path)]
        if role == "administrator" and not EVERY:
            paths = paths[::6]
        faults: list[str] = []
        turns = itertools.cycle(LOSSES if role != "visitor" else NO_LOG_IN)
        met = 0
        for path in paths:
            page = new_context(scripts=scripts).new_page()
            visit = Visit(page, site, client, scripts, path, faults)
            for form in visit.forms():
                losses = [next(turns)] if not EVERY else NO_LOG_IN if role == "visitor" else LOSSES
                for loss in losses:
                    visit.lose(form, loss)
                    met += 1
            page.context.close()
        assert not faults, "\n".join(faults)
        assert met >= LEAST[role] * (6 if EVERY and role == "administrator" else 1)
