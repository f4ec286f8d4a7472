"""`manage.py run_schedule`: the sweeps of a portal without a broker."""

from datetime import timedelta

import pytest
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from portal.core.management.commands.run_schedule import due
from portal.mail.models import OutgoingMail


def test_each_task_starts_at_once_and_then_at_its_interval(settings: Settings) -> None:
    settings.CELERY_BEAT_SCHEDULE = {
        "often": {"task": "portal.often", "schedule": 5},
        "seldom": {"task": "portal.seldom", "schedule": 60},
    }
    last: dict[str, float] = {}

    def started(now: float) -> list[str]:
        return [entry["task"] for entry in due(last, now=now)]

    assert started(100) == ["portal.often", "portal.seldom"]
    assert started(104) == []
    assert started(105) == ["portal.often"]
    assert started(109) == []
    assert started(160) == ["portal.often", "portal.seldom"]


@pytest.mark.django_db
def test_a_task_of_a_sites_own_has_its_arguments(settings: Settings) -> None:
    heard: list[tuple[str, int]] = []

    @shared_task(name="mysite.greet")
    def greet(whom: str, *, times: int) -> None:
        heard.append((whom, times))

    settings.CELERY_BEAT_SCHEDULE = {
        "one": {"task": greet.name, "schedule": 5, "args": ["甲"], "kwargs": {"times": 1}},
        "two": {"task": greet.name, "schedule": 60, "args": ("乙",), "kwargs": {"times": 2}},
    }
    call_command("run_schedule", once=True)
    assert heard == [("甲", 1), ("乙", 2)]


def test_without_a_broker_emails_are_written_and_sent_within_seconds(settings: Settings) -> None:
    seconds = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert seconds["portal.accounts.tasks.write_requested_emails"] == 1
    assert seconds["portal.mail.tasks.sweep"] == 5


@pytest.mark.django_db(transaction=True)
def test_once_sends_the_emails_that_wait() -> None:
    OutgoingMail.objects.create(
        kind="test", to="a@example.test", subject="s", body="b", next_attempt_at=timezone.now() - timedelta(minutes=5)
    )
    call_command("run_schedule", once=True)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT
