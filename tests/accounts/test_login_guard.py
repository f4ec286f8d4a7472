"""暫停登入: five failures in 15 minutes, by account and network; twenty in a day; and the journal of every try."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from portal.accounts import login_guard
from portal.accounts.models import LogInAttempt, User
from portal.captcha import proof_of_work
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant
from portal.throttling import limits
from tests import hashers, people
from tests.captcha.solving import by_proof, code_and_work, key_in, solved, two_codes

from .steps import LOGIN, TODO, log_in, register, submit, text

HOME_NETWORK, ELSEWHERE = "203.0.113.7", "198.51.100.20"
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)  # 12:00 in Taipei
WRONG = "帳號或密碼錯誤"
MORE = "最近失敗次數較多，為保護帳號，請再驗證一次；這次需要多一項驗證"
Clock = time_machine.Traveller


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as found:
        yield found


@pytest.fixture
def counted(settings: Settings) -> type[hashers.CountingHasher]:
    """The hasher that counts how often it is made to work."""
    settings.PASSWORD_HASHERS = ["tests.hashers.CountingHasher"]
    hashers.CountingHasher.calls = 0
    return hashers.CountingHasher


def from_network(address: str = HOME_NETWORK) -> Client:
    return Client(REMOTE_ADDR=address)


def fail(times: int, username: str = "xiaoming", address: str = HOME_NETWORK) -> Any:
    """The answer to the last of so many wrong passwords, typed at the log-in page."""
    answers = [log_in(from_network(address), username, "wrong password 1") for _time in range(times)]
    return answers[-1]


def fail_before(times: int, username: str = "xiaoming", realm: str = people.CATEGORY) -> None:
    """So many failures from ever other networks, so that none is locked; past the page."""
    for number in range(times):
        request = RequestFactory(REMOTE_ADDR=f"192.0.2.{number}").post(LOGIN)
        assert not login_guard.guarded(lambda: None, username=username, realm=realm, request=request, now=timezone.now(), proof=3)


def with_proof(client: Client, solve: Callable[[str], dict[str, str]], username: str = "xiaoming") -> Any:
    """Log in with the right password and that answer to the 驗證碼."""
    typed = solve(text(client.get(LOGIN))) | {"username": username, "password": people.PASSWORD}
    return client.post(LOGIN, typed)


def outcomes(**of: Any) -> list[str]:
    return list(LogInAttempt.objects.filter(**of).order_by("pk").values_list("outcome", flat=True))


def test_the_fifth_failure_is_a_failure_and_the_sixth_try_is_not_looked_at(owner: User, clock: Clock) -> None:
    assert list(fail(5).context["form"].non_field_errors()) == [WRONG]
    response = log_in(from_network())  # the right password
    assert response.status_code == 429
    assert SESSION_KEY not in response.client.session
    assert "登入失敗次數過多，從您目前的網路暫時不能登入。" in text(response)
    assert "請於 2026/11/23 12:15 以後再試。" in text(response)
    assert response.headers["Retry-After"] == "900"


def test_the_page_of_the_lock_leads_back_to_where_they_were_going(owner: User, clock: Clock) -> None:
    fail(5)
    wanted = f"{TODO}?tab=multiple-entry"
    page = text(log_in(from_network(), next=wanted))
    assert f'<input type="hidden" name="next" value="{wanted}">' in page
    back = text(from_network().post(LOGIN, {"username": "xiaoming", "next": wanted, "refresh": "1"}))
    for shown in (page, back):  # and the name is not typed again
        assert re.search(r'name="username" value="xiaoming"', shown)
    assert f'name="next" value="{wanted}"' in back


def test_four_failures_lock_nothing(owner: User, clock: Clock) -> None:
    fail(4)
    assert log_in(from_network())["Location"] == TODO


def test_the_rightful_owner_gets_in_from_another_network(owner: User, clock: Clock) -> None:
    fail(5)
    assert log_in(from_network()).status_code == 429
    assert log_in(from_network(ELSEWHERE))["Location"] == TODO


def test_another_account_gets_in_from_the_same_network(owner: User, stranger: User, clock: Clock) -> None:
    fail(5)
    assert log_in(from_network(), "meiling")["Location"] == TODO


def test_the_lock_ends_fifteen_minutes_after_the_first_of_the_five(owner: User, clock: Clock) -> None:
    fail(1)
    clock.shift(dt.timedelta(minutes=5))
    fail(4)
    clock.shift(dt.timedelta(minutes=9, seconds=59))
    assert log_in(from_network()).status_code == 429
    clock.shift(1)
    assert log_in(from_network())["Location"] == TODO


def test_tries_while_locked_do_not_make_it_longer(owner: User, clock: Clock) -> None:
    fail(5)
    clock.shift(dt.timedelta(minutes=14))
    assert fail(3).status_code == 429
    clock.shift(dt.timedelta(minutes=1))
    assert log_in(from_network())["Location"] == TODO


def test_a_good_log_in_in_between_forgives_nothing_and_is_no_failure(owner: User, clock: Clock) -> None:
    fail(4)
    for _again in range(3):
        assert log_in(from_network())["Location"] == TODO
    fail(1)
    assert log_in(from_network()).status_code == 429


def test_the_time_is_said_to_the_next_whole_minute(owner: User, clock: Clock) -> None:
    clock.shift(1)
    fail(5)
    assert "請於 2026/11/23 12:16 以後再試。" in text(log_in(from_network()))


def test_all_addresses_of_one_home_are_one_network(owner: User, clock: Clock) -> None:
    for number in range(5):
        fail(1, address=f"2001:db8:1:2::{number}")
    assert log_in(from_network("2001:db8:1:2:ffff::1")).status_code == 429
    assert log_in(from_network("2001:db8:1:3::1"))["Location"] == TODO


def test_a_locked_try_is_answered_before_anything_is_hashed(
    owner: User, clock: Clock, counted: type[hashers.CountingHasher]
) -> None:
    for username in ("xiaoming", "nobody"):
        counted.calls = 0
        fail(5, username)
        assert counted.calls == 5
        log_in(from_network(), username)
        assert counted.calls == 5


def plain(response: Any) -> str:
    """The page without what differs from picture to picture and from form to form; those are equally long."""
    return re.sub(r'value="[0-9a-zA-Z]{64}"|[0-9a-f]{40}', "", text(response))


@pytest.mark.parametrize("failures", [0, 4, 5])
def test_a_known_and_an_unknown_account_are_answered_alike(owner: User, clock: Clock, failures: int) -> None:
    answers = []
    for username in ("xiaoming", "xiaomeng"):
        clock.move_to(NOON)
        answers.append(fail(failures + 1, username))
    known, unknown = answers
    assert known.status_code == unknown.status_code == (429 if failures >= 5 else 200)
    assert dict(known.headers) == dict(unknown.headers)
    assert plain(known) == plain(unknown).replace("xiaomeng", "xiaoming")
    assert len(known.content) == len(unknown.content)


@pytest.mark.parametrize("failures", [0, 3, 5])
def test_a_known_and_an_unknown_account_ask_the_same_questions(owner: User, clock: Clock, failures: int) -> None:
    """Apart from the row itself nothing that is done depends on whether there is an account."""
    asked = []
    for _time in range(failures + 1):
        fail(1, "somebody-else")  # the network's counters have their rows
    for username in ("xiaoming", "xiaomeng"):
        for _time in range(failures):
            fail(1, username)
        client = from_network()
        typed = solved(text(client.get(LOGIN))) | {"username": username, "password": "wrong password 1"}
        with CaptureQueriesContext(connection) as queries:
            client.post(LOGIN, typed)
        asked.append([re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"]) for query in queries])
    assert asked[0] == asked[1]


def test_a_network_that_fails_over_many_accounts_is_asked_for_more_proof(
    owner: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOG_IN_OF_NETWORK", replace(limits.LOG_IN_OF_NETWORK, count=8))
    for number in range(8):
        fail(1, f"guess{number}")
    response = log_in(from_network())
    assert response.context["form"].errors == {"captcha": [MORE]}
    assert len(outcomes(outcome="tried")) == 8  # nothing was hashed for it
    assert 'name="captcha_3"' in text(response)
    assert 'value="xiaoming"' in text(response)
    assert with_proof(from_network(), two_codes)["Location"] == TODO
    assert log_in(from_network(ELSEWHERE))["Location"] == TODO
    clock.shift(dt.timedelta(minutes=15))
    assert log_in(from_network())["Location"] == TODO


def test_a_hundred_is_what_a_network_may_fail() -> None:
    """Behind one address may stand a whole dormitory."""
    assert limits.LOG_IN_OF_NETWORK.count == 100


def test_staff_are_asked_for_more_proof_instead_of_locked(officer: User, clock: Clock) -> None:
    """They have no one-time password to get in by; who shares their network could lock out all of them."""

    def at_the_admin(password: str, address: str = HOME_NETWORK) -> Any:
        return from_network(address).post("/admin/login/", {"username": "officer", "password": password})

    for _time in range(5):
        assert at_the_admin("wrong password 1").status_code == 200
    asked = at_the_admin(people.PASSWORD)
    assert asked.status_code == 200
    assert asked.context["form"].errors == {"captcha": [MORE]}
    assert at_the_admin(people.PASSWORD, ELSEWHERE).status_code == 302
    client = from_network()
    page = text(asked)
    typed = {"username": "officer", "password": people.PASSWORD, **two_codes(page)}
    assert client.post("/admin/login/", typed).status_code == 302
    assert set(LogInAttempt.objects.values_list("realm", "account")) == {("staff", officer.pk)}
    assert outcomes() == ["tried", "wrong"] * 5 + ["more_proof"] + ["tried", "succeeded"] * 2


def test_failures_in_one_realm_do_not_lock_the_other(officer: User, clock: Clock) -> None:
    fail(5, "officer")
    response = from_network().post("/admin/login/", {"username": "officer", "password": people.PASSWORD})
    assert response.status_code == 302


def by_work(username: str, password: str = people.PASSWORD) -> Any:
    """Log in with a proof of work, from a network that is not locked."""
    client = from_network(ELSEWHERE)
    typed = by_proof(text(client.get(LOGIN))) | {"username": username, "password": password}
    return client.post(LOGIN, typed)


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof that costs a test nothing."""
    monkeypatch.setattr(proof_of_work, "BITS_ALONE", (2, 3, 4, 5))
    monkeypatch.setattr(proof_of_work, "BITS_BESIDE_A_CODE", (0, 2, 3, 4))


