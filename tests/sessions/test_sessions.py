"""A log-in ends by itself, by log-out, by a new password; its key is worth nothing before and after."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.accounts.access import SESSION_ENDED
from portal.accounts.models import User
from portal.accounts.tasks import clear_sessions
from portal.sessions.browsers import plain
from portal.sessions.engine import AccountSession, SessionStore, row_key_of
from tests import people
from tests.accounts.steps import HOME, LOGIN, LOGOUT, TODO, log_in, text
from tests.conftest import logged_in
from tests.worlds import seed_pages

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
SESSION, SESSIONS, PASSWORD, PROFILE = (f"{HOME}/account/{page}/" for page in ("session", "sessions", "password", "profile"))
COOKIE = settings.SESSION_COOKIE_NAME
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def with_key(key: str) -> Client:
    """A browser that holds that session key: a thief's, or one into which it was planted."""
    client = Client()
    client.cookies[COOKIE] = key
    return client


def stolen(client: Client) -> Client:
    return with_key(client.cookies[COOKIE].value)


def is_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


# A stolen cookie


def test_a_stolen_cookie_is_dead_after_log_out(client: Client, owner: User) -> None:
    log_in(client)
    thief = stolen(client)
    assert is_in(thief)
    client.post(LOGOUT)
    assert not is_in(thief)


def test_a_stolen_cookie_is_dead_after_a_new_password(client: Client, owner: User) -> None:
    log_in(client)
    thief = stolen(client)
    assert is_in(thief)
    new = "another long sentence 7"
    client.post(PASSWORD, {"current_password": people.PASSWORD, "new_password": new, "new_password_again": new})
    assert not is_in(thief)
    assert not AccountSession.objects.filter(account=owner).exists()


