"""應檢附文件 line by line: what is said of a file, and what a script and a browser without one get to see."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from portal.forms.models import DraftUpload

from .answers import chosen, paper, photo
from .test_wizard import errors, notes, page, typed

pytestmark = pytest.mark.usefixtures("today")


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
    assert (answer.status_code, answer.content, "pop_stashed_post" in client.session) == (401, b"", False)
    assert client.get(form, headers=script).status_code == 401
    assert client.get(form).status_code == 302
    assert typed(page(owner_client, form), "road") == "和平東路"
