"""Lists of records and the officer's page on a desk, a small laptop and a phone: nothing runs over the edge, filters stand above
their list and over no column of it, and no list of choices is wider than the place it stands in. Drawn by Django's client;
Chromium only lays them out."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import get_resolver, reverse
from playwright.sync_api import BrowserContext, Page, Route

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.cms.model_admin.checks import model_admins
from tests.architecture.admin_world import World, build, client_of
from tests.factories.cases import act

STATIC = f"/{settings.STATIC_URL.strip('/')}/"
SITE = "http://portal.test"
WIDTHS = (1440, 1280, 1024, 800, 390)
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
MEASURE = """() => {
  const found = [];
  const box = (one) => one.getBoundingClientRect();
  const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over() > 0) found.push(`${over()} px over the edge`);
  for (const filter of document.querySelectorAll(".changelist-filter")) {
    const list = box(document.querySelector(".result-list"));
    const stands = box(filter).bottom <= list.top + 1 && box(filter).width >= list.width - 1;
    if (!stands) found.push("the filters do not stand above the list");
    for (const cell of document.querySelectorAll(".result-list td, .result-list th")) {
      const [a, b] = [box(filter), box(cell)];
      const apart = a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      if (!apart) { found.push(`a filter lies over ${cell.textContent.trim()}`); break; }
    }
  }
  for (const select of document.querySelectorAll("select")) {
    for (let fold = select.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const place = select.closest(".review-sheet, form, main");
    if (over() > 0) found.push(`${over()} px over the edge with ${select.name}`);
    if (!box(select).width) found.push(`${select.name} is not seen`);
    if (box(select).right > box(place).right + 1) found.push(`${select.name} is ${Math.round(box(select).width)} px wide`);
  }
  return found;
}"""


def lists() -> list[ReadOnlyModelAdmin]:
    return [admin for admin in model_admins(get_resolver().url_patterns) if isinstance(admin, ReadOnlyModelAdmin)]


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.mark.parametrize("width", WIDTHS)
def test_lists_of_records_fit(world: World, width: int, new_context: Callable[..., BrowserContext]) -> None:
    client = client_of("administrator")
    addresses = sorted({admin.url_helper.index_url for admin in lists()})
    assert len(addresses) > 10
    shown = {address: client.get(address).content for address in addresses}
    assert laid_out(new_context, shown, width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_officers_page_fits(world: World, width: int, new_context: Callable[..., BrowserContext]) -> None:
    client, address = client_of("officer"), reverse("review:decision", args=[world.fillings["case_no"]])
    act(Action.TAKE, Case.objects.get(case_no=world.fillings["case_no"]), User.objects.get(username="officer1"))
    content = client.get(address).content
    assert b'name="reason"' in content
    assert laid_out(new_context, {address: content}, width) == []


def laid_out(new_context: Callable[..., BrowserContext], pages: dict[str, bytes], width: int) -> list[str]:
    """What is wrong with each of the pages at that width."""
    page, found = new_context(scripts=True, width=width).new_page(), []
    page.route("**/*", lambda route: answer(route, pages))
    for address in pages:
        page.goto(SITE + address)
        found += [f"{address} {line}" for line in page.evaluate(MEASURE)]
        picture(page, f"{address.strip('/').replace('/', '_')}-{width}")
    return found


def answer(route: Route, pages: dict[str, bytes]) -> None:
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
