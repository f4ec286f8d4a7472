"""Sending: once, again later when it fails, and never by two at the same time."""

import datetime as dt
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from pytest_django import Settings

from portal.mail import sending
from portal.mail.models import OutgoingMail
from portal.mail.sending import Outcome
from portal.mail.tasks import send_email, sweep

from .conftest import LOCMEM, NOW, queued
from .servers import SlowServer

DOWN = "tests.mail.servers.DownServer"
STRICT = "tests.mail.servers.StrictServer"


def after(**time: int) -> dt.datetime:
    return NOW + dt.timedelta(**time)


def test_a_email_is_sent_and_says_so(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    settings.DEFAULT_FROM_EMAIL = "入出境 <noreply@portal.example>"
    assert sending.send(email.pk, now=NOW) is Outcome.SENT
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["xiaoming@example.test"], "學生線上申辦系統：測試信件", email.body)
    assert message.from_email == "入出境 <noreply@portal.example>"
    assert message.message()["Message-ID"] == f"<{email.message_id}@portal.example>"
    assert message.message()["Auto-Submitted"] == "auto-generated"
    email.refresh_from_db()
    assert (email.state, email.sent_at, email.attempts, email.last_error) == (OutgoingMail.State.SENT, NOW, 1, "")


def test_a_sent_email_is_not_sent_again(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    for minutes in (0, 1, 600):
        sending.send(email.pk, now=after(minutes=minutes))
    send_email(email.pk)
    assert len(mail.outbox) == 1


def test_a_email_that_is_not_there_is_no_failure(db: None) -> None:
    assert sending.send(404, now=NOW) is Outcome.NOT_OURS


def test_a_server_that_is_down_loses_nothing(email: OutgoingMail, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = DOWN
    with caplog.at_level(logging.WARNING):
        assert sending.send(email.pk, now=NOW) is Outcome.TROUBLE
    email.refresh_from_db()
    assert (email.state, email.attempts, email.next_attempt_at) == (OutgoingMail.State.QUEUED, 1, after(minutes=1))
    assert email.last_error == "SMTPServerDisconnected: Connection unexpectedly closed"
    assert caplog.messages == [f"email {email.pk} was not sent, try 1: SMTPServerDisconnected"]

    settings.EMAIL_BACKEND = LOCMEM
    assert sending.send_due(clock=lambda: after(seconds=59)) == 0
    assert sending.send_due(clock=lambda: after(minutes=1)) == 1
    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_error) == (OutgoingMail.State.SENT, 2, "")
    assert mail.outbox[0].message()["Message-ID"] == f"<{email.message_id}@portal.example>"


def test_the_rests_grow_and_then_it_is_given_up(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND = DOWN
    now, rests = NOW, []
    while email.state == OutgoingMail.State.QUEUED:
        assert sending.send(email.pk, now=now) is Outcome.TROUBLE
        email.refresh_from_db()
        rests.append(int((email.next_attempt_at - now).total_seconds() // 60))
        now = email.next_attempt_at
    assert rests[:-1] == [1, 5, 15, 60, 240, 720, 1440]
    assert (email.state, email.attempts) == (OutgoingMail.State.FAILED, 8)
    settings.EMAIL_BACKEND = LOCMEM
    assert sending.send_due(clock=lambda: after(days=99)) == 0
    assert mail.outbox == []


def test_the_log_does_not_repeat_the_address(db: None, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = STRICT
    email = queued(to="meiling@nowhere.test")
    with caplog.at_level(logging.DEBUG):
        send_email(email.pk)
    email.refresh_from_db()
    assert "meiling@nowhere.test" in email.last_error
    assert "meiling" not in caplog.text


def test_an_address_that_cannot_be_written_is_given_up_at_once(db: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    email = queued(to="a@b.test\nBcc: c@d.test")
    send_email(email.pk)
    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_error.split(":")[0]) == (OutgoingMail.State.FAILED, 1, "BadHeaderError")


def test_the_sweep_sends_the_oldest_first_and_one_refused_address_holds_up_nobody(db: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = STRICT
    emails = [queued(to=f"{name}@example.test") for name in "ab"] + [queued(to="c@nowhere.test"), queued(to="d@example.test")]
    for age, email in enumerate(reversed(emails)):
        OutgoingMail.objects.filter(pk=email.pk).update(next_attempt_at=NOW - dt.timedelta(minutes=9 - age))
    assert sending.send_due(clock=lambda: NOW) == 3
    assert [message.to for message in mail.outbox] == [["d@example.test"], ["b@example.test"], ["a@example.test"]]
    refused = OutgoingMail.objects.get(to="c@nowhere.test")
    assert (refused.state, refused.attempts) == (OutgoingMail.State.FAILED, 1)
    assert "no such user" in refused.last_error


def test_the_sweep_leaves_a_server_in_trouble_alone(db: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = DOWN
    for name in "ab":
        queued(to=f"{name}@example.test")
    OutgoingMail.objects.update(next_attempt_at=NOW)
    assert sending.send_due(clock=lambda: NOW) == 0
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_worker_that_died_holds_a_email_for_five_minutes_only(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    assert sending.claim(email.pk, now=NOW) == email
    assert sending.send_due(clock=lambda: after(minutes=4)) == 0
    assert sending.send_due(clock=lambda: after(minutes=5)) == 1
    assert len(mail.outbox) == 1


def test_the_tasks_use_the_clock(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    OutgoingMail.objects.update(next_attempt_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    assert sweep() == 0
    OutgoingMail.objects.update(next_attempt_at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC))
    assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_of_one_email_send_it_once(settings: Settings) -> None:
    email = _waiting_email(settings)
    assert _sent_by_two(settings, lambda: sending.send(email.pk, now=NOW)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_they_would_send_it_twice(settings: Settings) -> None:
    email = _waiting_email(settings)
    assert _sent_by_two(settings, lambda: sending.transmit(OutgoingMail.objects.get(pk=email.pk), now=NOW)) == 2


def _waiting_email(settings: Settings) -> OutgoingMail:
    settings.EMAIL_BACKEND = DOWN
    email = queued()
    OutgoingMail.objects.update(next_attempt_at=NOW, attempts=0)
    return email


def _sent_by_two(settings: Settings, send: Callable[[], Outcome]) -> int:
    """The second sender comes while the mail server still has the email of the first in hand."""
    settings.EMAIL_BACKEND = "tests.mail.servers.SlowServer"
    SlowServer.has_it.clear()
    SlowServer.may_go_on.clear()

    def first() -> Outcome:
        try:
            return send()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(first)
        assert SlowServer.has_it.wait(timeout=30)
        send()
        SlowServer.may_go_on.set()
        assert sent.result(timeout=30) is Outcome.SENT
    return len(mail.outbox)


# -- the text of an email ---------------------------------------------------------


def raw_body(email: OutgoingMail) -> str:
    return OutgoingMail.objects.values_list("body", flat=True).get(pk=email.pk)


def test_a_email_that_waits_is_encrypted_and_its_text_goes_with_it(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.DEMO, body = LOCMEM, False, email.body
    assert raw_body(email).startswith("v1:demo:")
    sending.send(email.pk, now=NOW)
    assert [message.body for message in mail.outbox] == [body]
    assert raw_body(email) == ""


def test_a_email_that_will_be_tried_again_keeps_its_text_until_it_is_given_up(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.DEMO = DOWN, False
    body, now = email.body, NOW
    for _try in range(8):
        assert OutgoingMail.objects.get().body == body
        sending.send(email.pk, now=now)
        now = OutgoingMail.objects.get().next_attempt_at
    email.refresh_from_db()
    assert (email.state, email.body) == (OutgoingMail.State.FAILED, "")


def test_who_dies_while_sending_leaves_the_text_to_the_next(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.DEMO, body = LOCMEM, False, email.body
    sending.claim(email.pk, now=NOW)
    assert sending.send(email.pk, now=NOW + sending.LEASE) is Outcome.SENT
    assert [message.body for message in mail.outbox] == [body]


def test_a_demonstration_keeps_the_text_encrypted_for_its_mailbox(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND, body = LOCMEM, email.body
    sending.send(email.pk, now=NOW)
    assert raw_body(email).startswith("v1:demo:")
    assert OutgoingMail.objects.get().body == body


def test_a_email_whose_key_is_not_here_waits_and_holds_up_nobody(email: OutgoingMail, settings: Settings) -> None:
    settings.EMAIL_BACKEND, keys = LOCMEM, settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = {"new": bytes(range(32))}
    other = queued("b@example.test")
    OutgoingMail.objects.filter(pk=other.pk).update(next_attempt_at=NOW)
    assert sending.send_due(clock=lambda: NOW) == 1
    lost = OutgoingMail.objects.get(pk=email.pk)
    assert (lost.state, lost.last_error) == (
        OutgoingMail.State.QUEUED,
        "UnknownKey: key 'demo' is not in FIELD_ENCRYPTION_KEYS",
    )
    settings.FIELD_ENCRYPTION_KEYS = keys
    assert sending.send(email.pk, now=lost.next_attempt_at) is Outcome.SENT
