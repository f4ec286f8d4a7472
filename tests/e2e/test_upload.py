"""upload.js in Chromium: a chosen file leaves at once, and nothing that was typed is touched."""

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.forms.models import DraftUpload
from portal.records.models import Permit
from portal.sessions.engine import AccountSession
from portal.uploads import waiting
from tests.conftest import logged_in
from tests.forms.answers import fill_in, paper, photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(site: str, owner: User, single_permit: Permit, new_context: Callable[..., BrowserContext]) -> Page:
    """The form step of 王小明, who entered three days ago, open in a browser with JavaScript."""
    today = timezone.localdate()
    single_permit.entered_on = today - dt.timedelta(days=3)
    single_permit.stay_until = today + dt.timedelta(days=50)
    single_permit.save()
    client = logged_in(owner)
    draft = fill_in(client, permit_no=single_permit.permit_no, until="form")
    context = new_context(scripts=True)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    page = context.new_page()
    page.goto(f"{site}{draft}form/")
    return page


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "photo.jpg": photo(),
        "one.pdf": paper(),
        "two.pdf": paper(),
        "empty.pdf": b"",
        "huge.pdf": b"%PDF-" + b"0" * (10 << 20),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


def test_a_chosen_file_is_kept_at_once_and_typing_stays(form: Page, files: dict[str, Path]) -> None:
    form.fill("#id_road", "和平東路")
    slot = form.locator("#slot-enrolment")
    expect(slot.get_by_role("button", name="上傳")).to_be_hidden()
    slot.locator("input[type=file]").set_input_files(files["one.pdf"])
    expect(slot.get_by_text("one.pdf").first).to_be_visible()
    assert form.evaluate("document.activeElement.id") == "id_upload-enrolment"
    slot.locator("input[type=file]").set_input_files(files["two.pdf"])
    expect(slot.get_by_text("two.pdf").first).to_be_visible()
    expect(slot.locator("input[type=file]")).to_have_count(0)  # no room for a third
    expect(form.locator("#id_road")).to_have_value("和平東路")
    assert [upload.original_name for upload in DraftUpload.objects.all()] == ["one.pdf", "two.pdf"]


def test_a_refused_file_says_why_beside_the_slot(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    slot.locator("input[type=file]").set_input_files(files["empty.pdf"])
    expect(slot.get_by_text("empty.pdf：檔案是空的，請重新選擇檔案")).to_be_visible()
    slot.locator("input[type=file]").set_input_files(files["huge.pdf"])
    expect(slot.get_by_role("alert")).to_have_text("檔案太大，單一檔案不得超過 10 MB")  # said before it was sent
    slot.locator("input[type=file]").set_input_files(files["one.pdf"])
    expect(slot.get_by_text("檔案是空的")).to_have_count(0)
    expect(slot.get_by_text("one.pdf").first).to_be_visible()


def test_a_busy_server_is_asked_again_by_itself(form: Page, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.1)
    slot = form.locator("#slot-photo")
    with ExitStack() as others:
        for sender in range(1001, 1001 + waiting.RUNNING):
            others.enter_context(waiting.turn(sender))
        slot.locator("input[type=file]").set_input_files(files["photo.jpg"])
        expect(slot.get_by_role("status")).to_have_text("系統忙碌，正在排隊，幾秒後會自動再送一次…")
        assert not DraftUpload.objects.exists()
    expect(slot.get_by_text("photo.jpg").first).to_be_visible()
    assert DraftUpload.objects.count() == 1


def test_an_upload_after_the_session_ended_says_that_it_failed(form: Page, files: dict[str, Path]) -> None:
    AccountSession.objects.all().delete()
    slot = form.locator("#slot-photo")
    slot.locator("input[type=file]").set_input_files(files["photo.jpg"])
    expect(slot.get_by_role("alert")).to_have_text("檔案上傳失敗，請再試一次")
    assert not DraftUpload.objects.exists()
