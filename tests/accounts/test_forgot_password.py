"""忘記密碼: a one-time password by mail, which opens only the page on which a new one is set."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY, authenticate
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import OneTimePassword, User
from portal.editorial.seed import seed as seed_guidance
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant
from tests import people
from tests.architecture.access_table import STUDENT
from tests.architecture.test_access import Address, by_name, rows
from tests.captcha.solving import key_in
from tests.conftest import logged_in

from .steps import FORGOT, HOME, LOGIN, NEW_PASSWORD, TODO, log_in, register, submit, text

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
SENT = "若有此帳號，一次性密碼已寄到帳號所設定的信箱，請至信箱收信，並於 30 分鐘內以一次性密碼登入"
WRONG = "帳號或密碼錯誤"
NEW = "a new passphrase 7"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def forget(client: Client, username: str = "xiaoming") -> str:
    response = submit(client, FORGOT, {"username": username})
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    return text(client.get(LOGIN))


def mailed() -> str:
    """The one-time password of the newest email."""
    email = OutgoingMail.objects.filter(kind="one_time_password").latest("pk")
    found = re.search(r"^[A-Z2-9]{4}(-[A-Z2-9]{4}){4}$", email.body, re.MULTILINE)
    assert found, email.body
    return found[0]


def refused(client: Client, password: str) -> bool:
    response = log_in(client, password=password)
    return list(response.context["form"].non_field_errors()) == [WRONG] and SESSION_KEY not in client.session


def test_figure_11_the_page(client: Client, db: None) -> None:
    seed_guidance()
    page = text(client.get(FORGOT))
    assert "<h1>忘記密碼</h1>" in page
    assert '<button class="button">送出</button>' in page
    assert [str(field.label) for field in client.get(FORGOT).context["form"]] == ["帳號", "驗證碼"]
    assert f'<a href="{FORGOT}">忘記密碼</a>' in text(client.get(LOGIN))


def test_figure_12_the_email(client: Client, owner: User) -> None:
    assert SENT in forget(client)
    email = OutgoingMail.objects.get()
    assert (email.kind, email.to) == ("one_time_password", "xiaoming@example.test")
    assert email.subject == "學生線上申辦系統：新登入密碼資訊通知"
    assert "有人為帳號 xiaoming 點選了「忘記密碼」。" in email.body
    assert "http://localhost:8000/china-student/individual/login/" in email.body
    assert "至 2026/11/23 12:30 為止" in email.body
    assert "(02) 2796-7162" in email.body


def test_only_a_digest_is_kept_of_it(client: Client, owner: User) -> None:
    forget(client)
    row = OneTimePassword.objects.get()
    assert len(row.digest) == 64
    assert mailed() not in str(OneTimePassword.objects.values())
    assert refused(client, row.digest)


def test_the_email_speaks_the_accounts_language(client: Client, owner: User) -> None:
    User.objects.update(language="en")
    forget(client)
    assert "http://localhost:8000/en/china-student/individual/login/" in OutgoingMail.objects.get().body


def test_the_old_password_stays_good_so_that_nobody_locks_another_out(client: Client, owner: User) -> None:
    forget(client)
    assert log_in(client)["Location"] == TODO
    assert client.get(TODO).status_code == 200


def test_log_in_with_it_leads_only_to_setting_a_new_one(client: Client, owner: User) -> None:
    forget(client)
    assert log_in(client, password=mailed())["Location"] == TODO
    assert client.session[SESSION_KEY] == str(owner.pk)
    assert client.get(TODO)["Location"] == client.post(f"{HOME}/account/profile/")["Location"] == NEW_PASSWORD
    assert client.get(LOGIN)["Location"] == TODO
    page = text(client.get(NEW_PASSWORD))
    assert "<h1>設定新密碼</h1>" in page
    assert [str(field.label) for field in client.get(NEW_PASSWORD).context["form"]] == ["新密碼", "再確認（新密碼）"]
    assert '<button class="button">儲存</button>' in page
    assert '<button class="button button-secondary" type="reset">重設</button>' in page
    assert page.count('autocomplete="new-password"') == 2


@pytest.mark.parametrize("address", rows(STUDENT), ids=by_name)
def test_no_other_students_page_opens_with_it(client: Client, owner: User, address: Address) -> None:
    owner.with_one_time_password = True
    client.force_login(owner, backend="portal.accounts.backends.StudentBackend")
    for response in (client.get(address.sample), client.post(address.sample)):
        if address.name == "accounts:new-password":
            assert response.status_code == 200
        elif response.status_code != 405:
            assert (response.status_code, response.headers["Location"]) == (302, NEW_PASSWORD)


def test_in_english_it_leads_to_the_english_page(client: Client, owner: User) -> None:
    forget(client)
    log_in(client, password=mailed())
    assert client.get(f"/en{TODO}")["Location"] == f"/en{NEW_PASSWORD}"
    assert client.get(f"/en{NEW_PASSWORD}").status_code == 200


def test_a_new_password_ends_all_sessions_and_asks_to_log_in(client: Client, owner: User) -> None:
    other_device = logged_in(owner)
    assert other_device.get(TODO).status_code == 200
    forget(client)
    log_in(client, password=mailed())
    before = client.session.session_key
    response = client.post(NEW_PASSWORD, {"new_password": NEW, "new_password_again": NEW})
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    assert "修改成功，請重新登入" in text(client.get(LOGIN))
    assert client.get(TODO)["Location"].startswith(LOGIN)
    assert other_device.get(TODO)["Location"].startswith(LOGIN)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = str(before)
    assert stolen.get(TODO)["Location"].startswith(LOGIN)
    assert refused(Client(), people.PASSWORD)
    assert log_in(client, password=NEW)["Location"] == TODO
    assert client.get(TODO).status_code == 200
    assert not OneTimePassword.objects.exists()


@pytest.mark.parametrize(
    ("typed", "again", "wrong"),
    [
        ("", "", {"new_password": ["請輸入新密碼"], "new_password_again": ["請再次輸入新密碼"]}),
        (NEW, NEW + "x", {"new_password_again": ["兩次輸入的密碼不相同"]}),
    ],
)
def test_what_is_wrong_is_said_and_no_password_is_echoed(
    client: Client, owner: User, typed: str, again: str, wrong: dict[str, list[str]]
) -> None:
    forget(client)
    log_in(client, password=mailed())
    response = client.post(NEW_PASSWORD, {"new_password": typed, "new_password_again": again})
    assert response.context["form"].errors == wrong
    assert NEW not in text(response)
    assert "<title>錯誤：設定新密碼" in text(response)
    assert log_in(Client())["Location"] == TODO  # nothing has changed


@pytest.mark.parametrize("weak", ["password", "xiaoming1", "short"])
def test_weak_passwords_are_refused(client: Client, owner: User, weak: str) -> None:
    forget(client)
    log_in(client, password=mailed())
    response = client.post(NEW_PASSWORD, {"new_password": weak, "new_password_again": weak})
    assert list(response.context["form"].errors) == ["new_password"]


def test_it_serves_one_log_in(client: Client, owner: User) -> None:
    forget(client)
    log_in(Client(), password=mailed())
    assert refused(client, mailed())


def test_it_serves_for_30_minutes(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    forget(client)
    clock.shift(dt.timedelta(minutes=30))
    assert refused(client, mailed())
    clock.shift(dt.timedelta(seconds=-1))
    assert log_in(client, password=mailed())["Location"] == TODO


def test_the_newest_replaces_the_one_before(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    forget(client)
    first = mailed()
    clock.shift(dt.timedelta(minutes=2))
    forget(client)
    assert mailed() != first
    assert refused(Client(), first)
    assert log_in(client, password=mailed())["Location"] == TODO


def test_one_email_in_two_minutes_and_who_asks_again_is_notified(
    client: Client, owner: User, clock: time_machine.Traveller
) -> None:
    forget(client)
    clock.shift(dt.timedelta(minutes=1, seconds=59))
    assert "剛剛已經索取過" in text(submit(client, FORGOT, {"username": "xiaoming"}))
    assert SENT in forget(Client(REMOTE_ADDR="192.0.2.1"))  # it was: a minute ago
    assert OutgoingMail.objects.count() == 1
    assert log_in(client, password=mailed())["Location"] == TODO  # nobody makes theirs worthless by asking again at once


def test_a_changed_password_makes_it_worthless(client: Client, owner: User) -> None:
    forget(client)
    owner.set_password(NEW)
    owner.save()
    assert refused(client, mailed())


def test_it_may_be_typed_as_it_comes(client: Client, owner: User) -> None:
    forget(client)
    typed = f" {mailed().lower().replace('-', ' ')} ".replace("a", "ａ")
    assert log_in(client, password=typed)["Location"] == TODO


def test_a_log_in_asks_the_same_of_a_known_and_an_unknown_account(owner: User) -> None:
    asked = []
    for username in ("xiaoming", "nobody99"):
        with CaptureQueriesContext(connection) as queries:
            authenticate(None, username=username, password="wrong password 1", category="china-student")
        asked.append([re.sub(r"'[^']*'|[0-9]+|NULL", "?", query["sql"]) for query in queries.captured_queries])
    assert asked[0] == asked[1]
    assert [sql for sql in asked[0] if "onetimepassword" in sql]


def test_it_opens_no_other_account(client: Client, owner: User, stranger: User) -> None:
    forget(client)
    response = log_in(client, "meiling", mailed())
    assert list(response.context["form"].non_field_errors()) == [WRONG]


def test_a_usual_log_in_does_not_open_the_page(owner_client: Client) -> None:
    assert owner_client.get(NEW_PASSWORD)["Location"] == TODO
    assert owner_client.post(NEW_PASSWORD, {"new_password": NEW, "new_password_again": NEW})["Location"] == TODO
    assert User.objects.get().check_password(people.PASSWORD)


def test_log_out_from_the_page_keeps_the_old_password(client: Client, owner: User) -> None:
    forget(client)
    log_in(client, password=mailed())
    assert f'action="{HOME}/logout/"' in text(client.get(NEW_PASSWORD))
    client.post(f"{HOME}/logout/")
    assert log_in(client)["Location"] == TODO
    assert client.get(TODO).status_code == 200


def test_others_get_the_same_answer_and_no_email(client: Client, owner: User, officer: User, other_category: str) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False, activated_at=NOON)
    for username in ("xiaoming", "officer", "nobody.at.all", "王小明"):  # closed, staff, unknown, impossible
        assert SENT in forget(client, username)
    submit(client, FORGOT.replace("china-student", other_category), {"username": "xiaoming"})
    assert not OutgoingMail.objects.exists()


def test_an_account_that_waits_for_activation_gets_its_activation_email(
    client: Client, wang: Applicant, clock: time_machine.Traveller
) -> None:
    register(client)
    clock.shift(dt.timedelta(minutes=2))
    forget(client)
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["activation", "activation"]


def test_it_needs_the_picture_and_keeps_what_was_typed(client: Client, owner: User) -> None:
    key = key_in(text(client.get(FORGOT)))
    response = client.post(FORGOT, {"username": "xiaoming", "captcha_0": key, "captcha_1": "zzzzz"})
    assert "驗證碼錯誤，請輸入新圖片中的驗證碼" in text(response)
    assert 'value="xiaoming"' in text(response)
    page = text(client.post(FORGOT, {"username": "xiaoming", "refresh": "1"}))
    assert 'value="xiaoming"' in page
    assert "錯誤" not in page
