"""The browser or the server is killed at each step of an application: what is lost is the field being typed, at most."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page, Playwright, expect

from portal.accounts.models import User
from portal.cases.models import Case
from portal.forms.models import Draft
from portal.mail.models import OutgoingMail
from portal.records.models import Permit
from tests.bench.servers import free_port, wait_for
from tests.forms.answers import OWN_ANSWERS, REQUIRED_SLOTS, paper, photo
from tests.worlds import seed_pages

from .application import fill_in, hand_in, log_in, unfold
from .conftest import CHROMIUM, FLAGS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOME = "/china-student/individual"
# The test's own database and files, in a process that can be killed.
SETTINGS = """
from portal.settings.test import *

DATABASES["default"] = {{**DATABASES["default"], "NAME": {database!r}}}
PRIVATE_ROOT = STORAGES["private"]["OPTIONS"]["location"] = {private!r}
UPLOAD_LOCKS = {locks!r}
WHITENOISE_USE_FINDERS = True
"""


class Process:
    """A process group of our own; SIGKILL leaves it no time for a last word."""

    def __init__(self, *command: str, **environment: str) -> None:
        self.child = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(20)


class Server:
    """The portal as gunicorn serves it, on the database of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        paths = {"private": str(settings.PRIVATE_ROOT), "locks": str(settings.UPLOAD_LOCKS)}
        text = SETTINGS.format(database=str(connection.settings_dict["NAME"]), **paths)
        (folder / "killed_settings.py").write_text(text, encoding="utf-8")
        self.start()

    def start(self) -> None:
        gunicorn = str(Path(sys.executable).parent / "gunicorn")
        where = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{self.port}", "--workers", "1"]
        python = {"PYTHONPATH": f"{self.folder}:{settings.ROOT}", "DJANGO_SETTINGS_MODULE": "killed_settings"}
        self.process = Process(gunicorn, *where, **python)
        wait_for(f"{self.site}/healthz/")

    def kill(self) -> None:
        self.process.kill()


class Chromium:
    """A browser that Playwright did not start, so that its end is nobody's error."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self.playwright, self.profile = playwright, profile
        self.start()

    def start(self) -> None:
        port = free_port()
        where = [f"--remote-debugging-port={port}", f"--user-data-dir={self.profile}"]
        self.process = Process(str(CHROMIUM), *FLAGS, "--headless", "--log-level=3", *where, "about:blank")
        wait_for(f"http://127.0.0.1:{port}/json/version")
        self.browser: Browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")

    def kill(self) -> None:
        self.process.kill()


class Victim(Protocol):
    def kill(self) -> None: ...

    def start(self) -> None: ...


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    seed_pages()
    started = Server(tmp_path)
    yield started
    started.kill()


@pytest.fixture
def browser(playwright: Playwright, tmp_path: Path) -> Iterator[Chromium]:
    started = Chromium(playwright, tmp_path / "profile")
    yield started
    started.kill()


class Visit:
    """One student whose browser or server is killed again and again."""

    def __init__(self, server: Server, chromium: Chromium, victim: Victim, owner: User, folder: Path) -> None:
        self.server, self.chromium, self.victim, self.owner, self.folder = server, chromium, victim, owner, folder
        self.arrive()

    def arrive(self) -> None:
        """A new window of the browser, logged in anew."""
        context = self.chromium.browser.new_context(viewport={"width": 390, "height": 900}, locale="zh-TW")
        context.set_default_timeout(20_000)
        log_in(context, self.owner, self.server.site)
        self.page: Page = context.new_page()

    def killed(self) -> None:
        """It is killed, and comes back."""
        address = self.page.url
        self.victim.kill()
        self.victim.start()
        if self.victim is self.chromium:
            self.arrive()
        self.page.goto(address)

    def go_on(self) -> None:
        """繼續填寫 of 待辦事項, as who does not know the address any more."""
        self.page.goto(f"{self.server.site}{HOME}/todo/")
        self.page.get_by_role("link", name=re.compile("^繼續填寫")).click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def values(self) -> dict[str, list[str]]:
        """What stands in the form, by the name of the field."""
        self.page.wait_for_load_state()
        found: dict[str, list[str]] = self.page.evaluate(
            "() => { const all = {}; for (const [name, value] of new FormData(document.getElementById('application')))"
            " if (typeof value === 'string' && name !== 'csrfmiddlewaretoken') (all[name] ||= []).push(value); return all }"
        )
        return found

    def files(self) -> list[Path]:
        """One for each slot, the photo's last."""
        made = {f"{slot}.pdf": paper() for slot in REQUIRED_SLOTS if slot != "photo"} | {"photo.jpg": photo()}
        for name, content in made.items():
            (self.folder / name).write_bytes(content)
        return [self.folder / name for name in made]

    def saved(self, last: str) -> None:
        """Until the answer given last is kept: the state on the page may be still that of the one before."""
        while last not in Draft.objects.get().data["step_data"].get("form", {}):
            expect(self.page.locator("#save-state")).not_to_have_class(re.compile("error"))
        expect(self.page.locator("#save-state")).to_have_text(re.compile(r"^草稿已儲存 \d\d:\d\d:\d\d$"))


