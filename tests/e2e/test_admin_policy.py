"""The policy of the admin in a browser: the screens of each duty, and what editors do there, without one violation of it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, ConsoleMessage, expect
from wagtail.documents.models import Document
from wagtail.models import Collection

from portal.home.models import HomePage, StandardPage
from tests.architecture.admin_world import World, build, client_of
from tests.architecture.test_admin_access import addresses
from tests.bench import files
from tests.pages import source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning"),
]
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
LISTEN = """document.addEventListener("securitypolicyviolation", (event) => console.error(
    "VIOLATION", event.effectiveDirective, event.blockedURI, `${event.sourceFile}:${event.lineNumber}`))"""
# Screens of each duty, by the name of their view.
SCREENS = {
    "chief": [
        *(
            "wagtailadmin_home",
            "wagtailadmin_explore_root",
            "wagtailimages:index",
            "wagtailimages:edit",
            "wagtaildocs:add_multiple",
        ),
        *(
            "wagtailsettings:edit",
            "wagtailsnippets_portal_editorial_announcement:edit",
            "wagtailadmin_pages:history",
            "wagtailadmin_account",
        ),
    ],
    "officer": ["cases_modeladmin_index", "review:queue", "review:decision"],
    "cashier": ["portal_payments_bill_modeladmin_index", "portal_payments_receipt_modeladmin_inspect"],
    "clerk": ["portal_records_applicant_modeladmin_index", "portal_records_school_modeladmin_index"],
    "supervisor": [
        "review:overview",
        "case-reads_modeladmin_index",
        "portal_mail_outgoingmail_modeladmin_inspect",
        "portal_accounts_loginattempt_modeladmin_index",
    ],
    "administrator": [
        *("wagtailusers_users:edit", "wagtailusers_groups:edit", "wagtailadmin_workflows:edit", "wagtailadmin_collections:edit"),
        *("wagtailredirects:add", "wagtailsites:edit", "wagtailadmin_reports:site_history", "second_factor:settings"),
    ],
}


class Watched:
    """A browser of one role, and what its policy had to stop."""

    def __init__(self, site: str, context: BrowserContext, client: Client) -> None:
        self.site, self.faults = site, list[str]()
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        context.add_init_script(LISTEN)
        context.set_default_timeout(30_000)  # the page editor is a heavy page
        self.page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _listen(self, message: ConsoleMessage) -> None:
        if "VIOLATION" in message.text or "Content Security Policy" in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def open(self, name: str, *args: Any) -> None:
        self.page.goto(self.site + reverse(name, args=args))


@pytest.mark.parametrize("role", SCREENS)
def test_the_screens_of_a_duty(site: str, new_context: Callable[..., BrowserContext], role: str) -> None:
    world: World = build()
    watched = Watched(site, new_context(scripts=True), client_of(role))
    routes = {address.name: address.route for address in addresses()}
    for name in SCREENS[role]:
        response = watched.page.goto(site + world.fill(name, routes[name]))
        assert response is not None
        assert response.status == 200, name
        policy = response.headers["content-security-policy"].split("; ")  # in an order that differs from process to process
        assert "script-src 'self'" in policy
    assert watched.faults == []


def test_an_editor_writes_chooses_a_picture_looks_and_publishes(
    site: str, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(files.picture(640, 480))
    watched = Watched(site, new_context(scripts=True), client_of("chief"))
    page = watched.page
    written = source(HomePage).add_child(instance=StandardPage(title="頁面", slug="x", body=[("text", "<p>一段。</p>")]))
    watched.open("wagtailadmin_pages:edit", written.pk)
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.type("多一句話 ")
    page.locator("#id_introduction").fill("導言")
    page.locator("#id_picture-chooser [data-chooser-action-choose]:visible").click()
    page.get_by_role("tab", name="上傳").click()
    page.locator("#id_image-chooser-upload-file").set_input_files(picture)
    expect(page.locator("#id_image-chooser-upload-title")).to_have_value("picture")  # the page takes it from the file's name
    page.locator("#id_image-chooser-upload-description").fill("一張圖片")
    page.locator("#tab-upload form").get_by_role("button", name="上傳").click()
    expect(page.locator("#id_picture-title")).to_have_text("picture")
    page.locator('[data-side-panel-toggle="status"]').click()
    page.get_by_role("button", name="設定排程").click()
    page.locator("#id_go_live_at").click()
    expect(page.locator(".xdsoft_datetimepicker:visible").first).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    page.locator('[data-side-panel-toggle="preview"]').click()
    expect(page.frame_locator("#w-preview-iframe").locator("h1")).to_have_text("頁面", timeout=30_000)
    page.locator('[data-side-panel-toggle="preview"]').click()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="發布", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=30_000)
    assert watched.faults == []


def test_the_checks_panel_finds_what_is_wrong_in_the_preview(site: str, new_context: Callable[..., BrowserContext]) -> None:
    watched = Watched(site, new_context(scripts=True), client_of("chief"))
    page, body = watched.page, [("text", "<h3>跳過一層的標題</h3><p>一段。</p>")]
    watched.open(
        "wagtailadmin_pages:edit", source(HomePage).add_child(instance=StandardPage(title="頁面", slug="x", body=body)).pk
    )
    page.locator('[data-side-panel-toggle="checks"]').click()
    expect(page.locator("[data-content-checker-count]").first).to_have_text("1", timeout=30_000)
    expect(page.locator("[data-content-word-count]")).not_to_have_text("-")
    if SCREENSHOTS:
        page.screenshot(path=f"{SCREENSHOTS}/checks.png")
    assert watched.faults == []


def test_a_document_with_a_page_in_it_runs_nothing(site: str, new_context: Callable[..., BrowserContext]) -> None:
    """One that came in by another way than the admin, to be sure: a page under the name of a PDF."""
    content = b"<!doctype html><title>page</title><script>document.title='ran'</script>"
    root = Collection.get_first_root_node()
    one = Document.objects.create(title="文件", file=ContentFile(content, "page.pdf"), collection=root)
    page = new_context(scripts=True).new_page()
    page.goto(f"{site}/robots.txt")
    with page.expect_download() as download:
        page.evaluate("(address) => { location.href = address }", one.url)
    assert download.value.suggested_filename == one.filename
    page.evaluate(
        """(address) => new Promise((done) => {
            const frame = document.createElement("iframe");
            frame.src = address; frame.onload = done; setTimeout(done, 1000); document.documentElement.append(frame);
        })""",
        one.url,
    )
    assert page.title() != "ran"
    assert all(frame.title() != "ran" for frame in page.frames)
