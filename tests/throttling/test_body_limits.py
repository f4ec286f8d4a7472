"""No body is read before its length is known to be small."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.accounts.models import User
from portal.sessions.engine import AccountSession
from portal.throttling.body_limits import limit_of
from tests import people
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db
MB = 1024 * 1024
LOGIN = "/china-student/individual/login/"
FORM = "/china-student/individual/apply/multiple-entry/no-such-token/form/"
ADDRESSES = [
    "/",
    LOGIN,
    "/en/china-student/individual/register/",
    "/admin/login/",
    "/no/such/page/",
    "/verify/",
    FORM,
    "/healthz/",
]


class Tripwire(io.BytesIO):
    """A body of which nobody but the drain may take a byte: it tells how big the pieces were that were asked for."""

    def __init__(self, size: int) -> None:
        super().__init__(b"x" * size)
        self.asked: list[int | None] = []

    def read(self, size: int | None = -1) -> bytes:
        self.asked.append(size)
        return super().read(size)


def send(client: Client, address: str, body: Tripwire, **headers: Any) -> Any:
    """A body as a server hands it over."""
    size = {"CONTENT_LENGTH": str(len(body.getvalue()))} | headers
    kind = "multipart/form-data; boundary=x"
    return client.generic("POST", address, b"", content_type=kind, **{"wsgi.input": body, **size})


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_sends_a_quarter_of_a_megabyte_at_most(client: Client, address: str) -> None:
    body = Tripwire(settings.BODY_LIMIT + 1)
    response = send(client, address, body)
    assert response.status_code == 413
    assert max(size or 0 for size in body.asked) <= 64 * 1024  # the drain's pieces: nobody parsed it
    assert not AccountSession.objects.exists()


@pytest.mark.parametrize(
    ("prefix", "heading"), [("", "送出的內容太大"), ("/en", "What was sent is too big"), ("/zh-hans", "提交的内容太大")]
)
def test_the_page_says_so_in_three_languages(client: Client, prefix: str, heading: str) -> None:
    response = send(client, f"{prefix}{LOGIN}", Tripwire(settings.BODY_LIMIT + 1))
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert response["Content-Security-Policy"]


def test_a_visitor_is_asked_to_log_in_before_sending_files(client: Client) -> None:
    assert "請重新登入後，再上傳檔案" in send(client, FORM, Tripwire(MB)).content.decode()


def test_a_student_may_send_two_files_and_no_more(owner: User) -> None:
    client, limit = logged_in(owner), limit_of(FORM).bytes
    assert limit == 51 * MB
    assert send(client, FORM, Tripwire(limit)).status_code in (400, 403, 404)  # read, and found wrong
    response = send(client, FORM, Tripwire(limit + 1))
    assert response.status_code == 413
    assert "一次只選擇一個檔案" in response.content.decode()
    assert send(client, LOGIN, Tripwire(settings.BODY_LIMIT + 1)).status_code == 413


def test_who_was_logged_in_until_just_now_loses_nothing(owner: User) -> None:
    client = logged_in(owner)
    AccountSession.objects.update(expire_date="2020-01-01T00:00:00Z")
    file = SimpleUploadedFile("a.jpg", b"x" * MB)
    response = client.post(FORM, {"road": "一路", "upload-photo": file})
    assert response.status_code == 302
    assert client.session["typed"]["typed"]["road"] == ["一路"]


@pytest.mark.parametrize("said", ["abc", "-1", "1e3", "９", "1" * 16])
def test_a_length_that_is_none_is_refused(client: Client, said: str) -> None:
    assert send(client, LOGIN, Tripwire(10), CONTENT_LENGTH=said).status_code == 411


def test_a_body_of_unknown_length_is_refused(client: Client) -> None:
    assert send(client, LOGIN, Tripwire(10), HTTP_TRANSFER_ENCODING="chunked").status_code == 411


@pytest.mark.parametrize("address", [f"/?q={'x' * 5000}", f"/{'x' * 5000}/", f"/verify/?code={'x' * 5000}"])
def test_an_address_has_a_length_too(client: Client, address: str) -> None:
    assert client.get(address).status_code == 414


def test_a_gateway_is_answered_with_one_line(client: Client) -> None:
    response = send(client, "/payments/sandbank/notify/", Tripwire(16 * 1024 + 1))
    assert (response.status_code, response.content, response["Content-Type"]) == (413, b"TOO LARGE", "text/plain")


def test_too_many_fields_are_distinguished_from_a_broken_form(client: Client) -> None:
    response = client.post(LOGIN, {f"f{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)})
    assert response.status_code == 413
    assert "<h1>送出的內容太大</h1>" in response.content.decode()


def test_what_is_refused_is_drained_within_bounds(client: Client) -> None:
    """A browser that is still sending reads the answer; a server that hands over less than was said is not waited for."""
    body = Tripwire(3 * MB)
    send(client, "/", body)
    assert body.tell() == 3 * MB
    assert send(client, "/", Tripwire(10), CONTENT_LENGTH=str(200 * MB)).status_code == 413


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_limits_of_addresses(prefix: str) -> None:
    assert limit_of(f"{prefix}{FORM}").bytes == 51 * MB
    assert limit_of(f"{prefix}{LOGIN}").bytes == settings.BODY_LIMIT
    assert limit_of("/admin/images/add/").bytes == 11 * MB
    assert limit_of("/admin/pages/3/edit/").bytes == 2 * MB
    assert limit_of("/payments/sandbank/notify").bytes == 16 * 1024


def test_a_password_as_long_as_one_may_be_still_fits(client: Client) -> None:
    assert client.post(LOGIN, {"username": "x", "password": people.PASSWORD * 30}).status_code == 200