@pytest.mark.parametrize("name", ["browser", "server"])
def test_killed_at_each_step(name: str, server: Server, browser: Chromium, owner: User, single: Permit, tmp_path: Path) -> None:
    visit = Visit(server, browser, server if name == "server" else browser, owner, tmp_path)

    # 使用聲明事項: the tick
    visit.page.goto(f"{server.site}{HOME}/apply/multiple-entry/")
    visit.page.locator("[name=agree]").check()
    visit.killed()
    visit.page.locator("[name=agree]").check()
    visit.press("確定")

    # 許可證號碼: the number
    visit.page.locator("[name=number]").fill(single.permit_no)
    visit.killed()
    visit.page.locator("[name=number]").fill(single.permit_no)
    visit.press("送出")

    # 申請書: of all that was typed the field in hand, and nothing else
    fill_in(visit.page, {name: value for name, value in OWN_ANSWERS.items() if name != "former_name"})
    visit.saved(list(OWN_ANSWERS)[-1])
    before = visit.values()
    visit.page.locator("[name=former_name]").press_sequentially("王大", delay=0)
    visit.killed()
    visit.go_on()
    after = visit.values()
    assert after.pop("former_name") in ([""], ["王大"])
    assert {**after, "former_name": before["former_name"]} == before

    # 應檢附文件: the file on its way
    first, *others = visit.files()
    hand_in(visit.page, others, scripts=True)
    unfold(visit.page)
    visit.page.locator(f"#slot-{first.stem} input[type=file]").set_input_files(first)
    visit.killed()
    visit.go_on()
    unfold(visit.page)
    for each in others:
        expect(visit.page.locator(f"#slot-{each.stem} .file-list li")).to_have_count(1)
    if not visit.page.locator(f"#slot-{first.stem} .file-list li").count():
        hand_in(visit.page, [first], scripts=True)
    visit.page.locator("button[name=go][value=check]").last.click()

    # 確認送出: nothing, and what was sent is sent once
    expect(visit.page.get_by_role("heading", name="應檢附文件")).to_be_visible()
    visit.killed()
    visit.page.get_by_role("button", name="送出", exact=True).last.evaluate("button => button.form.requestSubmit(button)")
    visit.killed()
    if not Case.objects.exists():
        visit.go_on()
        visit.press("送出")
    expect(visit.page.get_by_text("送件成功，收件號:")).to_be_visible()
    case = Case.objects.get()
    assert sorted(document.slot for document in case.documents.all()) == sorted(REQUIRED_SLOTS)
    assert (case.answers["road"], case.answers["party_role"]) == (OWN_ANSWERS["road"], OWN_ANSWERS["party_role"])
    assert OutgoingMail.objects.filter(kind="case_submitted").count() == 1
    assert Draft.objects.get().sent_case == case
