"""Whatever a request says of its type and its character set, it is read as UTF-8, and never an error of ours."""

import pytest
from django.test import Client, RequestFactory

from portal.core.site.content_types import parameters

LOGIN = "/china-student/individual/login/"
FORMS = [
    LOGIN,
    "/china-student/individual/register/",
    "/china-student/individual/forgot-password/",
    "/verify/file/",
    "/admin/login/",
]
# Each spells a NUL or half a character, is no text, or fails at what it is given.
CHARSETS = ["rot13", "hex", "idna", "undefined", "unicode_escape", "utf-16", "utf-7", "big5", "no-such", ""]
# Python's reader of such headers fails at each of them, in several ways.
BROKEN = [
    "text/html; charset*=no-such''x",
    "text/html; charset*=undefined''x",
    "text/html; charset*=idna''%ff",
    "text/html; charset*=x; charset*0*=y",
    "text/html;;charset*0*=x; charset*=y",
    ";",
]
QUERY = "next=%E4%BD%A0\\x00\\ud800%ff+2AA-"
# What those character sets would read otherwise.
TYPED = b"wang\\x00\\ud800+2AA-"


def form(*headers: bytes) -> bytes:
    """A form whose parts say that of themselves."""
    return b"".join(b"--x\r\n" + header + b"\r\n\r\n" + TYPED + b"\r\n" for header in headers) + b"--x--\r\n"


@pytest.mark.parametrize("kind", ["text/html", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("charset", CHARSETS)
def test_a_character_set_is_not_asked(charset: str, kind: str) -> None:
    said = f"{kind}; charset={charset}"
    body = form(b'Content-Disposition: form-data; name="username"') if "boundary" in kind else b"username=" + TYPED
    request = RequestFactory().generic("POST", f"{LOGIN}?{QUERY}", body, content_type=said)
    assert request.GET["next"] == "你\\x00\\ud800\ufffd 2AA-"
    if kind != "text/html":
        assert request.POST["username"].replace(" ", "+") == TYPED.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("address", FORMS)
def test_a_page_is_not_broken_by_a_character_set(client: Client, address: str, charset: str) -> None:
    body = form(b'Content-Disposition: form-data; name="username"', b'Content-Disposition: form-data; name="password"')
    response = client.generic(
        "POST", f"{address}?{QUERY}", body, content_type=f"multipart/form-data; boundary=x; charset={charset}"
    )
    assert response.status_code == 200


@pytest.mark.parametrize("said", BROKEN)
def test_a_type_that_cannot_be_read_is_none(said: str) -> None:
    assert parameters(said) == ("", {})


@pytest.mark.django_db
@pytest.mark.parametrize("said", BROKEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_sends_such_a_type_is_answered(client: Client, method: str, said: str) -> None:
    assert client.generic(method, LOGIN, b"username=wang", content_type=said).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("said", BROKEN)
@pytest.mark.parametrize("address", FORMS)
def test_a_part_of_a_form_that_cannot_be_read_is_left_out(client: Client, address: str, said: str) -> None:
    parts = [
        b"Content-Disposition: form-data; name=username" + said.partition(";")[2].encode(),
        b"Content-Type: " + said.encode(),
    ]
    response = client.generic("POST", address, form(*parts), content_type="multipart/form-data; boundary=x")
    assert response.status_code == 200
