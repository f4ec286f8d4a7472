"""帳號開通: the email's link, its states, and 重寄認證信."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import ActivationLink, User
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant
from tests.captcha.solving import key_in

from .steps import HOME, LOGIN, RESEND, TODO, last_link, log_in, register, submit, text

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
COOL_DOWN = dt.timedelta(minutes=2)
RESENT = "若此帳號尚未開通，認證信已寄到註冊時填寫的信箱，請至信箱收取認證信"


@pytest.fixture
def link(client: Client, wang: Applicant) -> str:
    """王小明 registered at noon; the link of their email."""
    with time_machine.travel(NOON, tick=False):
        register(client)
    return last_link()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def resend(client: Client, username: str = "xiaoming") -> str:
    response = submit(client, RESEND, {"username": username})
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    return text(client.get(LOGIN))


def test_opening_the_link_changes_nothing_because_mail_scanners_open_links(
    client: Client, link: str, clock: time_machine.Traveller
) -> None:
    for _look in range(2):
        response = client.get(link)
        assert response.status_code == 200
        assert '<button class="button">開通帳號</button>' in text(response)
    assert not User.objects.get().is_active


def test_figure_10_the_button_opens_the_account_and_leads_to_the_log_in_page(
    client: Client, link: str, clock: time_machine.Traveller
) -> None:
    response = client.post(link)
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    assert "帳號開通成功，請登入" in text(client.get(LOGIN))
    user = User.objects.get()
    assert (user.is_active, user.activated_at, ActivationLink.objects.get().used_at) == (True, NOON, NOON)
    assert log_in(client)["Location"] == TODO


def test_a_used_link_says_so_and_leads_to_the_log_in_page(client: Client, link: str, clock: time_machine.Traveller) -> None:
    client.post(link)
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert "此認證連結已使用過，帳號已經開通。" in text(response)
        assert f'href="{LOGIN}"' in text(response)


def test_a_link_is_good_for_24_hours(client: Client, link: str, clock: time_machine.Traveller) -> None:
    clock.move_to(NOON + dt.timedelta(hours=23, minutes=59, seconds=59))
    assert client.get(link).status_code == 200
    clock.move_to(NOON + dt.timedelta(hours=24))
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert "此認證連結已逾期。認證連結的有效時間為 24 小時。" in text(response)
        assert f'action="{RESEND}"' in text(response)
    assert not User.objects.get().is_active


def test_a_replaced_link_says_so(client: Client, link: str, clock: time_machine.Traveller) -> None:
    clock.shift(COOL_DOWN)
    resend(client)
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert "此認證連結已由較新的認證信取代，請使用最新一封認證信裡的連結。" in text(response)
    assert not User.objects.get().is_active
    assert client.post(last_link())["Location"] == LOGIN
    assert User.objects.get().is_active


@pytest.mark.parametrize("token", ["x", "A" * 43, "%E7%8E%8B"])
def test_a_wrong_link_says_so(client: Client, link: str, token: str) -> None:
    url = f"{HOME}/activate/{token}/"
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 404
        assert "此認證連結不正確，請確認已複製信中完整的網址。" in text(response)
        assert "重寄認證信" in text(response)


def test_the_hash_in_the_database_is_no_link(client: Client, link: str) -> None:
    assert client.post(f"{HOME}/activate/{ActivationLink.objects.get().token_hash}/").status_code == 404


def test_a_link_of_another_category_is_a_wrong_one(client: Client, link: str, other_category: str) -> None:
    response = client.post(link.replace("china-student", other_category))
    assert response.status_code == 404
    assert not User.objects.get().is_active


def test_resending_writes_one_email_to_the_registered_address(client: Client, link: str, clock: time_machine.Traveller) -> None:
    clock.shift(COOL_DOWN)
    assert RESENT in resend(client)
    assert list(OutgoingMail.objects.values_list("kind", "to")) == [("activation", "xiaoming@example.test")] * 2
    assert last_link() != link


def test_one_email_in_two_minutes_and_who_asks_again_is_notified(
    client: Client, link: str, clock: time_machine.Traveller
) -> None:
    clock.shift(dt.timedelta(minutes=1, seconds=59))
    assert "剛剛已經索取過" in text(submit(client, RESEND, {"username": "xiaoming"}))
    assert last_link() == link
    assert client.get(link).status_code == 200  # and the one they have stays good
    clock.shift(dt.timedelta(seconds=1))
    resend(client)
    assert last_link() != link


def test_resending_says_the_same_and_writes_nothing_for_others(client: Client, owner: User) -> None:
    for username in ("xiaoming", "nobody.at.all", "王小明"):  # open already, unknown, impossible
        assert RESENT in resend(client, username)
    assert not OutgoingMail.objects.exists()


def test_resending_is_for_the_category_of_the_account(client: Client, link: str, other_category: str) -> None:
    submit(client, RESEND.replace("china-student", other_category), {"username": "xiaoming"})
    assert OutgoingMail.objects.count() == 1


def test_a_closed_account_gets_no_email(client: Client, owner: User) -> None:
    User.objects.update(is_active=False, activated_at=NOON)
    resend(client)
    assert not OutgoingMail.objects.exists()


def test_resending_needs_the_picture_and_keeps_what_was_typed(client: Client, link: str) -> None:
    key = key_in(text(client.get(RESEND)))
    response = client.post(RESEND, {"username": "xiaoming", "captcha_0": key, "captcha_1": "zzzzz"})
    assert "驗證碼錯誤，請輸入新圖片中的驗證碼" in text(response)
    assert 'value="xiaoming"' in text(response)
    page = text(client.post(RESEND, {"username": "xiaoming", "refresh": "1"}))
    assert 'value="xiaoming"' in page
    assert OutgoingMail.objects.count() == 1
