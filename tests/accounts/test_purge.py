"""Accounts that nobody activates are forgotten after 7 days."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from portal.accounts import purging
from portal.accounts.models import ActivationLink, OneTimePassword, User
from portal.accounts.tasks import purge
from portal.records.models import Applicant
from tests import people

from .steps import FORGOT, LOGIN, RESEND, last_link, register, submit

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_an_account_never_activated_is_forgotten_after_7_days(
    client: Client, wang: Applicant, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    register(client)
    pk = User.objects.get().pk
    clock.move_to(NOON + WEEK - dt.timedelta(seconds=1))
    assert purge() == 0
    clock.move_to(NOON + WEEK)
    caplog.clear()
    caplog.set_level("INFO")
    assert purge() == 1
    assert not User.objects.exists()
    assert not ActivationLink.objects.exists()
    assert caplog.messages == [f"account {pk} was never activated and is forgotten"]
    assert register(client).status_code == 302  # and they may begin anew
    assert User.objects.count() == 1


def test_who_registers_again_has_seven_days_again(client: Client, wang: Applicant, clock: time_machine.Traveller) -> None:
    register(client)
    clock.shift(dt.timedelta(days=6))
    register(client)
    clock.shift(dt.timedelta(days=6))
    assert purge() == 0


def test_a_link_that_is_still_good_is_not_taken_away(client: Client, wang: Applicant, clock: time_machine.Traveller) -> None:
    register(client)
    clock.move_to(NOON + WEEK - dt.timedelta(hours=1))
    submit(client, RESEND, {"username": "xiaoming"})
    clock.move_to(NOON + WEEK)
    assert purge() == 0
    assert client.post(last_link())["Location"] == LOGIN


def test_everybody_else_stays(owner: User, stranger: User, officer: User, clock: time_machine.Traveller) -> None:
    User.objects.filter(pk=owner.pk).update(activated_at=NOON)
    User.objects.filter(pk=stranger.pk).update(activated_at=NOON, is_active=False)  # closed
    User.objects.create_user("former.officer", password=people.PASSWORD, is_active=False)
    clock.shift(dt.timedelta(days=700))
    assert purge() == 0
    assert User.objects.count() == 4


def test_who_activates_at_the_last_moment_keeps_their_account(
    client: Client, wang: Applicant, clock: time_machine.Traveller
) -> None:
    """The task has found their account already; they press the button before it takes the row."""
    register(client)
    pk = User.objects.get().pk
    clock.shift(WEEK)
    User.objects.update(is_active=True, activated_at=NOON)
    assert not purging._forget(pk, now=NOON + WEEK)
    assert User.objects.count() == 1


def test_one_time_passwords_of_yesterday_are_forgotten(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    submit(client, FORGOT, {"username": "xiaoming"})
    clock.shift(dt.timedelta(hours=23))
    purge()
    assert OneTimePassword.objects.count() == 1
    clock.shift(dt.timedelta(hours=1))
    purge()
    assert not OneTimePassword.objects.exists()