@pytest.mark.usefixtures("easy")
def test_nineteen_failures_of_a_day_leave_every_way_open(owner: User, clock: Clock) -> None:
    fail_before(19)
    assert by_work("xiaoming")["Location"] == TODO
    assert not OutgoingMail.objects.exists()


@pytest.mark.usefixtures("easy")
@pytest.mark.parametrize("username", ["xiaoming", "nobody"])
def test_after_twenty_a_proof_of_work_is_no_longer_enough(owner: User, clock: Clock, username: str) -> None:
    fail_before(20, username)
    response = by_work(username)
    assert response.context["form"].errors == {"captcha": [MORE]}
    assert f'value="{username}"' in text(response)
    assert len(outcomes(outcome="tried")) == 20  # nothing was hashed for it
    assert log_in(from_network(ELSEWHERE), username).context["form"].errors == {"captcha": [MORE]}  # nor a picture
    for enough in (two_codes, code_and_work):
        response = with_proof(from_network(ELSEWHERE), enough, username)
        assert response.status_code == (302 if username == "xiaoming" else 200)
    assert outcomes()[-4:] == ["tried", "succeeded"] * 2 if username == "xiaoming" else ["tried", "wrong"] * 2


@pytest.mark.usefixtures("easy")
def test_a_day_later_it_is_enough_again(owner: User, clock: Clock) -> None:
    fail_before(20)
    clock.shift(dt.timedelta(hours=24))
    assert by_work("xiaoming")["Location"] == TODO


