"""密碼修改 (圖62-65)."""

import contextlib
import datetime as dt
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from portal.accounts.models import User
from portal.accounts.password import changing as passwords
from portal.mail.models import OutgoingMail
from portal.sessions.engine import AccountSession
from portal.throttling import limits
from tests import people
from tests.conftest import logged_in

from .steps import HOME, LOGIN, TODO, log_in, row_key, text

PAGE = f"{HOME}/account/password/"
NEW = "另一句很長的密碼 還有空白"
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def typed(**changes: str) -> dict[str, str]:
    return {"current_password": people.PASSWORD, "new_password": NEW, "new_password_again": NEW, **changes}


def test_figures_62_and_63_the_page(owner_client: Client) -> None:
    page = text(owner_client.get(PAGE))
    assert f'<a href="{PAGE}" aria-current="page">密碼修改</a>' in page
    assert "<h1>密碼修改</h1>" in page
    labels = [str(field.label) for field in owner_client.get(PAGE).context["form"]]
    assert labels == ["目前密碼", "新密碼", "再確認（新密碼）"]
    assert '<button class="button">儲存</button>' in page
    assert '<button class="button button-secondary" type="reset">重設</button>' in page
    assert page.count("（必填）") == 3


def test_managers_of_passwords_find_what_they_need(owner_client: Client) -> None:
    page = text(owner_client.get(PAGE))
    assert '<input type="text" name="username" autocomplete="username" value="xiaoming" hidden readonly>' in page
    inputs = re.findall(r'<input type="password"[^>]*>', page)
    assert [re.search(r'autocomplete="([^"]*)"', field)[1] for field in inputs] == [  # type: ignore[index]
        "current-password",
        "new-password",
        "new-password",
    ]
    assert [re.search(r'maxlength="([^"]*)"', field)[1] for field in inputs] == ["1024"] * 3  # type: ignore[index]


def test_figures_64_and_65_changed_and_logged_out(owner: User, owner_client: Client) -> None:
    phone = logged_in(owner)
    response = owner_client.post(PAGE, typed())
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    assert "修改成功，請重新登入" in text(owner_client.get(LOGIN))
    assert [client.get(TODO).status_code for client in (owner_client, phone)] == [302, 302]
    assert not AccountSession.objects.exists()
    assert log_in(Client(), password=people.PASSWORD).status_code == 200
    assert log_in(Client(), password=NEW)["Location"] == TODO


def test_the_owner_is_notified(owner: User, owner_client: Client) -> None:
    owner_client.post(PAGE, typed())
    email = OutgoingMail.objects.get()
    assert (email.to, email.subject) == (owner.email, "學生線上申辦系統：密碼已修改")
    assert "您的帳號 xiaoming 已於 " in email.body
    assert NEW not in email.body


def test_other_people_stay_logged_in(owner_client: Client, stranger_client: Client) -> None:
    owner_client.post(PAGE, typed())
    assert stranger_client.get(TODO).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"current_password": ""}, "current_password", "請輸入目前密碼"),
        ({"new_password": ""}, "new_password", "請輸入新密碼"),
        ({"new_password_again": ""}, "new_password_again", "請再次輸入新密碼"),
        ({"new_password_again": NEW + "x"}, "new_password_again", "兩次輸入的密碼不相同"),
        (
            {"new_password": people.PASSWORD.upper(), "new_password_again": people.PASSWORD.upper()},
            "new_password",
            "新密碼與目前密碼相同，請改用不同的密碼",
        ),
        ({"current_password": "wrong"}, "current_password", "目前密碼不正確。連續錯誤 5 次會自動登出"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    owner: User, owner_client: Client, changes: dict[str, str], field: str, said: str
) -> None:
    response = owner_client.post(PAGE, typed(**changes))
    assert (response.status_code, response.context["form"].errors) == (200, {field: [said]})
    assert "<title>錯誤：密碼修改" in text(response)
    assert NEW not in text(response)
    assert people.PASSWORD not in text(response)
    assert User.objects.get().password == owner.password


@pytest.mark.parametrize("new", ["short 7", "password123", "xiaoming1"])
def test_a_password_that_is_easily_guessed_is_refused(owner_client: Client, new: str) -> None:
    response = owner_client.post(PAGE, typed(new_password=new, new_password_again=new))
    assert set(response.context["form"].errors) == {"new_password"}


@pytest.mark.parametrize("new", ["eightcha", "x" * 7 + " " + "y" * 1000, " 前後都有空白的 "])
def test_any_sentence_will_do(owner: User, owner_client: Client, new: str) -> None:
    owner_client.post(PAGE, typed(new_password=new, new_password_again=new))
    owner.refresh_from_db()
    assert owner.check_password(new)


def test_a_stolen_session_cannot_try_passwords(owner: User, owner_client: Client, caplog: pytest.LogCaptureFixture) -> None:
    phone = logged_in(owner)
    caplog.set_level(logging.INFO)
    for _try in range(4):
        assert owner_client.post(PAGE, typed(current_password="a wrong guess")).status_code == 200
    last = owner_client.post(PAGE, typed(current_password="a wrong guess"))
    assert last["Location"] == LOGIN
    assert "目前密碼錯誤次數過多，為保護您的帳號，已將您登出，請重新登入。" in text(owner_client.get(LOGIN))
    assert owner_client.post(PAGE, typed())["Location"].startswith(f"{LOGIN}?next=")
    assert phone.get(TODO).status_code == 200  # it is this session that is not trusted
    assert "a wrong guess" not in caplog.text


def test_the_right_one_begins_the_count_anew(owner: User, owner_client: Client) -> None:
    key = row_key(owner_client)
    for _round in range(2):
        for _try in range(4):
            assert not passwords.is_current(owner, "a wrong guess", session_key=key)
        assert passwords.is_current(owner, people.PASSWORD, session_key=key)


def twelve_at_once(guess: Callable[[int], None]) -> None:
    start = threading.Barrier(12)

    def run(number: int) -> None:
        start.wait(10)
        try:
            guess(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(run, range(12)))


@pytest.mark.django_db(transaction=True)
def test_of_twelve_guesses_at_once_five_are_looked_at(
    owner: User, owner_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    key = row_key(owner_client)
    caplog.set_level(logging.INFO)

    def guess(number: int) -> None:
        with contextlib.suppress(passwords.TooManyTries):
            passwords.is_current(owner, str(number), session_key=key)

    twelve_at_once(guess)
    assert caplog.messages.count(f"account {owner.pk}: wrong current password") == limits.CURRENT_PASSWORD.count
    assert not AccountSession.objects.filter(pk=key).exists()


@pytest.mark.django_db(transaction=True)
def test_control_counting_afterwards_would_look_at_all_twelve(owner: User, owner_client: Client) -> None:
    session = AccountSession.objects.filter(pk=row_key(owner_client))
    all_have_read, looked = threading.Barrier(12), []

    def guess(number: int) -> None:
        tries = session.get().wrong_passwords
        all_have_read.wait(10)
        if tries < limits.CURRENT_PASSWORD.count:
            looked.append(owner.check_password(str(number)))
            session.update(wrong_passwords=F("wrong_passwords") + 1)

    twelve_at_once(guess)
    assert len(looked) == 12


def test_a_waiting_email_is_dropped(owner: User, owner_client: Client) -> None:
    change = owner.email_changes.create(email="thief@example.test", token_hash="x", created_at=NOON, expires_at=NOON)
    owner_client.post(PAGE, typed())
    change.refresh_from_db()
    assert change.replaced_at
