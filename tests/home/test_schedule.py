"""What editors planned happens on time, with a worker and without one."""

import datetime as dt

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from portal.cms.snippets import publish_new
from portal.core.management.commands.run_schedule import due
from portal.home.models import HomePage, StandardPage
from portal.home.tasks import NotPublished, publish_scheduled
from portal.mail.models import EmailText
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
    assert entry in due({}, now=0)


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


@pytest.mark.usefixtures("seeded")
def test_what_cannot_be_published_keeps_nothing_waiting(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """The address that a page was to have is another's by then; so is the kind of email."""
    hour = dt.timedelta(hours=1)
    with time_machine.travel(NOON, tick=False) as clock:
        text = EmailText(kind="case_submitted")
        publish_new(text)
        text.refresh_from_db()
        text.kind, text.go_live_at = "case_approved", NOON + hour
        text.save_revision().publish()
        publish_new(EmailText(kind="case_approved"))
        about, privacy = (StandardPage.objects.get(slug=slug, locale__language_code="zh-hant") for slug in ("about", "privacy"))
        about.slug, about.go_live_at = "taken", NOON + hour
        about.save_revision().publish()
        privacy.slug = "taken"
        privacy.save_revision().publish()
        plan("新的導言", go_live_at=NOON + 2 * hour)
        clock.shift(3 * hour)
        with pytest.raises(NotPublished):
            publish_scheduled.apply(throw=True)
    assert "新的導言" in client.get("/").content.decode()
    said = [record.getMessage() for record in caplog.records if record.name == "portal.home.tasks"]
    assert said == [
        f"emailtext {text.pk} cannot be published as planned: IntegrityError",
        f"standardpage {about.pk} cannot be published as planned: ValidationError",
    ]


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_run_schedule_does_it(client: Client) -> None:
    seed_pages()
    with time_machine.travel(NOON, tick=False) as clock:
        plan("新的導言", go_live_at=NOON + dt.timedelta(hours=1))
        clock.shift(dt.timedelta(hours=1, seconds=1))
        call_command("run_schedule", once=True)
        assert "新的導言" in client.get("/").content.decode()
