"""How a browser goes through 線上申辦: for the tests of chapters 3 to 5 and of the whole road."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from tests.conftest import logged_in


def log_in(context: BrowserContext, user: User, site: str) -> None:
    """That student is logged in in this browser."""
    cookie = logged_in(user).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


def open_menu(page: Page) -> None:
    """選單, which is folded on a phone."""
    fold = page.locator(".fold:not([open]) > summary")
    if fold.is_visible():
        fold.click()


def unfold(page: Page) -> None:
    """Open every block of the form that is folded."""
    folded = page.locator("details.block:not([open]) > summary")
    while folded.count():
        folded.first.click()


def fill_in(page: Page, answers: Mapping[str, str]) -> None:
    """Give these answers to the fields of those names, in this order."""
    unfold(page)
    for name, value in answers.items():
        control = page.locator(f"[name={name}]:not([type=hidden])")
        kind = control.first.get_attribute("type")
        if kind == "radio" or (kind == "checkbox" and control.count() > 1):
            page.locator(f'[name={name}][value="{value}"]').check()
        elif kind == "checkbox":
            control.set_checked(bool(value))
        elif control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def hand_in(page: Page, papers: Iterable[Path], *, scripts: bool) -> None:
    """Each paper into the slot of its name; kept the moment it is chosen, or sent."""
    for paper in papers:
        unfold(page)
        slot = page.locator(f"#slot-{paper.stem}")
        slot.locator("input[type=file]").set_input_files(paper)
        if not scripts:
            slot.locator("button[name=upload]").click()
            unfold(page)
        elif paper.stem == "photo":
            page.get_by_role("button", name="使用這個範圍", exact=True).click()
        expect(page.locator(f"#slot-{paper.stem} .file-list li")).to_have_count(1, timeout=20_000)
