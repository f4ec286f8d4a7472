"""A live server and Chromium. `script` browses with JavaScript, `plain` with JavaScript off."""

import datetime as dt
import os
import shutil
from asyncio import events
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.records.models import Permit
from tests.worlds import seed_pages

# Playwright's loop runs in this thread; the ORM calls between its calls are ours and are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The first is the same engine without the windows of a browser around it, which nobody sees here: half the work.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Only what fails waits so long; a machine may be slow.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
# Gone through on each database: the road from registering to the permit, and what becomes of a server that is killed.
ON_EACH_DATABASE = {"test_road", "test_killed"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker("e2e")
            if item.path.stem not in ON_EACH_DATABASE:
                item.add_marker("once")


@pytest.fixture(scope="session")
def playwright(django_db_setup: None) -> Iterator[Playwright]:
    before = connections["default"]
    with sync_playwright() as started:
        # Its event loop would give this thread a connection object of its own, which knows nothing of the test database's past.
        connections["default"] = before
        loop = events._get_running_loop()
        yield started
        # The session may end with a test that has no browser and no loop (tests/conftest.py); Playwright ends in its own.
        events._set_running_loop(loop)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh profile each: cookies of one person never meet another's."""
    opened: list[BrowserContext] = []

    def make(*, scripts: bool, width: int = 1280) -> BrowserContext:
        context = chromium.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 900}, accept_downloads=True, locale="zh-TW"
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The portal with its pages laid out; emails, notices and QR codes name this very server."""
    settings.BASE_URL = live_server.url
    settings.SANDBANK_URL = f"{live_server.url}/sandbank"
    seed_pages()
    return live_server.url


@pytest.fixture
def single(single_permit: Permit) -> Permit:
    """王小明's single-entry permit, entered three weeks ago."""
    today = timezone.localdate()
    single_permit.issued_on, single_permit.entered_on = today - dt.timedelta(days=30), today - dt.timedelta(days=21)
    single_permit.valid_until = single_permit.stay_until = today + dt.timedelta(days=40)
    single_permit.save()
    return single_permit
