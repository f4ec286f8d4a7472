"""A second click: the same form, sent again within a minute, is answered with what the first one led to."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import EmailRequest, LogInAttempt, User
from portal.accounts.tasks import write_requested_emails
from portal.captcha import answered
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant, LookupLog
from portal.throttling.models import LimitHit
from tests import people
from tests.accounts.steps import FORGOT, LOGIN, REGISTER, REGISTERED, RESEND, TODO, WANG, text
from tests.captcha.solving import solved
from tests.database import empty_cache

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
EXPIRED = "驗證碼已逾時，請輸入新圖片中的驗證碼"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    empty_cache()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def twice(page: str, typed: dict[str, str], **changes: str) -> tuple[Any, Any]:
    """The button pressed twice on one page, the second time before the first answer came; or with something changed."""
    client, second = Client(), Client()
    whole = typed | solved(text(client.get(page)))
    second.cookies = client.cookies.copy()  # type: ignore[assignment]
    return client.post(page, whole), second.post(page, whole | changes)


def where(answers: tuple[Any, Any]) -> list[str | None]:
    return [answer.headers.get("Location") for answer in answers]


def test_log_in(owner: User) -> None:
    assert where(twice(LOGIN, {"username": "xiaoming", "password": people.PASSWORD})) == [TODO, TODO]
    assert LogInAttempt.objects.filter(outcome="succeeded").count() == 1


def test_log_in_with_a_one_time_password(owner: User) -> None:
    client = Client()
    client.post(FORGOT, {"username": "xiaoming"} | solved(text(client.get(FORGOT))))
    write_requested_emails()
    body = OutgoingMail.objects.get(kind="one_time_password").body
    password = next(line for line in body.splitlines() if line.count("-") == 4 and len(line) == 24)
    first, second = twice(LOGIN, {"username": "xiaoming", "password": password})
    assert first["Location"] == second["Location"] != LOGIN
    assert second.client.get(TODO)["Location"].endswith("/new-password/")  # it leads to 設定新密碼, too


def test_a_wrong_password_is_one_failure(owner: User) -> None:
    first, second = twice(LOGIN, {"username": "xiaoming", "password": "wrong"})
    for answer in (first, second):
        assert answer.context["form"].errors == {"__all__": ["帳號或密碼錯誤"]}
    assert LogInAttempt.objects.filter(outcome="tried").count() == 1


def test_registration(wang: Applicant) -> None:
    assert where(twice(REGISTER, WANG)) == [REGISTERED, REGISTERED]
    write_requested_emails()
    assert OutgoingMail.objects.filter(kind="activation").count() == 1
    assert User.objects.count() == 1


def test_a_registration_of_nobody_is_one_try(db: None) -> None:
    for answer in twice(REGISTER, WANG):
        assert answer.context["form"].non_field_errors() == ["查無此學生資料"]
    assert LookupLog.objects.count() == 1


@pytest.mark.parametrize("page", [RESEND, FORGOT])
def test_asking_for_an_email(owner: User, page: str) -> None:
    assert where(twice(page, {"username": "xiaoming"})) == [LOGIN, LOGIN]
    assert EmailRequest.objects.count() == 1
    assert LimitHit.objects.filter(limit="email_again").count() == 1


@pytest.mark.parametrize("changes", [{"password": "another guess 7"}, {"username": "meiling"}, {"captcha_1": "zzzzz"}])
def test_anything_else_in_the_form_is_another_request(owner: User, changes: dict[str, str]) -> None:
    """One challenge is good for one guess."""
    answers = twice(LOGIN, {"username": "xiaoming", "password": "wrong"}, **changes)
    assert answers[1].context["form"].errors["captcha"] == [EXPIRED]
    assert LogInAttempt.objects.filter(outcome="tried").count() == 1


def test_control_forgotten_the_second_click_is_notified_that_the_challenge_is_over(owner: User, settings: Settings) -> None:
    client = Client()
    typed = {"username": "xiaoming", "password": people.PASSWORD} | solved(text(client.get(LOGIN)))
    assert client.post(LOGIN, typed)["Location"] == TODO
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "KEY_PREFIX": "forgotten"}}
    assert Client().post(LOGIN, typed).context["form"].errors == {"captcha": [EXPIRED]}


def test_a_wrong_captcha_is_said_twice_and_counted_once(owner: User) -> None:
    typed = {"username": "xiaoming", "password": people.PASSWORD}
    client = Client()
    wrong = typed | solved(text(client.get(LOGIN))) | {"captcha_1": "zzzzz"}
    for _click in range(2):
        assert client.post(LOGIN, wrong).context["form"].errors == {"captcha": ["驗證碼錯誤，請輸入新圖片中的驗證碼"]}
    assert LogInAttempt.objects.filter(outcome="captcha_wrong").count() == 1


def test_the_first_is_the_first_for_a_minute() -> None:
    assert [answered.is_first("digest") for _click in range(3)] == [True, False, False]
    assert dt.timedelta(minutes=1) == answered.KEPT
    assert answered.is_first("") is answered.is_first("") is True


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first() -> None:
    begun, waits = Event(), Event()

    def slow() -> str:
        begun.set()
        assert waits.wait(10)
        return "done"

    def acts() -> Any:
        try:
            return answered.once("digest", False, slow)
        finally:
            connection.close()

    def again() -> Any:
        waits.set()
        try:
            return answered.once("digest", True, lambda: pytest.fail("only the first acts"))
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(acts)
        assert begun.wait(10)
        second = pool.submit(again)
        assert (first.result(10), second.result(10)) == ("done", "done")


def test_what_fails_is_not_remembered() -> None:
    with pytest.raises(ZeroDivisionError):
        answered.once("digest", False, lambda: 1 / 0)
    assert answered.once("digest", True, lambda: 1) is None


def test_the_digest_is_of_all_that_was_posted() -> None:
    forms = [QueryDict("a=1&b=2"), QueryDict("b=2&a=1"), QueryDict("a=1&b=3"), QueryDict("a=1&b=2&b=2")]
    digests = [answered.digest_of(form, about="log in") for form in forms]
    assert digests[0] == digests[1]
    assert len({*digests, answered.digest_of(forms[0], about="register")}) == 4
    assert answered.digest_of({}, about="x") == ""
