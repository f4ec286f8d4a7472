"""upload.js and photo.js in Chromium: files leave at once, one after another, and nothing that was typed is touched."""

import datetime as dt
import io
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from portal.accounts.models import User
from portal.forms.models import DraftUpload
from portal.records.models import Permit
from portal.sessions.engine import AccountSession
from portal.uploads import waiting
from tests.bench import files as bench
from tests.conftest import logged_in
from tests.forms.answers import fill_in, paper
from tests.uploads.heic_files import heic

from .application import unfold
from .axe import expect_no_fault

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESKTOP = 320, 1280


@pytest.fixture(params=[DESKTOP])
def form(
    request: pytest.FixtureRequest, site: str, owner: User, single_permit: Permit, new_context: Callable[..., BrowserContext]
) -> Page:
    """The form step of 王小明, who entered three days ago, open in a browser with JavaScript."""
    today = timezone.localdate()
    single_permit.entered_on = today - dt.timedelta(days=3)
    single_permit.stay_until = today + dt.timedelta(days=50)
    single_permit.save()
    client = logged_in(owner)
    draft = fill_in(client, permit_no=single_permit.permit_no, until="form")
    context = new_context(scripts=True, width=request.param)
    let_in(context, owner, site, client)
    page = context.new_page()
    page.goto(f"{site}{draft}form/")
    unfold(page)
    page.evaluate("document.activeElement.blur()")
    return page


on_a_phone_too = pytest.mark.parametrize("form", [DESKTOP, PHONE], indirect=True)


