"""說明 → 帳號 in a stolen session: what outlives the session asks for the password, and wrong ones end the session."""

import logging
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from portal.sessions.engine import AccountSession
from tests import people
from tests.accounts.steps import row_key
from tests.staff import logged_in

pytestmark = pytest.mark.django_db
PAGE, LOGIN = "/admin/account/", "/admin/login/"
NEW = "another long sentence 5"
WRONG = "目前密碼不正確。連續錯誤 5 次會自動登出"
THROWN_OUT = "目前密碼錯誤次數過多，為保護您的帳號，已將您登出，請重新登入。"


def send(client: Client, user: User, **said: str) -> Any:
    usual = {
        "name_email-chinese_name": "王審查",
        "name_email-email": user.email,
        "locale-preferred_language": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    return client.post(PAGE, {**usual, **{name.replace("__", "-"): value for name, value in said.items()}})


def address(password: str) -> dict[str, str]:
    return {"name_email__email": "thief@evil.example", "name_email__current_password": password}


def new_password(old: str) -> dict[str, str]:
    return {"password__old_password": old, "password__new_password1": NEW, "password__new_password2": NEW}


@pytest.mark.parametrize(("password", "notified"), [("", "請輸入目前密碼。"), ("a wrong guess", WRONG)])
def test_another_address_needs_the_password_in_use(officer: User, password: str, notified: str) -> None:
    client = logged_in(officer)
    answer = send(client, officer, **address(password))
    assert (answer.status_code, notified in answer.content.decode()) == (200, True)
    officer.refresh_from_db()
    assert officer.email == "officer@staff.example"
    assert not OutgoingMail.objects.exists()
    assert send(client, officer, **address(people.PASSWORD)).status_code == 302
    officer.refresh_from_db()
    assert officer.email == "thief@evil.example"
    assert sorted(OutgoingMail.objects.values_list("kind", "to")) == [
        ("staff_email_changed", "officer@staff.example"),
        ("staff_email_changed", "thief@evil.example"),
    ]


def test_the_name_alone_needs_none(officer: User) -> None:
    assert send(logged_in(officer), officer).status_code == 302
    officer.refresh_from_db()
    assert officer.chinese_name == "王審查"


@pytest.mark.parametrize("said", [address, new_password], ids=["address", "password"])
def test_five_wrong_passwords_end_the_session(officer: User, said: Any, caplog: pytest.LogCaptureFixture) -> None:
    client, elsewhere = logged_in(officer), logged_in(officer)
    caplog.set_level(logging.INFO)
    for _try in range(4):
        assert WRONG in send(client, officer, **said("a wrong guess")).content.decode()
    assert AccountSession.objects.get(pk=row_key(client)).wrong_passwords == 4  # each answer was looked at once
    last = send(client, officer, **said("a wrong guess"))
    assert last["Location"] == LOGIN
    assert THROWN_OUT in client.get(LOGIN).content.decode()
    assert client.get("/admin/")["Location"].startswith(LOGIN)
    assert elsewhere.get("/admin/").status_code == 200  # it is this session that is not trusted
    assert "a wrong guess" not in caplog.text
    officer.refresh_from_db()
    assert (officer.email, officer.check_password(people.PASSWORD)) == ("officer@staff.example", True)


def test_saving_something_else_in_between_does_not_begin_the_count_anew(officer: User) -> None:
    client = logged_in(officer)
    for _try in range(4):
        send(client, officer, **new_password("a wrong guess"))
    assert send(client, officer).status_code == 302
    assert send(client, officer, **new_password("a wrong guess"))["Location"] == LOGIN


def test_the_right_password_begins_the_count_anew(officer: User) -> None:
    client = logged_in(officer)
    for _try in range(4):
        send(client, officer, **address("a wrong guess"))
    assert send(client, officer, **address(people.PASSWORD)).status_code == 302
    assert AccountSession.objects.get(pk=row_key(client)).wrong_passwords == 0


@pytest.mark.parametrize("left_out", ["password__new_password1", "password__new_password2"])
def test_a_new_password_is_typed_twice(officer: User, left_out: str) -> None:
    """Wagtail lets either be empty: an empty one would have become the password, or one that nobody looked at."""
    answer = send(logged_in(officer), officer, **{**new_password(people.PASSWORD), left_out: ""})
    assert answer.status_code == 200
    officer.refresh_from_db()
    assert officer.check_password(people.PASSWORD)
    assert not OutgoingMail.objects.exists()


def test_the_page_asks_and_says_what_for(officer: User) -> None:
    page = logged_in(officer).get(PAGE).content.decode()
    assert 'name="name_email-current_password"' in page
    assert "變更 Email 信箱時才需要填寫。" in page
