"""Queueing: a row in the transaction that causes it, and a task after it."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery import Celery, current_app
from django.core import mail
from django.db import connections, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

import portal.celery
from portal.core.health import readiness
from portal.mail.models import OutgoingMail
from portal.mail.outbox import queue
from portal.mail.tasks import sweep

from .conftest import LOCMEM, NOW, queued


@pytest.fixture
def broker(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Celery]:
    """The tasks go to the broker at that address."""
    settings.CELERY_BROKER_URL = request.param
    settings.CELERY_TASK_ALWAYS_EAGER = False
    app = Celery("with a broker", set_as_current=True)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    assert current_app.conf.broker_url == request.param
    yield app
    portal.celery.app.set_current()
    app.close()


def test_the_first_line_is_the_subject_and_the_rest_the_body(db: None) -> None:
    email = queued(name="O'Neil & 王")
    assert (email.kind, email.to, email.subject) == ("test_email", "xiaoming@example.test", "學生線上申辦系統：測試信件")
    assert email.body == "O'Neil & 王 您好：\nhttp://localhost:8000/somewhere/?a=1&b=2"
    assert (email.state, email.attempts, email.cause) == (OutgoingMail.State.QUEUED, 0, None)


def test_a_caller_may_give_another_base_url(db: None) -> None:
    assert queued(BASE_URL="https://portal.example").body.endswith("https://portal.example/somewhere/?a=1&b=2")


@pytest.mark.parametrize("broker", ["memory://localhost/"], indirect=True)
def test_a_worker_is_notified_after_commit(
    db: None, broker: Celery, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    with broker.connection_for_read() as connection, connection.SimpleQueue("celery") as waiting:
        waiting.clear()
        with django_capture_on_commit_callbacks(execute=True):
            email = queued()
            assert waiting.qsize() == 0
        message = waiting.get_nowait()
        assert (message.headers["task"], message.payload[0]) == ("portal.mail.tasks.send_email", [email.pk])
        message.ack()
    assert mail.outbox == []
    current_app.tasks[message.headers["task"]](*message.payload[0])
    assert [message.subject for message in mail.outbox] == ["學生線上申辦系統：測試信件"]
    email.refresh_from_db()
    assert email.state == OutgoingMail.State.SENT


def test_without_a_broker_the_email_is_left_to_the_schedule(
    db: None, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    with django_capture_on_commit_callbacks(execute=True):
        queued()
    assert mail.outbox == []
    assert sweep() == 1
    assert [message.subject for message in mail.outbox] == ["學生線上申辦系統：測試信件"]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_takes_its_email_with_it(settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM

    @transaction.atomic
    def fail() -> None:
        queued()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (OutgoingMail.objects.count(), mail.outbox) == (0, [])


def test_one_cause_is_one_email(
    db: None, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    with django_capture_on_commit_callbacks(execute=True):
        first, second = queued(cause="case:1:approve:3"), queued(cause="case:1:approve:3")
        queued(cause="case:1:approve:4")
    assert first == second
    sweep()
    assert len(mail.outbox) == OutgoingMail.objects.count() == 2


def test_emails_without_a_cause_are_all_different(db: None) -> None:
    queued()
    queued()
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_cause_queued_by_many_at_once_is_one_email(settings: Settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    together = threading.Barrier(8, timeout=30)

    def queue_it(number: int) -> int:
        try:
            together.wait()
            with transaction.atomic():
                return queued(cause="case:1:approve:3").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        emails = set(pool.map(queue_it, range(8)))
    assert emails == {OutgoingMail.objects.get().pk}
    sweep()
    assert len(mail.outbox) == 1


def test_somebody_was_faster_between_question_and_writing(db: None) -> None:
    """The email is drawn between the two; here its drawing queues the same cause."""

    class Faster:
        def __str__(self) -> str:
            if not OutgoingMail.objects.filter(cause="c"):
                OutgoingMail.objects.create(cause="c", subject="先到", next_attempt_at=NOW)
            return "王小明"

    email = queue(kind="test_email", to="a@b.test", context={"name": Faster()}, cause="c")
    assert (email.subject, OutgoingMail.objects.count()) == ("先到", 1)


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "amqp://127.0.0.1:1//"], indirect=True)
@pytest.mark.usefixtures("broker")
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_keeps_nobody_from_going_on(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    with caplog.at_level(logging.WARNING), transaction.atomic():
        queued(cause="case:1:approve:3")
    assert caplog.messages == ["portal.mail.tasks.send_email waits for the schedule: OperationalError"]
    assert "xiaoming" not in caplog.text
    assert mail.outbox == []
    assert sweep() == 1
    assert [message.to for message in mail.outbox] == [["xiaoming@example.test"]]
    assert readiness()["broker"] == "OperationalError"