def test_a_stolen_cookie_is_dead_after_idle_time(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    thief = stolen(client)
    clock.shift(minutes(15) - dt.timedelta(seconds=1))
    assert is_in(thief)
    clock.shift(minutes(15))
    assert not is_in(thief)


def test_a_stolen_cookie_is_dead_after_eight_hours(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    for _ten_minutes in range(47):
        clock.shift(minutes(10))
        assert is_in(client)
    clock.shift(minutes(9.9))
    assert is_in(client)
    clock.shift(minutes(0.1))
    assert not is_in(client)


def test_the_cookie_lasts_as_long_as_the_browser_is_open(client: Client, owner: User) -> None:
    log_in(client)
    cookie = client.cookies[COOKIE]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == ("", "", True, "Lax")


# Fixation


def test_the_key_before_log_in_is_not_the_key_after(client: Client, owner: User) -> None:
    log_in(client)
    AccountSession.objects.update(expire_date=timezone.now())
    client.post(PROFILE, {"mobile": "0912345678"})  # a visitor's session, for what they typed
    before = client.cookies[COOKIE].value
    log_in(client)
    assert client.cookies[COOKIE].value != before
    assert not is_in(with_key(before))
    assert not AccountSession.objects.filter(pk=row_key_of(before)).exists()


def test_a_planted_key_is_not_adopted(owner: User) -> None:
    planted = "a" * 32
    client = with_key(planted)
    log_in(client)
    assert client.cookies[COOKIE].value != planted
    assert not AccountSession.objects.filter(pk=row_key_of(planted)).exists()
    victim = with_key(planted)
    victim.post(PROFILE, {"mobile": "0912345678"})
    assert victim.cookies[COOKIE].value != planted


def test_the_key_of_a_thief_who_is_logged_in_himself_is_not_adopted(owner: User, stranger_client: Client) -> None:
    planted = stranger_client.cookies[COOKIE].value
    victim = with_key(planted)
    victim.post(LOGOUT)
    log_in(victim)
    assert victim.cookies[COOKIE].value != planted
    assert stranger_client.get(PROFILE)["Location"].startswith(LOGIN)


def test_a_password_that_changes_elsewhere_ends_the_session_too(owner: User, owner_client: Client) -> None:
    owner.set_password("another long sentence 7")
    owner.save()
    assert not is_in(owner_client)


def test_a_closed_account_is_logged_out(owner: User, owner_client: Client) -> None:
    owner.is_active = False
    owner.save()
    assert not is_in(owner_client)


# Idle


def test_a_used_page_prolongs_and_is_written_down_once_a_minute(
    client: Client, owner: User, clock: time_machine.Traveller
) -> None:
    log_in(client)
    for seconds, seen in ((59, 0), (1, 60), (30, 60), (31, 121)):
        clock.shift(dt.timedelta(seconds=seconds))
        client.get(PROFILE)
        row = AccountSession.objects.get()
        assert row.last_seen == NOON + dt.timedelta(seconds=seen)
        assert row.expire_date == row.last_seen + minutes(15)


def test_after_the_end_the_log_in_page_says_so_and_leads_back(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    clock.shift(minutes(15))
    sent = client.get(PROFILE)
    assert sent["Location"] == f"{LOGIN}?next=%2Fchina-student%2Findividual%2Faccount%2Fprofile%2F"
    page = text(client.get(sent["Location"]))
    assert str(SESSION_ENDED) in page
    assert log_in(client, next=PROFILE)["Location"] == PROFILE


def test_the_end_is_said_too_when_a_script_saw_it_first(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    clock.shift(minutes(15))
    assert left(client) == 0
    assert left(client) == 0
    assert text(client.get(client.get(PROFILE)["Location"])).count(str(SESSION_ENDED)) == 1


def test_a_script_that_saw_the_end_first_takes_nothing_from_what_is_sent_after_it(
    client: Client, owner: User, clock: time_machine.Traveller
) -> None:
    log_in(client)
    clock.shift(minutes(15))
    asked = client.post(PROFILE, {"mobile": "0987654321"}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert asked.status_code == 401
    assert settings.SESSION_COOKIE_NAME not in asked.cookies
    assert client.post(PROFILE, {"mobile": "0987654321"})["Location"].startswith(LOGIN)
    log_in(client)
    assert 'value="0987654321"' in text(client.get(PROFILE))


def test_who_was_not_logged_in_reads_nothing_of_an_end(client: Client, db: None) -> None:
    client.post(PROFILE, {"mobile": "0912345678"})
    assert str(SESSION_ENDED) not in text(client.get(client.get(PROFILE)["Location"]))


def test_what_was_typed_is_there_after_log_in_but_for_its_owner_only(
    client: Client, owner: User, stranger: User, clock: time_machine.Traveller
) -> None:
    typed = {"email": "new@example.test", "mobile": "0987654321", "language": "en", "current_password": people.PASSWORD}
    for username, number in (("meiling", "0912345678"), ("xiaoming", "0987654321")):
        client = Client()
        log_in(client)
        clock.shift(minutes(15))
        client.post(PROFILE, typed)
        log_in(client, username)
        page = text(client.get(PROFILE))
        assert f'value="{number}"' in page
        assert ('value="new@example.test"' in page) is (username == "xiaoming")
        assert people.PASSWORD not in page


def test_staff_may_rest_for_half_an_hour(officer: User, clock: time_machine.Traveller) -> None:
    client = logged_in(officer)
    clock.shift(minutes(29.9))
    assert client.get("/admin/").status_code == 200
    clock.shift(minutes(30))
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_wagtails_own_question_does_not_prolong(officer: User, clock: time_machine.Traveller) -> None:
    client = logged_in(officer)
    clock.shift(minutes(20))
    client.post("/admin/editing-sessions/ping/wagtailcore/page/1/1/")
    assert AccountSession.objects.get().last_seen == NOON
    client.get("/admin/")
    assert AccountSession.objects.get().last_seen == NOON + minutes(20)


def test_remember_me_of_the_admin_remembers_no_longer(officer: User) -> None:
    client = Client()
    typed = {"username": "officer", "password": people.PASSWORD, "remember": "on"}
    client.post("/admin/login/", typed)
    assert client.cookies[COOKIE]["max-age"] == ""


# The time that is left


def left(client: Client) -> int:
    return int(client.head(SESSION)["X-Session-Left"])


def test_asking_how_much_is_left_does_not_prolong(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    for gone in (0, 5, 13, 14):
        clock.move_to(NOON + minutes(gone))
        assert left(client) == (15 - gone) * 60
        assert client.get(SESSION)["X-Session-Left"] == str((15 - gone) * 60)
    clock.move_to(NOON + minutes(15))
    assert left(client) == 0


def test_go_on_prolongs(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    clock.shift(minutes(13))
    answer = client.post(f"{SESSION}?next={TODO}")
    assert answer["Location"] == f"{SESSION}?next={TODO}"
    assert left(client) == 15 * 60


def test_the_page_says_what_comes_and_looks_again(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    calm = client.get(SESSION)
    assert "若沒有操作，將於 12:15 自動登出。" in text(calm)
    assert calm["Refresh"] == str(13 * 60)
    clock.shift(minutes(13))
    ending = client.get(SESSION)
    assert "即將自動登出" in text(ending)
    assert "若不繼續使用，將於 12:15:00 自動登出。" in text(ending)
    assert ending["Refresh"] == str(2 * 60)
    clock.shift(minutes(2))
    over = client.get(f"{SESSION}?next={TODO}")
    assert "已自動登出" in text(over)
    assert f'href="{LOGIN}?next=%2Fchina-student%2Findividual%2Ftodo%2F" target="_top"' in text(over)
    assert "Refresh" not in over


def test_go_on_after_the_end_does_nothing(client: Client, db: None) -> None:
    client.post(SESSION)
    assert left(client) == 0
    assert not AccountSession.objects.exists()


def test_the_page_may_be_framed_by_the_portal_only(owner_client: Client) -> None:
    response = owner_client.get(SESSION)
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert "frame-ancestors 'none'" in owner_client.get(PROFILE)["Content-Security-Policy"]


def test_a_page_knows_how_much_is_left(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    clock.shift(minutes(3))
    page = text(client.get(PROFILE))
    assert 'data-left="720" data-warn-before="120"' in page
    assert f'<noscript><iframe class="session-frame" src="{SESSION}?next=%2Fchina-student%2F' in page


# Visitors, and pages of the CMS


def test_pages_before_log_in_make_no_session(client: Client, db: None) -> None:
    client.get(LOGIN)
    client.get(f"{HOME}/register/")
    assert COOKIE not in client.cookies
    assert not AccountSession.objects.exists()


def test_a_page_of_the_cms_asks_for_no_session(owner_client: Client) -> None:
    seed_pages()
    with CaptureQueriesContext(connection) as asked:
        assert owner_client.get("/").status_code == 200
    assert [query["sql"] for query in asked if AccountSession._meta.db_table in query["sql"]] == []


# 登入中的裝置


def test_the_list_says_when_where_and_with_what(owner: User, clock: time_machine.Traveller) -> None:
    here, there = Client(headers={"user-agent": CHROME}), Client(REMOTE_ADDR="192.0.2.7")
    log_in(there)
    clock.shift(minutes(5))
    log_in(here)
    page = text(here.get(SESSIONS))
    first, second = page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:2]
    assert "Chrome・Windows" in first
    assert "這台裝置" in first
    assert "127.0.0.1" in first
    assert first.count("2026/11/23 12:05") == 2
    assert "不明的瀏覽器" in second
    assert "這台裝置" not in second
    assert "192.0.2.7" in second


def test_log_out_the_others(owner: User, owner_client: Client, stranger_client: Client) -> None:
    phone = logged_in(owner)
    answer = owner_client.post(SESSIONS, follow=True)
    assert "已登出其他裝置" in text(answer)
    assert [is_in(client) for client in (owner_client, phone, stranger_client)] == [True, False, True]
    assert "沒有其他登入中的裝置" in text(owner_client.post(SESSIONS, follow=True))


@pytest.mark.parametrize("others", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    owner: User, owner_client: Client, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _device in range(others):
        logged_in(owner)
    owner_client.get(SESSIONS)
    with django_assert_num_queries(8, exact=False):
        assert text(owner_client.get(SESSIONS)).count("<tr>") == others + 2


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (CHROME, "Chrome・Windows"),
        (f"{CHROME} Edg/140.0.0.0", "Edge・Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox・Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari・iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome・Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, said: str) -> None:
    assert plain(agent) == said


# What is kept


def test_sessions_that_ended_long_ago_are_forgotten(client: Client, owner: User, clock: time_machine.Traveller) -> None:
    log_in(client)
    client.post(f"{HOME}/todo/")
    clock.shift(minutes(15) + dt.timedelta(days=1))
    clear_sessions()
    assert AccountSession.objects.count() == 1
    clock.shift(dt.timedelta(seconds=1))
    clear_sessions()
    assert not AccountSession.objects.exists()


def test_the_count_of_wrong_passwords_survives_a_saved_session(client: Client, owner: User) -> None:
    log_in(client)
    session = client.session
    assert session[SESSION_KEY]
    AccountSession.objects.update(wrong_passwords=3)
    session["more"] = 1
    session.save()
    assert AccountSession.objects.get().wrong_passwords == 3


# Two requests of one session


def test_of_two_requests_each_writes_what_it_changed(owner: User) -> None:
    """A slow one that began earlier takes nothing back, and nothing that it did not touch comes again."""
    store = Client().session
    store["old"] = store["gone"] = 1
    store.save()
    key = store.session_key
    slow, quick = SessionStore(key), SessionStore(key)
    assert slow["old"] == 1
    del quick["gone"]
    quick["code"] = "passed"
    quick.save()
    slow["typed"] = {"path": "/"}
    slow.save()
    assert SessionStore(key).load() == {"old": 1, "code": "passed", "typed": {"path": "/"}}


def test_control_written_as_a_whole_the_slow_one_takes_it_back(owner: User) -> None:
    store = Client().session
    store["old"] = 1
    store.save()
    slow, quick = SessionStore(store.session_key), SessionStore(store.session_key)
    assert slow["old"] == 1
    quick["code"] = "passed"
    quick.save()
    slow["typed"] = 1
    super(SessionStore, slow).save()
    assert "code" not in SessionStore(store.session_key).load()


def test_a_session_that_ended_meanwhile_is_not_written_again(owner: User) -> None:
    store = SessionStore(logged_in(owner).session.session_key)
    store["typed"] = 1
    AccountSession.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not AccountSession.objects.exists()