def test_the_owner_gets_one_email(owner: User, clock: Clock) -> None:
    fail_before(23)
    email = OutgoingMail.objects.get()
    assert (email.kind, email.to) == ("log_in_failures", "xiaoming@example.test")
    assert email.subject == "學生線上申辦系統：登入失敗次數過多"
    assert "過去 24 小時內，以您的帳號 xiaoming 登入失敗已達 20 次。" in email.body
    assert f"登入頁：http://localhost:8000{LOGIN}" in email.body


def test_staff_get_one_too(officer: User, clock: Clock) -> None:
    User.objects.update(email="officer@example.test")
    fail_before(20, "officer", login_guard.STAFF_REALM)
    email = OutgoingMail.objects.get()
    assert email.to == "officer@example.test"
    assert "登入頁：" not in email.body


def test_nobody_gets_a_email_about_an_unknown_account(owner: User, clock: Clock) -> None:
    fail_before(21, "nobody")
    assert not OutgoingMail.objects.exists()


def test_every_try_stands_in_the_journal(owner: User, clock: Clock) -> None:
    log_in(from_network(), "XiaoMing")
    tried, ended = LogInAttempt.objects.order_by("pk")
    assert (tried.outcome, ended.outcome, ended.parent) == ("tried", "succeeded", tried)
    for line in (tried, ended):
        assert (line.at, line.realm, line.account, line.network) == (NOON, "china-student", owner.pk, HOME_NETWORK)
        assert line.name_hash == login_guard._hash("xiaoming")
    log_in(from_network(), "nobody", "wrong password 1")
    assert outcomes(account=None) == ["tried", "wrong"]


