"""應檢附文件 line by line: what is said of a file, and what a script and a browser without one get to see."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.operations import NewDocument
from portal.cases.states import Action
from portal.forms.models import DraftUpload
from portal.records.models import Permit
from tests import people
from tests.architecture.test_room_for_files import files_without_room, places_of_files
from tests.factories.cases import NOW, act, document, match, submitted

from .answers import chosen, fill_in, paper, photo
from .test_wizard import errors, notes, page, typed

pytestmark = pytest.mark.usefixtures("today")


def test_the_form_has_room_for_its_files(owner_client: Client, form: str) -> None:
    html = owner_client.get(form).content.decode()
    assert set(places_of_files(html, "")) == {form}
    assert files_without_room(html, "") == []


def test_the_same_file_is_kept_once_in_a_line(owner_client: Client, form: str) -> None:
    twice = [SimpleUploadedFile(name, paper()) for name in ("一.pdf", "二.pdf", "三.pdf")]
    response = owner_client.post(form, {"road": "和平東路", "upload": "health", "upload-health": twice, **chosen("enrolment")})
    html = response.content.decode()
    said = "{} 與已上傳的 一.pdf 是同一個檔案，只保留一份".format
    assert (errors(html), notes(html)) == ([], {"health": f"{said('二.pdf')}<br>{said('三.pdf')}"})
    assert typed(html, "road") == "和平東路"
    kept = [(upload.slot, upload.original_name) for upload in DraftUpload.objects.order_by("slot")]
    assert kept == [("enrolment", "enrolment.pdf"), ("health", "一.pdf")]  # another line may have the same


def test_the_photo_is_shown_as_it_is_printed(owner_client: Client, form: str) -> None:
    before = page(owner_client, form)
    assert before.count("照片會從中央裁成寬 35、高 45 公釐的比例；上傳後請看預覽是否合適。") == 1
    assert 'accept="image/jpeg,image/png,image/bmp,image/heic,image/heif,.jpg' in before
    owner_client.post(form, {"upload": "photo", "upload-photo": SimpleUploadedFile("me.jpg", photo((1000, 700)))})
    html = page(owner_client, form)
    assert re.search('<img class="photo-print" src="[^"]+" alt="照片列印出來的樣子">', html)
    with DraftUpload.objects.get().file.open() as file, Image.open(file) as picture:
        assert picture.size == (544, 700)


def test_who_is_logged_out_meanwhile_loses_nothing_by_a_script(owner_client: Client, form: str) -> None:
    """The page is still there, and says so; what a script sent is no form that was typed."""
    owner_client.post(form, {"road": "和平東路", "go": "save"})
    client, script = Client(), {"X-Requested-With": "XMLHttpRequest"}
    answer = client.post(form, {"upload": "photo", **chosen("photo")}, headers=script)
    assert (answer.status_code, answer.content, "typed" in client.session) == (401, b"", False)
    assert client.get(form, headers=script).status_code == 401
    assert client.get(form).status_code == 302
    assert typed(page(owner_client, form), "road") == "和平東路"


def to_the_form(client: Client, permit: Permit) -> str:
    return fill_in(client, permit_no=permit.permit_no, until="form") + "form/"


def offers(html: str) -> dict[str, str]:
    """The lines that offer files of an earlier application, and of which day."""
    return dict(re.findall(r'name="reuse" value="([^"]+)">沿用 (\S+) 送件的檔案<', html))


def withdrawn(owner: User, documents: list[NewDocument], *, days: int) -> Case:
    """A case that was sent so many days ago."""
    sent = NOW - dt.timedelta(days=days)
    stay = {"issued_on": sent.date(), "entered_on": sent.date(), "stay_until": people.TODAY, "valid_until": people.TODAY}
    return act(Action.WITHDRAW, submitted(owner, documents=documents, now=sent, match=match(owner, **stay)), owner)


def content_of(upload: DraftUpload) -> bytes:
    with upload.file.open("rb") as file:
        return bytes(file.read())


@pytest.fixture
def sent_before(owner: User) -> Case:
    """Two sides of a travel document, a photo and a paper that must be recent, of a case that was withdrawn."""
    papers = [("travel-document", b"front"), ("travel-document", b"back"), ("photo", b"face"), ("other", b"paper")]
    documents = [document(slot, content, original_name=f"{content.decode()}.png") for slot, content in papers]
    return withdrawn(owner, documents, days=100)


def test_files_of_an_earlier_application_are_used_again(
    owner_client: Client, owner: User, sent_before: Case, single_permit: Permit
) -> None:
    form = to_the_form(owner_client, single_permit)
    assert offers(page(owner_client, form)) == {"photo": "2026/08/15", "travel-document": "2026/08/15"}
    html = owner_client.post(form, {"road": "和平東路", "reuse": "travel-document"}).content.decode()
    said = "已沿用 {}，請確認仍為有效且內容未變更".format
    assert (errors(html), notes(html)) == ([], {"travel-document": f"{said('front.png')}<br>{said('back.png')}"})
    assert (typed(html, "road"), offers(html)) == ("和平東路", {"photo": "2026/08/15"})
    again = DraftUpload.objects.order_by("pk")
    assert [(each.slot, each.original_name, content_of(each)) for each in again] == [
        ("travel-document", "front.png", b"front"),
        ("travel-document", "back.png", b"back"),
    ]
    kept = set(sent_before.documents.values_list("file", flat=True))
    assert not kept & {each.file.name for each in again}, "the old case shares its file with the draft"


def test_a_second_click_on_use_again_changes_nothing(owner_client: Client, sent_before: Case, single_permit: Permit) -> None:
    form = to_the_form(owner_client, single_permit)
    answers = [owner_client.post(form, {"reuse": "photo"}).content.decode() for _ in range(2)]
    assert [errors(html) for html in answers] == [[], []]
    assert DraftUpload.objects.count() == 1


@pytest.mark.parametrize("days", [180, 181])
def test_files_are_offered_as_long_as_the_kind_says(owner_client: Client, owner: User, single_permit: Permit, days: int) -> None:
    withdrawn(owner, [document("photo")], days=days)
    form = to_the_form(owner_client, single_permit)
    assert ("photo" in offers(page(owner_client, form))) is (days == 180)
    owner_client.post(form, {"reuse": "photo"})
    assert DraftUpload.objects.count() == (days == 180)


def test_nobody_uses_anothers_files_nor_those_that_were_replaced(
    owner_client: Client, owner: User, stranger: User, single_permit: Permit, sent_before: Case
) -> None:
    sent_before.documents.update(replaced_at=NOW)
    submitted(stranger, documents=[document("photo")])
    form = to_the_form(owner_client, single_permit)
    assert offers(page(owner_client, form)) == {}
    for slot in ("photo", "other", "nothing"):
        owner_client.post(form, {"reuse": slot})
    assert not DraftUpload.objects.exists()


def test_a_file_that_is_gone_is_said(owner_client: Client, sent_before: Case, single_permit: Permit) -> None:
    form = to_the_form(owner_client, single_permit)
    for each in sent_before.documents.all():
        each.file.storage.delete(each.file.name or "")
    html = owner_client.post(form, {"road": "和平東路", "reuse": "photo"}).content.decode()
    assert (errors(html), typed(html, "road")) == (["照片：檔案上傳失敗，請再試一次"], "和平東路")
