"""Two at once, with real threads: one account, no failure; and the control test that shows what the guard is for."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import partial
from typing import Any, TypeVar

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from portal.accounts import emails
from portal.accounts.models import ActivationLink, EmailRequest, OneTimePassword, User
from portal.accounts.operations import with_one_retry
from portal.accounts.password import one_time as one_time_passwords
from portal.accounts.tasks import write_requested_emails
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant
from tests import people
from tests.captcha.solving import solved

from .steps import CHEN, LOGIN, REGISTER, REGISTERED, RESEND, WANG, last_link, register, text

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T]:
    """Do all works at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        try:
            start.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def filled(data: dict[str, str]) -> Callable[[], Any]:
    """A browser in which the form is filled and only the button is still to be pressed."""
    client = Client()
    picture = solved(text(client.get(REGISTER)))
    return lambda: client.post(REGISTER, data | picture)


def test_one_person_at_once_gets_one_account_and_one_good_link(transactional_db: None, wang: Applicant) -> None:
    answers = at_once(*(filled(WANG | {"username": f"xiaoming{n}"}) for n in range(4)))
    assert [answer.headers.get("Location") for answer in answers] == [REGISTERED] * 4
    assert User.objects.count() == 1
    assert at_once(write_requested_emails, write_requested_emails) in ([4, 0], [3, 1], [2, 2], [1, 3], [0, 4])
    assert ActivationLink.objects.filter(replaced_at=None).count() == 1
    assert Client().post(last_link())["Location"] == LOGIN


def test_one_username_at_once_goes_to_one_person(transactional_db: None, wang: Applicant, chen: Applicant) -> None:
    answers = at_once(filled(WANG | {"username": "first.come"}), filled(CHEN | {"username": "first.come"}))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert refused.context["form"].errors == {"username": ["此帳號已有人使用，請改用其他帳號"]}
    assert User.objects.count() == 1


def test_without_the_second_try_one_of_two_fails(transactional_db: None, wang: Applicant) -> None:
    """The control test: both look, both find nobody, both write."""
    looked = threading.Barrier(2)

    def look_and_write(username: str) -> str:
        assert not User.objects.filter(ui_no="A890000002").exists()
        looked.wait(10)
        try:
            User.objects.create_user(username, category=people.CATEGORY, ui_no="A890000002")
        except IntegrityError:
            return "failed"
        return "made"

    assert sorted(at_once(lambda: look_and_write("one"), lambda: look_and_write("other"))) == ["failed", "made"]


def test_the_second_try_sees_what_the_first_one_met(transactional_db: None, owner: User) -> None:
    tries = []

    def write() -> None:
        tries.append(User.objects.filter(username="xiaoming").exists())
        if len(tries) == 1:
            User.objects.create_user("xiaoming")

    with_one_retry(write)
    assert tries == [True, True]


def test_one_link_at_once_opens_the_account_once(transactional_db: None, client: Client, wang: Applicant) -> None:
    register(client)
    link = last_link()
    answers = at_once(*(lambda: Client().post(link) for _press in range(4)))
    assert sorted(answer.status_code for answer in answers) == [302, 410, 410, 410]
    assert User.objects.get().is_active


def test_one_picture_at_once_answers_once(transactional_db: None, client: Client, owner: User) -> None:
    """Clicks on one button: each reads what the first led to, and one email is asked for."""
    picture = solved(text(client.get(RESEND)))
    answers = at_once(*(lambda: Client().post(RESEND, {"username": "xiaoming", **picture}) for _press in range(4)))
    assert sorted(answer.status_code for answer in answers) == [302, 302, 302, 302]
    assert EmailRequest.objects.filter(answered_at=None).count() == 1


def test_two_workers_answer_one_request_once(transactional_db: None, wang: Applicant) -> None:
    people.student(wang, "waiting", is_active=False)
    requests = [_asked("waiting")] * 4
    at_once(*(partial(_answer_it, request) for request in requests))
    assert OutgoingMail.objects.count() == 1


def test_without_the_claim_each_of_them_would_write_a_email(transactional_db: None, wang: Applicant) -> None:
    """The control test: they have read the request before the first one answers it, and nobody claims it."""
    user = people.student(wang, "waiting", is_active=False)
    at_once(*(partial(_write_it, user) for _worker in range(4)))
    assert OutgoingMail.objects.count() == 4


def test_a_one_time_password_opens_one_session_of_two_at_once(transactional_db: None, owner: User) -> None:
    now = timezone.now()
    password, _row = one_time_passwords.issue(owner, now=now)
    tries = [partial(one_time_passwords.consume, copy(owner), password, now=now)] * 4
    assert sorted(at_once(*tries)) == [False, False, False, True]


def test_whoever_only_looks_whether_it_is_good_opens_more(transactional_db: None, owner: User) -> None:
    """The control test: all look, then all use it up."""
    now = timezone.now()
    one_time_passwords.issue(owner, now=now)
    looked = threading.Barrier(2)

    def look_and_use() -> bool:
        good = OneTimePassword.objects.filter(user=owner, used_at=None)
        found = good.exists()
        looked.wait(10)
        OneTimePassword.objects.filter(user=owner).update(used_at=now)
        return found

    assert at_once(look_and_use, look_and_use) == [True, True]


def _asked(username: str) -> EmailRequest:
    return EmailRequest.objects.create(
        kind=EmailRequest.Kind.REGISTERED, username=username, category=people.CATEGORY, asked_at=timezone.now()
    )


def _answer_it(request: EmailRequest) -> bool:
    return emails._answer(copy(request), now=timezone.now())


@transaction.atomic
def _write_it(user: User) -> None:
    emails._write(EmailRequest.Kind.REGISTERED, user, now=timezone.now())
