"""Session keys as digests, session data and authenticators encrypted; and how rows from before become that."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from pytest_django import Settings

from portal.accounts.access import SESSION_ENDED
from portal.accounts.models import User
from portal.demo import second_factor as demo_second_factor
from portal.encryption.fields import Ciphertext
from portal.sessions.engine import AccountSession, SessionStore
from portal.staff_login import second_factor
from tests import people
from tests.conftest import logged_in

from .steps import HOME, LOGIN, log_in, row_key, text

PROFILE, SESSIONS = f"{HOME}/account/profile/", f"{HOME}/account/sessions/"
COOKIE = django_settings.SESSION_COOKIE_NAME
NEW_KEYS = {"new": bytes(range(32))}


def stored(row: AccountSession) -> str:
    return AccountSession.objects.values_list("session_data", flat=True).get(pk=row.pk)


def test_what_the_row_holds_is_no_cookie(client: Client, owner: User) -> None:
    log_in(client)
    row = AccountSession.objects.get()
    assert (len(row.pk), row.pk) == (64, row_key(client))
    thief = Client()
    thief.cookies[COOKIE] = row.pk
    assert thief.get(PROFILE)["Location"].startswith(LOGIN)
    assert client.get(PROFILE).status_code == 200


def test_the_data_of_another_session_does_not_log_in(owner: User, stranger: User) -> None:
    """Somebody who can write, too, gives their own row what stands in another's."""
    own, other = logged_in(stranger), logged_in(owner)
    taken = stored(AccountSession.objects.get(pk=row_key(other)))
    AccountSession.objects.filter(pk=row_key(own)).update(session_data=Ciphertext(taken))
    assert own.get(PROFILE)["Location"].startswith(LOGIN)
    assert other.get(PROFILE).status_code == 200


def test_a_key_that_was_taken_away_ends_the_log_in_and_says_so(
    owner_client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = NEW_KEYS
    with caplog.at_level(logging.ERROR, "portal.sessions.engine"):
        page = text(owner_client.get(PROFILE, follow=True))
    assert str(SESSION_ENDED) in page
    assert caplog.messages[0] == "a session cannot be read: key 'demo' is not in FIELD_ENCRYPTION_KEYS"


def test_the_other_devices_are_known_and_logged_out(owner: User) -> None:
    here, there = logged_in(owner), logged_in(owner)
    rows = here.get(SESSIONS).context["rows"]
    assert {row["session"].pk: row["is_this"] for row in rows} == {row_key(here): True, row_key(there): False}
    here.post(SESSIONS)
    assert (here.get(PROFILE).status_code, there.get(PROFILE).status_code) == (200, 302)


def test_the_store_finds_makes_and_deletes_rows_by_the_cookies_key(db: None) -> None:
    store = SessionStore()
    store["word"] = "kept"
    store.save()
    key = store.session_key
    assert key
    assert store.exists(key)
    assert not store.exists(store.row_key)
    assert SessionStore(key)["word"] == "kept"
    store.cycle_key()
    assert (store.exists(key), SessionStore(store.session_key)["word"]) == (False, "kept")
    store.delete()
    assert not AccountSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_without_waiting() -> None:
    """Django's own asynchronous methods would ask for the row by the cookie's key."""

    async def use() -> tuple[bool, Any, bool]:
        store = SessionStore()
        await store.aset("word", "kept")
        await store.asave()
        key = store.session_key or ""
        there, word = await store.aexists(key), await SessionStore(key).aget("word")
        await store.adelete(key)
        return there, word, await store.aexists(key)

    with ThreadPoolExecutor(1) as pool:  # a thread of its own, where no event loop runs yet
        assert pool.submit(async_to_sync(use)).result() == (True, "kept", False)
        pool.submit(connections.close_all).result()
    assert not AccountSession.objects.exists()


def test_an_authenticator_that_cannot_be_read_is_said_and_stops_nothing(officer: User, settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = True
    settings.FIELD_ENCRYPTION_KEYS = {**NEW_KEYS, "demo": bytes(32)}  # another one of that name
    client = Client()
    client.post("/admin/login/", {"username": "officer", "password": people.PASSWORD})
    response = client.post("/admin/second-factor/", {"code": "123456"})
    assert response.status_code == 400
    assert "系統目前無法核對您的驗證器，請通知系統管理人員。" in text(response)


def test_a_demonstration_with_other_keys_fills_in_no_code(officer: User, settings: Settings) -> None:
    second_factor.reset(officer)
    demo_second_factor.give_authenticator(officer)
    assert demo_second_factor.code_of(officer)
    settings.FIELD_ENCRYPTION_KEYS = NEW_KEYS
    assert demo_second_factor.code_of(officer) == ""