def test_a_wrong_captcha_stands_in_the_journal_and_is_no_failure_of_the_account(owner: User, clock: Clock) -> None:
    for _time in range(6):
        client = from_network()
        wrong = {"captcha_0": key_in(text(client.get(LOGIN))), "captcha_1": "zzzzz"}
        client.post(LOGIN, {"username": "xiaoming", "password": people.PASSWORD, **wrong})
    assert outcomes() == ["captcha_wrong"] * 6
    assert log_in(from_network())["Location"] == TODO


def test_an_account_that_waits_for_activation_is_no_failure(wang: Applicant, clock: Clock) -> None:
    register(Client())
    for _time in range(6):
        assert log_in(from_network()).status_code == 200
    assert outcomes() == ["tried", "not_activated"] * 6


def test_neither_password_nor_typed_name_is_written_down(owner: User, clock: Clock) -> None:
    """Who types their password into the wrong box finds it nowhere."""
    log_in(from_network(), people.PASSWORD, "another secret 7")
    log_in(from_network(), "xiaoming", "another secret 7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_accounts_loginattempt")
        kept = repr(cursor.fetchall())
    assert kept.count(HOME_NETWORK) == 2  # what is no name of an account is not even looked at
    for secret in (people.PASSWORD, "another secret 7", "xiaoming"):
        assert secret not in kept


@pytest.mark.parametrize(
    "change", ["UPDATE portal_accounts_loginattempt SET outcome = 'succeeded'", "DELETE FROM portal_accounts_loginattempt"]
)
def test_the_database_refuses_to_change_the_journal(owner: User, change: str) -> None:
    log_in(Client())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_try_that_never_ended_counts_as_a_failure(owner: User, clock: Clock) -> None:
    fail(4)
    login_guard._open_attempt(login_guard._new_attempt("xiaoming", "china-student", None, NOON))  # another network: none
    assert log_in(from_network()).status_code == 302
    LogInAttempt.objects.create(
        at=NOON,
        realm="china-student",
        name_hash=login_guard._hash("xiaoming"),
        network=HOME_NETWORK,
        outcome=LogInAttempt.Outcome.TRIED,
    )
    assert log_in(from_network()).status_code == 429


def test_a_log_in_inside_a_transaction_is_refused(transactional_db: None, owner: User) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        login_guard._open_attempt(login_guard._new_attempt("xiaoming", "china-student", None, NOON))


def test_the_log_in_before_is_shown_with_time_and_place(owner: User, clock: Clock) -> None:
    first = from_network()
    log_in(first)
    assert "上次登入" not in text(first.get(TODO))
    clock.shift(dt.timedelta(minutes=10))
    second = from_network("2001:db8:1:2::7")
    log_in(second)
    assert "上次登入：2026/11/23 12:00，來自 203.0.113.7" in text(second.get(TODO))
    clock.shift(dt.timedelta(minutes=1))
    log_in(from_network(ELSEWHERE))
    assert "上次登入：2026/11/23 12:00，來自 203.0.113.7" in text(second.get(TODO))  # before this session's own
    third = from_network()
    log_in(third)
    assert "來自 198.51.100.20" in text(third.get(TODO))
    clock.shift(1)
    fourth = from_network()
    log_in(fourth)
    assert "上次登入：2026/11/23 12:11，來自 203.0.113.7" in text(fourth.get(TODO))


def test_who_comes_at_the_wrong_log_in_page_is_locked_at_that_one_only(owner: User, clock: Clock, other_category: str) -> None:
    page = f"/{other_category}/individual/login/"
    for _time in range(6):
        response = submit(from_network(), page, {"username": "xiaoming", "password": people.PASSWORD})
    assert response.status_code == 429
    assert outcomes(account=owner.pk) == []
    assert log_in(from_network())["Location"] == TODO
