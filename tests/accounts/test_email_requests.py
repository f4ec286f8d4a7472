"""Asking for an email: a row, whoever is asked for; and what the task makes of it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import EmailRequest, User
from portal.accounts.purging import UNANSWERED_LIFE
from portal.accounts.tasks import purge, write_requested_emails
from portal.mail.models import OutgoingMail
from tests.accounts.steps import FORGOT, LOGIN, RESEND, submit, text
from tests.accounts.test_login_guard import MORE
from tests.captcha.solving import solved, two_codes

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PAGES = pytest.mark.parametrize("page", [RESEND, FORGOT])


def ask(page: str, username: str, client: Client | None = None) -> Any:
    """Only the browser's part; the schedule's turn has not come."""
    client = client or Client()
    return client.post(page, {"username": username, **solved(text(client.get(page)))})


@PAGES
@pytest.mark.parametrize("known", ["xiaoming", "waiting1"])
def test_a_known_and_an_unknown_account_are_answered_alike(page: str, known: str, owner: User, stranger: User) -> None:
    User.objects.filter(pk=stranger.pk).update(username="waiting1", is_active=False)
    answers = []
    for username in (known, "nobody99"):
        client = Client()
        with time_machine.travel(NOON, tick=False):
            response = submit(client, page, {"username": username})
            landed = client.get(LOGIN)
        plain = re.sub(r'value="[0-9a-zA-Z]{64}"|[0-9a-f]{40}', "", text(landed))
        answers.append((response.status_code, response.content, dict(response.headers), landed.status_code, plain))
        answers.append(len(landed.content))
    assert answers[:2] == answers[2:]


@PAGES
def test_the_request_does_the_same_for_everybody_and_looks_no_account_up(page: str, owner: User) -> None:
    queries = []
    for username in ("xiaoming", "nobody99"):
        client = Client()
        picture = solved(text(client.get(page)))
        with CaptureQueriesContext(connection) as asked:
            client.post(page, {"username": username, **picture})
        queries.append([re.sub(r"'[^']*'|[0-9]+", "?", query["sql"]) for query in asked.captured_queries])
    assert queries[0] == queries[1]
    assert not [sql for sql in queries[0] if "portal_accounts_user" in sql]


def test_the_typed_name_is_forgotten_with_the_answer(owner: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask(FORGOT, "nobody99")
        row = EmailRequest.objects.get()
        assert (row.kind, row.category, row.username, row.network) == ("password", "china-student", "nobody99", "127.0.0.1")
        assert write_requested_emails() == 1
        assert write_requested_emails() == 0
        row.refresh_from_db()
        assert (row.username, row.answered_at) == ("", NOON)
        clock.shift(dt.timedelta(minutes=59))
        purge()
        assert EmailRequest.objects.count() == 1
        clock.shift(dt.timedelta(minutes=1))
        purge()
        assert not EmailRequest.objects.exists()


def test_a_request_that_waits_is_not_forgotten_for_days(owner: User) -> None:
    """The workers may have been down."""
    with time_machine.travel(NOON, tick=False) as clock:
        ask(FORGOT, "xiaoming")
        clock.shift(UNANSWERED_LIFE - dt.timedelta(seconds=1))
        purge()
        write_requested_emails()
    email = OutgoingMail.objects.get()
    assert "至 2026/11/30 12:29 為止" in email.body  # the 30 minutes begin with the email


def test_the_email_and_the_answered_request_are_one(owner: User) -> None:
    """Killed while it writes the email, the task finds the request waiting."""

    def kill(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if f'INSERT INTO "{OutgoingMail._meta.db_table}"' in sql:
            raise KeyboardInterrupt
        return execute(sql, *args)

    ask(FORGOT, "xiaoming")
    with connection.execute_wrapper(kill), pytest.raises(KeyboardInterrupt):
        write_requested_emails()
    assert EmailRequest.objects.get().answered_at is None
    write_requested_emails()
    assert OutgoingMail.objects.get().kind == "one_time_password"


@PAGES
def test_a_network_that_asks_for_many_is_asked_for_more_proof_and_never_closed(page: str, db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        row = {"kind": "password", "category": "china-student", "network": "127.0.0.1", "asked_at": NOON, "answered_at": NOON}
        EmailRequest.objects.bulk_create(EmailRequest(**row) for _request in range(60))
        clock.shift(dt.timedelta(minutes=59))
        response = ask(page, "xiaoming")
        assert response.context["form"].errors == {"captcha": [MORE]}
        assert 'value="xiaoming"' in text(response)
        client = Client()
        typed = {"username": "xiaoming", **two_codes(text(client.get(page)))}
        assert client.post(page, typed).status_code == 302
        assert ask(page, "xiaoming", Client(REMOTE_ADDR="192.0.2.1")).status_code == 302
        clock.shift(dt.timedelta(minutes=1))
        clock.shift(dt.timedelta(minutes=1))  # the same email again
        assert ask(page, "xiaoming").status_code == 302


def test_a_worker_is_notified_by_its_name() -> None:
    current_app.loader.import_default_modules()
    assert write_requested_emails.name in current_app.tasks
