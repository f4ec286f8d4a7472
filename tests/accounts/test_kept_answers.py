"""After another field's error neither the passwords nor a right 驗證碼 are given again."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.records.models import Applicant
from tests import people
from tests.captcha.solving import solved

from .steps import REGISTER, WANG, text

pytestmark = pytest.mark.django_db


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(captcha_0|kept_password)" value="([^"]*)"', page))


def mistaken(client: Client, **more: str) -> Any:
    """王小明 registers with a wrong 手機, everything else right."""
    return client.post(REGISTER, solved(text(client.get(REGISTER))) | WANG | {"mobile": "1"} | more)


def again(client: Client, page: str, **more: str) -> Any:
    """And puts that right, typing nothing else."""
    return client.post(REGISTER, WANG | {"password": "", "password_again": ""} | hidden(page) | more)


def test_they_are_kept_and_good_once(client: Client, wang: Applicant) -> None:
    page = text(mistaken(client))
    assert "驗證碼已通過，不必再輸入。" in page
    assert "密碼已保留，不必再輸入" in page
    assert people.PASSWORD not in page
    assert 'name="captcha_1"' not in page
    page = text(again(client, page, mobile="2"))  # wrong once more
    response = again(client, page)
    assert response.status_code == 302
    assert User.objects.get(username="xiaoming").check_password(people.PASSWORD)
    used = again(client, page, username="another.name")
    assert (used.status_code, "請輸入驗證碼" in text(used)) == (200, True)


def test_another_password_takes_its_place(client: Client, wang: Applicant) -> None:
    page, other = text(mistaken(client)), "another long sentence 7"
    assert again(client, page, password=other, password_again=other).status_code == 302
    assert User.objects.get(username="xiaoming").check_password(other)


@pytest.mark.parametrize("wrong", [{"password_again": "else"}, {"password": "short", "password_again": "short"}])
def test_a_password_that_is_wrong_is_typed_again(client: Client, wang: Applicant, wrong: dict[str, str]) -> None:
    page = text(mistaken(client, **wrong))
    assert set(hidden(page)) == {"captcha_0"}
    assert "請輸入密碼" in text(again(client, page))


def test_a_wrong_code_is_not_kept(client: Client, wang: Applicant) -> None:
    page = text(mistaken(client, captcha_1="wrong"))
    assert "驗證碼已通過" not in page
    assert 'name="captcha_1"' in page
    assert CaptchaStore.objects.filter(challenge="answered").count() == 0


def test_a_refusal_of_the_records_costs_another_code(client: Client, wang: Applicant) -> None:
    """Each question to the records takes a 驗證碼 of its own."""
    page = text(mistaken(client, mobile="0912345678", chinese_name="王大明"))
    assert "查無此學生資料" in page
    assert "驗證碼已通過" not in page


def test_nobody_else_opens_it_and_not_for_long(client: Client, wang: Applicant) -> None:
    page = text(mistaken(client))
    other = Client()
    other.get(REGISTER)
    assert "請輸入密碼" in text(again(other, page))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert "請輸入密碼" in text(again(client, page))
