"""Two at once at the accounts of staff: one wins, the other is notified; and the control test that shows what the lock is for."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from portal.review.groups import OFFICERS
from portal.staff_login import resets
from portal.staff_login.models import SecondFactorReset
from tests import people
from tests.accounts.test_races import at_once
from tests.staff import KEY, code_of_page, email_to, fill_in, link_in, logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(transactional_db: None) -> SecondFactorReset:
    """The first administrator's request, which two others are about to confirm."""
    first = make_administrator("first")
    make_administrator("second")
    make_administrator("third")
    return resets.ask(make_staff("officer", OFFICERS), actor=first, reason="手機遺失", now=timezone.now())


def test_two_confirm_at_once_and_one_reset_is_done(asked: SecondFactorReset) -> None:
    def confirm(username: str) -> Callable[[], Any]:
        client = logged_in(User.objects.get(username=username))
        return lambda: client.post(f"/admin/staff/resets/{asked.pk}/confirm/", follow=True).content.decode()

    pages = at_once(confirm("second"), confirm("third"))
    assert sorted("這筆申請已處理過，或已逾期。" in page for page in pages) == [False, True]
    assert SecondFactorReset.objects.filter(step="confirmed").count() == 1
    assert OutgoingMail.objects.filter(kind="staff_set_up").count() == 1


def test_without_the_lock_both_find_the_request_open(asked: SecondFactorReset) -> None:
    """The control test: both look, then both write; the unique column stops the second, with an error."""
    looked = threading.Barrier(2)

    def look_and_write() -> str:
        assert resets.waiting(timezone.now()).filter(pk=asked.pk).exists()
        looked.wait(10)
        try:
            SecondFactorReset.objects.create(step="confirmed", person=asked.person, of=asked, at=timezone.now())
        except IntegrityError:
            return "failed"
        return "done"

    assert sorted(at_once(look_and_write, look_and_write)) == ["done", "failed"]


def test_one_name_at_once_goes_to_one_person(transactional_db: None) -> None:
    root = make_administrator("root")

    def add() -> Callable[[], Any]:
        client = logged_in(root)
        return lambda: fill_in(client, "newcomer", OFFICERS)

    answers = at_once(add(), add())
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert refused.context["form"].errors == {"username": ["此帳號已有人使用，請改用其他帳號。"]}
    assert User.objects.filter(username="newcomer").count() == 1


def test_one_link_in_two_browsers_sets_up_once(transactional_db: None) -> None:
    fill_in(logged_in(make_administrator("root")), "newcomer", OFFICERS)
    link = link_in(email_to(User.objects.get(username="newcomer")).body)

    def at_the_last_step(password: str) -> Callable[[], Any]:
        client = Client()
        client.post(link, {"new_password": password, "new_password_again": password})
        code = code_of_page(client.get(link).content.decode())
        return lambda: client.post(link, {"code": code})

    answers = at_once(at_the_last_step(people.PASSWORD), at_the_last_step("another long sentence 5"))
    assert sorted(answer.status_code for answer in answers) == [200, 410]
    assert sorted(bool(KEY.search(answer.content.decode())) for answer in answers) == [False, False]
    assert OutgoingMail.objects.filter(kind="staff_password_changed").count() == 1
