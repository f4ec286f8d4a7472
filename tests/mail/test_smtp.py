"""With a real mail server that is down, slow, or refuses: no page waits for it, nothing is lost, and nobody is held up."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from portal.accounts.tasks import write_requested_emails
from portal.mail import sending
from portal.mail.models import OutgoingMail
from portal.mail.tasks import sweep
from portal.records.models import Applicant
from portal.review.groups import SUPERVISORS
from tests.accounts import steps
from tests.captcha.solving import solved
from tests.staff import logged_in, make_staff

from .conftest import queued
from .post_office import PostOffice

pytestmark = pytest.mark.django_db(transaction=True)
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
A_SECOND = 1.0
State = OutgoingMail.State


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    """The mail server of this test; down until it is opened."""
    found = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 1.2
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield found
    found.close()


def open_slow(office: PostOffice) -> None:
    office.is_slow = True
    office.open()


def open_refusing(office: PostOffice) -> None:
    office.answers["xiaoming@example.test"] = "550 5.1.1 no such user"
    office.open()


def open_greylisting(office: PostOffice) -> None:
    office.answers["xiaoming@example.test"] = "451 4.7.1 greylisted, come back later"
    office.open()


def stay_down(office: PostOffice) -> None:
    """Its port is closed."""


TROUBLES = pytest.mark.parametrize("trouble", [stay_down, open_slow, open_refusing, open_greylisting])


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@TROUBLES
def test_registration_answers_within_a_second_whatever_the_mail_server_does(
    office: PostOffice, trouble: Callable[[PostOffice], None], client: Client, wang: Applicant
) -> None:
    trouble(office)
    page = client.get(steps.REGISTER).content.decode()
    answers = []
    assert seconds(lambda: answers.append(client.post(steps.REGISTER, steps.WANG | solved(page)))) < A_SECOND
    assert answers[0]["Location"] == steps.REGISTERED
    assert write_requested_emails() == 1
    assert sweep() == 0
    email = OutgoingMail.objects.get()
    assert (email.kind, email.attempts) == ("activation", 1)
    assert email.state == (State.FAILED if trouble is open_refusing else State.QUEUED)
    assert client.get(steps.REGISTERED).status_code == 200


def test_whoever_sends_a_email_to_a_slow_server_waits_longer(office: PostOffice) -> None:
    """The control test: were it sent while the page waits, the page would be late."""
    open_slow(office)
    queued()
    assert seconds(sweep) > A_SECOND
    assert "timed out" in OutgoingMail.objects.get().last_error


def test_the_email_leaves_when_the_server_is_back_and_opens_the_account(
    office: PostOffice, client: Client, wang: Applicant
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        steps.register(client)
        assert sweep() == 0
        email = OutgoingMail.objects.get()
        assert (email.state, email.last_error.split(":")[0]) == (State.QUEUED, "ConnectionRefusedError")
        office.open()
        clock.shift(dt.timedelta(seconds=59))
        assert sweep() == 0
        clock.shift(dt.timedelta(seconds=1))
        assert sweep() == 1
        (arrived,) = office.emails
        assert arrived["To"] == "xiaoming@example.test"
        assert arrived["Subject"].strip() == "學生線上申辦系統：會員信箱認證通知信函"
        link = next(line for line in arrived.get_content().splitlines() if "/activate/" in line)
        assert client.post(link.removeprefix("http://localhost:8000"))["Location"] == steps.LOGIN
    assert OutgoingMail.objects.get().state == State.SENT


def test_a_slow_server_gets_the_email_again_under_the_same_id(office: PostOffice) -> None:
    open_slow(office)
    email = queued()
    assert sending.send(email.pk, now=email.next_attempt_at) is sending.Outcome.TROUBLE
    office.is_slow = False
    email.refresh_from_db()
    assert sending.send(email.pk, now=email.next_attempt_at) is sending.Outcome.SENT
    assert [arrived["Message-ID"] for arrived in office.emails] == [f"<{email.message_id}@portal.example>"]


def test_an_address_refused_for_good_is_given_up_and_holds_up_nobody(office: PostOffice) -> None:
    open_refusing(office)
    for to in ("meiling@example.test", "xiaoming@example.test", "xiaohua@example.test"):
        queued(to=to)
    assert sweep() == 2
    assert office.reached == ["meiling@example.test", "xiaohua@example.test"]
    refused = OutgoingMail.objects.get(to="xiaoming@example.test")
    assert (refused.state, refused.attempts) == (State.FAILED, 1)
    assert sweep() == 0
    assert OutgoingMail.objects.get(pk=refused.pk).attempts == 1


def test_staff_see_why_it_was_given_up(office: PostOffice) -> None:
    open_refusing(office)
    email = queued()
    sweep()
    reader = make_staff("reader", SUPERVISORS)
    text = logged_in(reader).get(f"/admin/portal_mail/outgoingmail/inspect/{email.pk}/").text
    assert "寄送失敗" in text
    assert "550" in text
    assert "no such user" in text


def test_a_greylisted_email_comes_back_with_growing_rests_and_holds_up_nobody(office: PostOffice) -> None:
    open_greylisting(office)
    with time_machine.travel(NOON, tick=False) as clock:
        for to in ("xiaoming@example.test", "meiling@example.test"):
            queued(to=to)
        assert sweep() == 1
        assert office.reached == ["meiling@example.test"]
        email = OutgoingMail.objects.get(to="xiaoming@example.test")
        assert (email.state, email.next_attempt_at) == (State.QUEUED, NOON + dt.timedelta(minutes=1))
        assert "greylisted" in email.last_error
        clock.shift(dt.timedelta(minutes=1))
        assert sweep() == 0
        email.refresh_from_db()
        assert email.next_attempt_at == NOON + dt.timedelta(minutes=6)
        office.answers.clear()
        clock.shift(dt.timedelta(minutes=5))
        assert sweep() == 1
    assert office.reached == ["meiling@example.test", "xiaoming@example.test"]
