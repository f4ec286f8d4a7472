"""Every page of a student's road on two phones, in three languages: the title begins in the first third of the screen,
nothing runs over the edge, no red star stands alone on a line, and 登入 is seen without scrolling.

The pages are those of the access table, drawn by Django's client; Chromium only lays them out.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from portal.core.languages import front_page
from portal.records.models import Applicant
from tests import people
from tests.architecture.access_table import ACCESS, PUBLIC, STUDENT
from tests.architecture.admin_world import World, build, client_of
from tests.architecture.test_access import MONTH_LATER, addresses
from tests.factories import payments
from tests.factories.cases import act
from tests.forms.answers import fill_in

from .public import ADDRESSES, LANGUAGES

PHONES = ((390, 844), (320, 640))
STATIC = f"/{settings.STATIC_URL.strip('/')}/"
SITE = "http://portal.test"
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
# Answers to a student's browser that are no pages: files, parts of pages, what only leads on.
NO_PAGES = {
    *("accounts:logout", "accounts:session", "accounts:new-password", "captcha-image", "captcha-image-2x", "captcha-audio"),
    *("captcha-refresh", "core:healthz", "core:readyz", "downloads:permit-pdf", "downloads:receipt-pdf"),
    *("forms:opening", "forms:save", "forms:start", "forms:upload-preview", "my_cases:application-copy"),
    *("my_cases:correction-save", "my_cases:deadline", "my_cases:document", "my_cases:progress-csv"),
    *("payments:method-details", "payments:slip", "robots", "sitemap", "verification:file", "wagtaildocs_serve"),
}
# Measured before anything is opened; then the folded parts are opened, for what stands in them.
MEASURE = """() => {
  const edge = document.documentElement.clientWidth;
  const found = [];
  const title = document.querySelector("main h1, main h2");
  const words = document.createRange();
  if (title) words.selectNodeContents(title);
  const end = title ? words.getClientRects()[0].bottom : Infinity;
  if (end > innerHeight / 3) found.push(`the first line of the title ends at ${Math.round(end)} of ${innerHeight}`);
  const send = location.pathname.endsWith("/login/") && document.querySelector("main form .button");
  if (send && innerHeight > 800 && send.getBoundingClientRect().bottom > innerHeight) found.push("登入 is below the screen");
  for (const one of document.querySelectorAll("main details")) one.open = true;
  if (document.documentElement.scrollWidth > edge) found.push(`${document.documentElement.scrollWidth} wide of ${edge}`);
  for (const star of document.querySelectorAll(".required")) {
    const before = document.createRange();
    before.selectNodeContents(star.parentElement);
    before.setEndBefore(star);
    const last = [...before.getClientRects()].at(-1);
    const box = star.getBoundingClientRect();
    if (box.height && !(last && last.bottom > box.top + 1)) found.push(`a lone star: ${star.parentElement.textContent.trim()}`);
  }
  return found;
}"""


def pages_of_the_road() -> list[Any]:
    wanted = {name for name, who in ACCESS.items() if who in {PUBLIC, STUDENT}} - NO_PAGES - {"wagtail_serve", "forms:step"}
    return [address for address in addresses() if address.name in wanted]


@pytest.fixture
def drawn(db: None) -> Callable[[str], Iterator[tuple[str, bytes]]]:
    """Each page in a language, with something on it: its address and what Django answers."""
    with time_machine.travel(MONTH_LATER, tick=False):
        world, clients = build(), {role: client_of(role) for role in ("visitor", "student", "stranger")}
        paths = [*_public(), *students_pages(world), *steps_pages(clients["stranger"])]

    def draw(language: str) -> Iterator[tuple[str, bytes]]:
        for role, path in paths:
            with time_machine.travel(MONTH_LATER, tick=False):
                answer = clients[role].get(front_page(language) + path.removeprefix("/"))
            assert answer.status_code in {200, 404, 410}, path  # 410: a link of an email, used before
            assert answer.headers["Content-Type"].startswith("text/html"), path
            yield path, answer.content

    return draw


def _public() -> Iterator[tuple[str, str]]:
    yield from (("visitor", f"/{address}") for address in ADDRESSES if not address.startswith("demo/"))


def students_pages(world: World) -> Iterator[tuple[str, str]]:
    owner, officer = User.objects.get(username="xiaoming"), User.objects.get(username="reviewer")
    case = Case.objects.get(case_no=world.fillings["case_no"])
    for action in (Action.TAKE, Action.APPROVE):
        case = act(action, case, officer, now=MONTH_LATER)
    unpaid = World({**world.fillings, "bill_no": payments.open_bill(owner, case, now=MONTH_LATER).number})
    for address in pages_of_the_road():
        here = unpaid if address.name in {"payments:bill", "payments:method", "payments:cancel"} else world
        yield "visitor" if ACCESS[address.name] == PUBLIC else "student", here.fill(address.name, address.route)


def steps_pages(client: Client) -> Iterator[tuple[str, str]]:
    """The steps of an application, with somebody who has none yet."""
    holder = Applicant.objects.get(student_no="B-stranger")
    permit = people.single_permit(holder, "115000000023")
    draft = fill_in(client, permit_no=permit.permit_no, until="check", answers={**holder.papers, "student_no": holder.student_no})
    yield from (("stranger", f"{draft}{step}/") for step in ("declaration", "permit", "form", "check"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_road_is_laid_out_for_phones(
    language: str, drawn: Callable[[str], Iterator[tuple[str, bytes]]], new_context: Callable[..., BrowserContext]
) -> None:
    page, answers = new_context(scripts=True).new_page(), {}
    page.route("**/*", lambda route: answer(route, answers))
    found = []
    for path, content in drawn(language):
        answers[path] = content
        page.goto(SITE + path)
        for width, height in PHONES:
            page.set_viewport_size({"width": width, "height": height})
            picture(page, f"{path.strip('/').replace('/', '_')}-{language}-{width}")
            found += [f"{path} {width}: {line}" for line in page.evaluate(MEASURE)]
    assert not found, "\n".join(found)


def answer(route: Route, pages: dict[str, bytes]) -> None:
    """A page, or a file of the portal's own; of pictures only the room that the page keeps for them matters."""
    path = urlsplit(route.request.url).path
    if path in pages:
        route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
    elif path.startswith(STATIC):
        route.fulfill(path=Path(str(finders.find(path.removeprefix(STATIC)))))
    else:
        route.abort()


def picture(page: Page, name: str) -> None:
    """If one is wanted."""
    if SCREENSHOTS:
        page.screenshot(path=f"{SCREENSHOTS}/{name}.png")
