"""What editors planned happens on time, with a worker and without one."""

import datetime as dt

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from portal.core.management.commands.run_schedule import due
from portal.home.models import HomePage
from portal.home.tasks import publish_scheduled
from tests.pages import source
from tests.worlds import seed_pages

NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)


def plan(introduction: str, **when: dt.datetime) -> None:
    home = source(HomePage)
    for name, moment in {"introduction": introduction, **when}.items():
        setattr(home, name, moment)
    home.save_revision().publish()


def test_it_is_asked_every_five_seconds_and_never_queues_up() -> None:
    (entry,) = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == publish_scheduled.name]
    assert (entry["schedule"], entry["options"]) == (5, {"expires": 4})
    assert current_app.tasks[publish_scheduled.name]
    assert publish_scheduled.name in due({}, now=0)


@pytest.mark.usefixtures("seeded")
def test_a_page_goes_live_and_leaves(client: Client) -> None:
    hour = dt.timedelta(hours=1)
    with time_machine.travel(NOON, tick=False) as clock:
        plan("新的導言", go_live_at=NOON + hour, expire_at=NOON + 2 * hour)
        publish_scheduled.apply(throw=True)
        assert "新的導言" not in client.get("/").content.decode()
        clock.move_to(NOON + hour + dt.timedelta(seconds=1))
        publish_scheduled.apply(throw=True)
        assert "新的導言" in client.get("/").content.decode()
        clock.move_to(NOON + 2 * hour + dt.timedelta(seconds=1))
        publish_scheduled.apply(throw=True)
        assert client.get("/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_run_schedule_does_it(client: Client) -> None:
    seed_pages()
    with time_machine.travel(NOON, tick=False) as clock:
        plan("新的導言", go_live_at=NOON + dt.timedelta(hours=1))
        clock.shift(dt.timedelta(hours=1, seconds=1))
        call_command("run_schedule", once=True)
        assert "新的導言" in client.get("/").content.decode()