def let_in(context: BrowserContext, owner: User, site: str, client: object = None) -> None:
    """Give the browser a log-in."""
    cookie = (client or logged_in(owner)).cookies[settings.SESSION_COOKIE_NAME]  # type: ignore[attr-defined]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "photo.jpg": bench.photo(),
        "wide.png": wide(),
        "one.pdf": paper(),
        "two.pdf": paper(600),
        "three.pdf": paper(500),
        "copy of one.pdf": paper(),
        "empty.pdf": b"",
        "huge.pdf": b"%PDF-" + b"0" * (10 << 20),
        "phone.jpg": grain((4000, 3000)),
        "iPhone.HEIC": heic(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


def wide() -> bytes:
    """Twice as wide as high, its left half red."""
    out, image = io.BytesIO(), Image.new("RGB", (2000, 1000), "white")
    image.paste("red", (0, 0, 1000, 1000))
    image.save(out, "PNG")
    return out.getvalue()


def grain(size: tuple[int, int]) -> bytes:
    """More than three megabytes, as a phone takes them."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=90)
    assert out.tell() > 3 << 20
    return out.getvalue()


@contextmanager
def busy_decoders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Others have every turn, until the end of the block."""
    monkeypatch.setattr(waiting, "PATIENCE", 0.1)
    with ExitStack() as others:
        for sender in range(1001, 1001 + waiting.RUNNING):
            others.enter_context(waiting.turn(sender))
        yield


def choose(slot: Locator, *paths: Path) -> None:
    slot.locator("input[type=file]").set_input_files(paths)


def drop(slot: Locator, *paths: Path) -> None:
    """Let go of the files over the slot's box."""
    contents = [[path.name, b64encode(path.read_bytes()).decode()] for path in paths]
    slot.evaluate(
        """(box, contents) => {
            const data = new DataTransfer();
            for (const [name, content] of contents)
                data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
            for (const type of ["dragover", "drop"]) {
                box.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
                if (type === "dragover") box.dataset.wasTarget = box.classList.contains("is-target");
            }
        }""",
        contents,
    )


def kept() -> list[str]:
    return [upload.original_name for upload in DraftUpload.objects.all()]


def listed(slot: Locator, name: str) -> Locator:
    """The kept file of that name."""
    return slot.locator(".file-list li", has_text=name)


def focused(page: Page) -> str:
    """The name of the class or the id of the element that has the focus."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


@on_a_phone_too
def test_a_chosen_file_is_kept_at_once_and_typing_stays(form: Page, files: dict[str, Path]) -> None:
    form.fill("#id_road", "和平東路")
    slot = form.locator("#slot-enrolment")
    expect(slot.get_by_role("button", name="上傳")).to_be_hidden()
    expect(slot.get_by_text("最多 2 個檔案，還可上傳 2 個。")).to_be_visible()
    slot.locator("input[type=file]").focus()
    choose(slot, files["one.pdf"])
    expect(listed(slot, "one.pdf")).to_be_visible()
    expect(form.locator("#uploading-said")).to_have_text("已上傳 one.pdf")
    assert focused(form) == "id_upload-enrolment"
    choose(slot, files["two.pdf"])
    expect(listed(slot, "two.pdf")).to_be_visible()
    expect(slot.locator("input[type=file]")).to_have_count(0)  # no room for a third
    expect(slot.get_by_text("本項最多 2 個檔案，已經放滿；要更換時，請先移除不需要的檔案")).to_be_visible()
    expect(form.locator("#id_road")).to_have_value("和平東路")
    assert kept() == ["one.pdf", "two.pdf"]
    assert form.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_types_elsewhere_keeps_the_focus(form: Page, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    slot = form.locator("#slot-enrolment")
    with busy_decoders(monkeypatch):
        choose(slot, files["one.pdf"])
        expect(slot.get_by_role("status")).to_contain_text("正在排隊")
        form.locator("#id_road").focus()
    expect(listed(slot, "one.pdf")).to_be_visible()
    assert focused(form) == "id_road"


def test_a_refused_file_says_why_beside_the_slot(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    choose(slot, files["empty.pdf"])
    expect(slot.get_by_text("empty.pdf：檔案是空的，請重新選擇檔案")).to_be_visible()
    expect(form.locator("#uploading-said")).to_have_text("empty.pdf：檔案是空的，請重新選擇檔案")
    choose(slot, files["huge.pdf"])
    too_big = "huge.pdf：檔案太大，圖片不得超過 25 MB，PDF 檔不得超過 10 MB，請縮小後再上傳"
    expect(slot.get_by_role("alert")).to_have_text(too_big)  # said before it was sent
    expect(slot.get_by_text("檔案是空的")).to_have_count(0)  # and the older error is gone
    choose(slot, files["one.pdf"])
    expect(listed(slot, "one.pdf")).to_be_visible()
    expect(slot.get_by_role("alert")).to_have_count(0)
    expect(slot.locator(".error, .errorlist")).to_have_count(0)


def test_several_leave_one_after_another_and_every_refusal_is_said(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    posts: list[str] = []
    form.on("request", lambda request: posts.append(request.method) if request.method == "POST" else None)
    choose(slot, *(files[name] for name in ("empty.pdf", "one.pdf", "huge.pdf", "copy of one.pdf", "two.pdf")))
    expect(listed(slot, "two.pdf")).to_be_visible()
    expect(slot.get_by_role("alert")).to_have_text(
        "empty.pdf：檔案是空的，請重新選擇檔案\nhuge.pdf：檔案太大，圖片不得超過 25 MB，PDF 檔不得超過 10 MB，請縮小後再上傳"
    )
    expect(form.locator("#uploading-said")).to_have_text("已上傳 one.pdf、copy of one.pdf、two.pdf")
    assert (posts, kept()) == (["POST"] * 4, ["one.pdf", "two.pdf"])


def test_what_the_web_server_refuses_is_said_to_be_too_large(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    form.route("**/form/", lambda route: route.fulfill(status=413, body="too large"))
    choose(slot, files["one.pdf"])
    expect(slot.get_by_role("alert")).to_have_text("one.pdf：檔案太大，圖片不得超過 25 MB，PDF 檔不得超過 10 MB，請縮小後再上傳")


def test_progress_is_said_in_words(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    asked: list[object] = []
    form.route("**/form/", lambda route: route.continue_() if asked else asked.append(route))
    choose(slot, files["one.pdf"], files["two.pdf"])
    expect(slot.get_by_role("status")).to_contain_text("正在上傳 one.pdf（第 1 個，共 2 個）")
    expect(slot.get_by_role("progressbar", name="one.pdf")).to_be_visible()
    expect_no_fault(form, "a file on its way")
    asked[0].continue_()  # type: ignore[attr-defined]
    expect(listed(slot, "two.pdf")).to_be_visible()
    expect(slot.get_by_role("status")).to_have_text("")


def test_the_same_file_twice_is_kept_once_and_said(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    choose(slot, files["one.pdf"])
    expect(listed(slot, "one.pdf")).to_be_visible()
    choose(slot, files["copy of one.pdf"])
    note = slot.get_by_text("copy of one.pdf 與已上傳的 one.pdf 是同一個檔案，只保留一份")
    expect(note).to_be_focused()
    assert kept() == ["one.pdf"]
    choose(slot, files["two.pdf"])
    expect(note).to_have_count(0)
    expect(listed(slot, "two.pdf")).to_be_visible()


@on_a_phone_too
def test_a_removed_file_is_named_where_it_was(form: Page, files: dict[str, Path]) -> None:
    form.fill("#id_road", "和平東路")
    slot = form.locator("#slot-enrolment")
    choose(slot, files["one.pdf"], files["two.pdf"])
    expect(listed(slot, "two.pdf")).to_be_visible()
    slot.get_by_role("button", name=re.compile("移除 ?one.pdf")).click()
    expect(slot.get_by_text("已移除 one.pdf")).to_be_focused()
    expect(slot.get_by_text("已移除 one.pdf")).to_be_in_viewport()
    form.keyboard.press("Tab")
    expect(slot.get_by_role("link", name=re.compile("檢視 ?two.pdf"))).to_be_focused()
    expect(slot.locator("input[type=file]")).to_be_visible()
    expect(form.locator("#id_road")).to_have_value("和平東路")
    assert kept() == ["two.pdf"]


def test_without_scripts_a_removed_file_is_named_where_it_was(
    form: Page, files: dict[str, Path], owner: User, site: str, new_context: Callable[..., BrowserContext]
) -> None:
    choose(form.locator("#slot-other"), files["one.pdf"])
    expect(form.locator("#uploading-said")).to_have_text("已上傳 one.pdf")
    context = new_context(scripts=False)
    let_in(context, owner, site)
    plain = context.new_page()
    plain.goto(form.url)
    unfold(plain)
    plain.get_by_role("button", name=re.compile("移除 ?one.pdf")).click()
    expect(plain.locator("#slot-other").get_by_text("已移除 one.pdf")).to_be_focused()
    expect(plain.locator("#slot-other").get_by_text("已移除 one.pdf")).to_be_in_viewport()


def test_a_busy_server_is_asked_again_by_itself(form: Page, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    slot = form.locator("#slot-enrolment")
    with busy_decoders(monkeypatch):
        choose(slot, files["one.pdf"])
        expect(slot.get_by_role("status")).to_have_text("系統忙碌，正在排隊，幾秒後會自動再送一次…")
        assert not DraftUpload.objects.exists()
    expect(listed(slot, "one.pdf")).to_be_visible()
    assert DraftUpload.objects.count() == 1


# Drag and drop


@on_a_phone_too
def test_files_are_dropped_onto_their_slot(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-health")
    drop(slot, files["one.pdf"], files["two.pdf"])
    assert slot.get_attribute("data-was-target") in ("true", None)  # a new slot took its place
    expect(form.locator("#uploading-said")).to_have_text("已上傳 one.pdf、two.pdf")
    assert kept() == ["one.pdf", "two.pdf"]
    expect(form.locator(".is-target")).to_have_count(0)


def test_a_file_dropped_onto_a_full_slot_is_said(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-enrolment")
    drop(slot, files["one.pdf"], files["two.pdf"], files["three.pdf"])
    expect(slot.locator(".errorlist")).to_have_text(
        "錯誤：three.pdf：本項最多 2 個檔案，已經放滿；要更換時，請先移除不需要的檔案"
    )
    assert kept() == ["one.pdf", "two.pdf"]


def test_a_file_that_misses_the_slots_leaves_the_page_alone(form: Page, files: dict[str, Path]) -> None:
    assert form.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "x.pdf"));
            const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data });
            document.querySelector("h1").dispatchEvent(drop);
            return drop.defaultPrevented;
        }"""
    )
    assert kept() == []


# 下一步 while a file is on its way


def test_the_next_step_waits_for_the_files(form: Page, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    form.fill("#id_road", "和平東路")
    slot = form.locator("#slot-enrolment")
    with busy_decoders(monkeypatch):
        choose(slot, files["one.pdf"])
        expect(slot.get_by_role("status")).to_contain_text("正在排隊")
        form.get_by_role("button", name="儲存草稿").click()
        expect(form.get_by_text("檔案還在上傳，完成後會自動繼續。再按一次可放棄尚未上傳的檔案。")).to_be_visible()
        assert kept() == []
    expect(form.get_by_text("檔案還在上傳")).to_have_count(0)  # the next page
    expect(form.locator("#id_road")).to_have_value("和平東路")
    expect(listed(form.locator("#slot-enrolment"), "one.pdf")).to_be_visible()
    assert kept() == ["one.pdf"]


@pytest.mark.parametrize("gives_up", [True, False])
def test_who_presses_twice_is_asked(gives_up: bool, form: Page, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.accept() if gives_up else dialog.dismiss()  # type: ignore[attr-defined]

    form.on("dialog", answer)
    slot = form.locator("#slot-enrolment")
    with busy_decoders(monkeypatch):
        choose(slot, files["one.pdf"])
        expect(slot.get_by_role("status")).to_contain_text("正在排隊")
        form.get_by_role("button", name="上一步").click()
        expect(form.get_by_text("檔案還在上傳")).to_be_visible()
        form.get_by_role("button", name="上一步").click()
        if gives_up:
            form.wait_for_url("**/permit/")
    form.wait_for_url("**/permit/")
    assert asked == ["檔案還沒有上傳完成。要放棄尚未上傳的檔案，繼續下一步嗎？"]
    assert kept() == ([] if gives_up else ["one.pdf"])


def test_the_next_step_does_not_leave_a_refused_file_behind(
    form: Page, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = form.locator("#slot-health")
    with busy_decoders(monkeypatch):
        choose(slot, files["one.pdf"], files["empty.pdf"])
        expect(slot.get_by_role("status")).to_contain_text("正在排隊")
        form.get_by_role("button", name="上一步").click()
    expect(form.locator("#uploading-said")).to_have_text("有檔案沒有上傳成功，請先看該項的說明。")
    expect(slot.get_by_text("empty.pdf：檔案是空的，請重新選擇檔案")).to_be_in_viewport()
    assert (form.url.endswith("/form/"), focused(form)) == (True, "id_upload-health")


# Without network, without log-in


@on_a_phone_too
def test_an_upload_without_network_says_so_and_goes_on_by_itself(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-enrolment")
    form.context.set_offline(True)
    choose(slot, files["one.pdf"])
    said = "網路連線中斷，one.pdf 尚未上傳。連線恢復後會自動繼續，請勿關閉本頁。"
    expect(slot.get_by_role("alert")).to_contain_text(said)
    expect_no_fault(form, "without network")
    slot.get_by_role("button", name="再試一次").click()
    expect(slot.get_by_role("alert")).to_contain_text(said)
    form.context.set_offline(False)
    expect(form.locator("#uploading-said")).to_have_text("已上傳 one.pdf")
    expect(slot.get_by_role("alert")).to_have_count(0)
    assert kept() == ["one.pdf"]


def test_an_upload_after_the_log_in_ended_goes_on_after_the_next(
    form: Page, files: dict[str, Path], owner: User, site: str
) -> None:
    form.fill("#id_road", "和平東路")
    AccountSession.objects.all().delete()
    slot = form.locator("#slot-enrolment")
    choose(slot, files["one.pdf"], files["two.pdf"])
    said = "登入已結束，one.pdf 尚未上傳。請勿關閉本頁，在新視窗登入後回到這裡，就會自動繼續。"
    expect(slot.get_by_role("alert")).to_contain_text(said)
    link = slot.get_by_role("link", name="在新視窗登入")
    assert (link.get_attribute("target"), form.url.endswith(str(link.get_attribute("href")))) == ("_blank", True)
    assert kept() == []
    form.context.clear_cookies()
    let_in(form.context, owner, site)
    form.evaluate("dispatchEvent(new Event('focus'))")  # back from the other window
    expect(form.locator("#uploading-said")).to_have_text("已上傳 one.pdf、two.pdf")
    form.get_by_role("button", name="上一步").click()  # with a token of the new log-in
    form.wait_for_url("**/permit/")
    assert kept() == ["one.pdf", "two.pdf"]


# Pictures


def test_a_large_picture_is_made_smaller_before_it_leaves(form: Page, files: dict[str, Path]) -> None:
    form.evaluate(
        """() => {
            const send = XMLHttpRequest.prototype.send;
            XMLHttpRequest.prototype.send = function (data) {
                window.sent = [...data.values()].filter((value) => value instanceof File)[0];
                return send.call(this, data);
            };
        }"""
    )
    choose(form.locator("#slot-health"), files["phone.jpg"])
    expect(form.locator("#uploading-said")).to_have_text("已上傳 phone.jpg")
    size = form.evaluate("createImageBitmap(sent).then((picture) => [picture.width, picture.height, sent.size])")
    assert (size[:2], 100_000 < size[2] < files["phone.jpg"].stat().st_size) == ([3000, 2250], True)
    with DraftUpload.objects.get().file.open() as file, Image.open(file) as picture:
        assert picture.width * 3 == pytest.approx(picture.height * 4, rel=0.01)


def test_a_picture_that_the_browser_cannot_read_leaves_as_it_is(form: Page, files: dict[str, Path]) -> None:
    slot = form.locator("#slot-photo")
    choose(slot, files["iPhone.HEIC"])
    expect(listed(slot, "iPhone.HEIC")).to_be_visible()
    expect(slot.locator("img.photo-print")).to_be_visible()
    with DraftUpload.objects.get().file.open() as file, Image.open(file) as picture:
        assert picture.size == (600, 771)  # the middle, cut by the server


@on_a_phone_too
def test_the_photo_is_cut_before_it_leaves(form: Page, files: dict[str, Path]) -> None:
    slot, dialog = form.locator("#slot-photo"), form.get_by_role("dialog", name="裁切照片")
    choose(slot, files["wide.png"])
    expect(dialog.get_by_role("img", name="照片的列印範圍")).to_be_in_viewport()
    expect_no_fault(form, "a photo to be cut")
    across = dialog.get_by_role("slider", name="左右位置")
    across.focus()
    form.keyboard.press("Home")
    dialog.get_by_role("button", name="使用這個範圍").click()
    expect(slot.locator("img.photo-print")).to_be_visible()
    assert (_colours(), kept()) == ((True, True), ["wide.jpg"])
    box = slot.locator("img.photo-print").bounding_box()
    assert box
    assert (round(box["width"]), round(box["height"])) == (132, 170)  # 35 x 45 mm


def _colours() -> tuple[bool, bool]:
    """Whether the kept photo is red on its left and on its right."""
    with DraftUpload.objects.get().file.open() as file, Image.open(file) as picture:
        assert picture.size == (778, 1000)
        pixels = [picture.getpixel((x, 500)) for x in (5, 770)]
        return tuple(pixel[1] < 60 for pixel in pixels)  # type: ignore[index, return-value]


def test_the_photo_is_dragged_and_enlarged(form: Page, files: dict[str, Path]) -> None:
    slot, dialog = form.locator("#slot-photo"), form.get_by_role("dialog", name="裁切照片")
    choose(slot, files["wide.png"])
    canvas = dialog.get_by_role("img", name="照片的列印範圍")
    box = canvas.bounding_box()
    assert box
    form.mouse.move(box["x"] + 200, box["y"] + 50)
    form.mouse.down()
    form.mouse.move(box["x"] + 20, box["y"] + 50)
    form.mouse.up()
    place = float(dialog.get_by_role("slider", name="左右位置").input_value())
    assert 80 < place < 100  # the picture went to the left: what is printed lies further to the right
    zoom = dialog.get_by_role("slider", name="放大")
    zoom.focus()
    form.keyboard.press("End")
    assert zoom.input_value() == "188"  # no further than 413 pixels
    dialog.get_by_role("button", name="使用這個範圍").click()
    expect(slot.locator("img.photo-print")).to_be_visible()
    with DraftUpload.objects.get().file.open() as file, Image.open(file) as picture:
        assert picture.width == pytest.approx(413, abs=2)
        assert picture.width * 45 == pytest.approx(picture.height * 35, rel=0.005)


def test_who_thinks_better_of_it_sends_nothing(form: Page, files: dict[str, Path]) -> None:
    slot, dialog = form.locator("#slot-photo"), form.get_by_role("dialog", name="裁切照片")
    for way in (lambda: form.keyboard.press("Escape"), lambda: dialog.get_by_role("button", name="取消").click()):
        choose(slot, files["photo.jpg"])
        expect(dialog).to_be_visible()
        way()
        expect(dialog).to_be_hidden()
    expect(slot.get_by_role("status")).to_have_text("")
    assert kept() == []


# What the scripts weigh


def test_the_scripts_of_the_form_are_light() -> None:
    import gzip

    scripts = Path("static/portal/js")
    weights = {
        name: len(gzip.compress((scripts / f"{name}.js").read_bytes())) for name in ("upload", "photo", "session", "portal")
    }
    assert weights["upload"] + weights["photo"] <= 6 * 1024
    assert sum(weights.values()) <= 12 * 1024
