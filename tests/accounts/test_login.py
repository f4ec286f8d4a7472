"""登入: 帳號, 密碼, 驗證碼."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant
from tests import people
from tests.captcha.solving import key_in, solved
from tests.conftest import logged_in

from .steps import FORGOT, HOME, LOGIN, REGISTER, RESEND, TODO, log_in, register, submit, text

WRONG = "帳號或密碼錯誤"


def plain(page: str) -> str:
    """The page without what differs from picture to picture and from form to form."""
    return re.sub(r'value="[0-9a-zA-Z]{64}"|[0-9a-f]{40}', "", page)


def test_figure_5_the_page(client: Client, db: None) -> None:
    page = text(client.get(LOGIN))
    assert "<h1>陸生自行申請線上申辦系統</h1>" in page
    assert [str(field.label) for field in client.get(LOGIN).context["form"]] == ["帳號", "密碼", "驗證碼"]
    assert f'href="{REGISTER}"' in page
    assert "註冊帳號" in page
    assert '<button class="button">登入</button>' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_figure_13_and_14_after_log_in_the_todo_page(client: Client, owner: User) -> None:
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, TODO)
    assert client.session[SESSION_KEY] == str(owner.pk)
    assert client.get(TODO).status_code == 200


@pytest.mark.parametrize("typed", ["XiaoMing", "ｘｉａｏｍｉｎｇ", " xiaoming "])
def test_the_account_is_found_however_its_name_is_written(client: Client, owner: User, typed: str) -> None:
    assert log_in(client, typed)["Location"] == TODO


def test_the_session_gets_a_new_id(client: Client, owner: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    log_in(client)
    assert client.session.session_key != session.session_key
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert stolen.get(TODO).status_code == 302


def test_an_unknown_and_a_known_account_are_refused_alike(owner: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), tick=False):
        known = log_in(Client(), "xiaoming", "wrong password 1")
        unknown = log_in(Client(), "xiaomeng", "wrong password 1")
    assert (known.status_code, dict(known.headers)) == (unknown.status_code, dict(unknown.headers))
    assert plain(text(known)) == plain(text(unknown)).replace("xiaomeng", "xiaoming")
    assert list(known.context["form"].non_field_errors()) == [WRONG]
    assert "<title>錯誤：登入" in text(known)
    assert 'value="xiaoming"' in text(known)


def test_staff_are_refused_as_unknown(client: Client, officer: User) -> None:
    response = log_in(client, "officer")
    assert list(response.context["form"].non_field_errors()) == [WRONG]
    assert SESSION_KEY not in client.session


def test_the_other_categorys_account_is_refused_as_unknown(client: Client, owner: User, other_category: str) -> None:
    page = f"/{other_category}/individual/login/"
    response = submit(client, page, {"username": "xiaoming", "password": people.PASSWORD})
    assert list(response.context["form"].non_field_errors()) == [WRONG]
    owner_client = logged_in(owner)
    assert owner_client.get(page).status_code == 200  # their own log-in does not count here
    assert owner_client.get(f"/{other_category}/individual/todo/")["Location"].startswith(page)


def test_a_closed_account_is_refused_as_unknown(client: Client, owner: User) -> None:
    User.objects.update(is_active=False, activated_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert list(log_in(client).context["form"].non_field_errors()) == [WRONG]


def test_who_forgot_the_password_or_got_no_email_finds_the_way_from_the_start(client: Client, db: None) -> None:
    page = text(client.get(LOGIN))
    assert [f'<a href="{address}">{words}</a>' in page for address, words in ((FORGOT, "忘記密碼"), (RESEND, "重寄認證信"))] == [
        True,
        True,
    ]


def test_an_account_that_waits_for_activation_is_explained_to_who_knows_the_password(client: Client, wang: Applicant) -> None:
    register(client)
    response = log_in(client)
    assert list(response.context["form"].non_field_errors()) == ["帳號尚未開通，請至信箱收取認證信"]
    assert f'<a href="{RESEND}">重寄認證信</a>' in text(response)
    assert SESSION_KEY not in client.session
    response = log_in(client, password="wrong password 1")
    assert list(response.context["form"].non_field_errors()) == [WRONG]
    assert "沒有收到認證信？" not in text(response)
    assert OutgoingMail.objects.count() == 1


def test_a_wrong_captcha_is_said_keeps_the_name_and_asks_no_password_question(client: Client, owner: User) -> None:
    before = key_in(text(client.get(LOGIN)))
    typed = {"username": "xiaoming", "password": people.PASSWORD, "captcha_0": before, "captcha_1": "zzzzz"}
    response = client.post(LOGIN, typed)
    assert response.context["form"].errors == {"captcha": ["驗證碼錯誤，請輸入新圖片中的驗證碼"]}
    assert 'value="xiaoming"' in text(response)
    assert people.PASSWORD not in text(response)
    assert key_in(text(response)) != before


def test_the_captcha_is_taken_in_lower_and_upper_case_full_width_and_with_blanks(client: Client, owner: User) -> None:
    picture = solved(text(client.get(LOGIN)))
    wide = " ".join(chr(ord(email) + 0xFEE0) for email in picture["captcha_1"].upper())
    typed = {"username": "xiaoming", "password": people.PASSWORD, **picture, "captcha_1": wide}
    assert client.post(LOGIN, typed)["Location"] == TODO


def test_an_expired_captcha_is_explained(client: Client, owner: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC), tick=False) as clock:
        picture = solved(text(client.get(LOGIN)))
        clock.shift(dt.timedelta(minutes=5))
        response = client.post(LOGIN, {"username": "xiaoming", "password": people.PASSWORD, **picture})
    assert response.context["form"].errors == {"captcha": ["驗證碼已逾時，請輸入新圖片中的驗證碼"]}


def test_a_captcha_answers_once_even_after_a_wrong_password(client: Client, owner: User) -> None:
    picture = solved(text(client.get(LOGIN)))
    client.post(LOGIN, {"username": "xiaoming", "password": "wrong password 1", **picture})
    response = client.post(LOGIN, {"username": "xiaoming", "password": people.PASSWORD, **picture})
    assert response.context["form"].errors == {"captcha": ["驗證碼已逾時，請輸入新圖片中的驗證碼"]}


def test_another_picture_keeps_the_name_and_where_to_go(client: Client, db: None) -> None:
    wanted = f"{HOME}/cases/115100000016/"
    page = text(client.post(LOGIN, {"username": "xiaoming", "next": wanted, "refresh": "1"}))
    assert 'value="xiaoming"' in page
    assert f'name="next" value="{wanted}"' in page
    assert "錯誤" not in page


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, {"username", "password", "captcha"}),
        (dict.fromkeys(["username", "password", "next", "captcha_0", "captcha_1"], "a\0b"), {"captcha"}),
    ],
)
def test_nothing_and_nul_bytes_are_answered_with_the_form(
    client: Client, db: None, data: dict[str, str], wrong: set[str]
) -> None:
    response = client.post(LOGIN, data)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == wrong


def test_who_was_sent_here_from_a_page_comes_back_to_it(client: Client, owner: User) -> None:
    wanted = f"{TODO}?tab=multiple-entry"
    sent = client.get(wanted)
    assert sent["Location"] == f"{LOGIN}?next=%2Fchina-student%2Findividual%2Ftodo%2F%3Ftab%3Dmultiple-entry"
    page = text(client.get(sent["Location"]))
    assert "請先登入，登入後會回到您剛才的頁面。" in page
    assert f'name="next" value="{wanted}"' in page
    assert log_in(client, next=wanted)["Location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/china-student/individual/todo/",
        "//evil.example/china-student/individual/todo/",
        "javascript:alert(1)",
        "/admin/",
        "/student/entry/",
        "/china-student/individual/../../admin/",
        "/china-student/individual/%2e%2e/%2e%2e/admin/",
        "/other-student/individual/todo/",
        f"{HOME}/logout/",
        f"{HOME}/login/",
        f"{HOME}/no-such-page/",
        "\\\\evil.example",
        "http://[",
    ],
)
def test_log_in_leads_nowhere_else(client: Client, owner: User, other_category: str, wanted: str) -> None:
    assert log_in(client, next=wanted)["Location"] == TODO


def test_who_is_logged_in_already_goes_on(owner_client: Client) -> None:
    assert owner_client.get(LOGIN)["Location"] == TODO
    wanted = f"{TODO}?tab=multiple-entry"
    assert owner_client.get(LOGIN, {"next": wanted})["Location"] == wanted


def test_log_in_pages_are_kept_by_no_cache(client: Client, db: None) -> None:
    for page in (LOGIN, REGISTER, RESEND):
        assert "no-store" in client.get(page)["Cache-Control"]


def test_log_in_without_the_page_token_is_refused(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict).status_code == 403
