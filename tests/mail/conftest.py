"""An email to send."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from portal.mail.models import OutgoingMail
from portal.mail.outbox import queue

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def email_kinds(settings: Settings) -> None:
    """The kind `test_email`, beside the real ones."""
    engine: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).with_name("templates")]}]


def queued(to: str = "xiaoming@example.test", cause: str | None = None, **context: object) -> OutgoingMail:
    return queue(kind="test_email", to=to, context={"name": "王小明", **context}, cause=cause)


@pytest.fixture
def email(db: None) -> OutgoingMail:
    """An email in the outbox, due at NOW; the transaction around the test keeps its own sending away."""
    found = queued()
    OutgoingMail.objects.update(next_attempt_at=NOW)
    found.refresh_from_db()
    return found
