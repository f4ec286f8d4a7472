"""What a visitor or a student can make the portal write about accounts is bounded, and goes when its time is over."""

import datetime as dt
import secrets
from typing import Any

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.accounts import login_guard, purging
from portal.accounts.models import ActivationLink, EmailChange, EmailRequest, LogInAttempt, User
from portal.accounts.tasks import clear_sessions
from portal.captcha import rows as captcha_rows
from portal.sessions import devices as sessions_open
from portal.sessions import typed
from portal.sessions.engine import AccountSession, row_key_of
from portal.throttling import limits
from tests import people
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PROFILE = "/china-student/individual/account/profile/"
LOGIN = "/china-student/individual/login/"
SECOND = dt.timedelta(seconds=1)


def post(cookie: str | None = None, **typed: str) -> Any:
    """Who is not logged in posts to a student's page; the answer."""
    client = Client()
    if cookie:
        client.cookies["sessionid"] = cookie
    return client.post(PROFILE, typed or {"mobile": "0912345678"})


def is_shown(response: Any, value: str = "0912345678") -> bool:
    """It goes back with the answer, and nothing of it is written down."""
    return response.status_code == 403 and f'name="mobile" value="{value}"' in response.content.decode()


def visitors() -> int:
    return AccountSession.objects.filter(account=None).count()


@pytest.mark.parametrize("key", ["", "a" * 32], ids=["no key", "a key that means nothing"])
def test_of_who_is_nobody_nothing_is_written_down(key: str) -> None:
    assert is_shown(post(key))
    assert visitors() == 0


def test_a_known_account_is_bounded_by_itself(owner: User) -> None:
    key = logged_in(owner).cookies["sessionid"].value
    AccountSession.objects.update(expire_date=timezone.now() - SECOND)
    with time_machine.travel(timezone.now(), tick=False):
        answers = [post(key) for _ in range(typed.OF_ACCOUNT.limit + 1)]
    assert [response.status_code for response in answers] == [302] * typed.OF_ACCOUNT.limit + [403]
    assert is_shown(answers[-1])
    assert visitors() == typed.OF_ACCOUNT.limit


def test_too_much_is_not_written_down_but_shown(owner: User) -> None:
    key = logged_in(owner).cookies["sessionid"].value
    AccountSession.objects.update(expire_date=timezone.now() - SECOND)
    response = post(key, mobile="x" * (typed.MOST + 1))
    assert is_shown(response, "x" * (typed.MOST + 1))
    assert "您的登入已結束" in response.content.decode()
    assert visitors() == 0


def test_what_is_written_down_is_bounded(owner: User) -> None:
    key = logged_in(owner).cookies["sessionid"].value
    AccountSession.objects.update(expire_date=timezone.now() - SECOND)
    assert post(key, mobile="x" * (typed.MOST - 10)).status_code == 302
    row = AccountSession.objects.get(account=None)
    assert row.get_decoded()["typed"]["typed"]["mobile"] == ["x" * (typed.MOST - 10)]
    assert len(row.session_data) < typed.MOST * 2


def test_a_visitors_session_goes_when_it_is_over_and_a_log_in_a_day_later(owner: User) -> None:
    logged_in(owner)
    now = timezone.now()
    AccountSession.objects.update(expire_date=now - SECOND)
    AccountSession.objects.create(session_key="v", session_data="", expire_date=now + SECOND)
    assert purging.forget_sessions(now=now) == 0
    assert purging.forget_sessions(now=now + SECOND) == 1
    assert AccountSession.objects.get().account == owner
    assert purging.forget_sessions(now=now + dt.timedelta(days=1)) == 1
    assert clear_sessions() == 0


def test_an_account_has_so_many_sessions(owner: User) -> None:
    cookies = [logged_in(owner).cookies["sessionid"].value for _ in range(sessions_open.OPEN_MAX + 3)]
    keys = [row_key_of(cookie) for cookie in cookies]
    kept = set(AccountSession.objects.filter(account=owner).values_list("pk", flat=True))
    assert len(kept) == sessions_open.OPEN_MAX
    assert keys[-1] in kept
    assert keys[0] not in kept


def test_nothing_but_what_was_typed_makes_a_session(client: Client) -> None:
    for address in ("/", LOGIN, "/verify/?code=X", "/admin/", "/admin/login/", "/china-student/individual/register/"):
        client.get(address)
        client.post(address, {"username": "x"})
    assert not AccountSession.objects.exists()
    assert isinstance(client.session, SessionBase)


# 驗證碼


def challenges(count: int, *, life: dt.timedelta = dt.timedelta(minutes=5)) -> None:
    expires = timezone.now() + life
    CaptchaStore.objects.bulk_create(
        CaptchaStore(challenge="A", response="a", hashkey=secrets.token_hex(20), expiration=expires) for _ in range(count)
    )


def test_expired_challenges_go() -> None:
    challenges(3, life=-SECOND)
    challenges(2)
    assert captcha_rows.forget_expired(now=timezone.now()) == 3
    assert CaptchaStore.objects.count() == 2


def test_a_flood_of_challenges_trims_itself(client: Client) -> None:
    challenges(captcha_rows.ROWS_MAX + 10)
    for _ in range(captcha_rows.TRIM_EVERY):
        client.get("/captcha/refresh/")
    assert CaptchaStore.objects.count() <= captcha_rows.ROWS_MAX + captcha_rows.TRIM_EVERY
    page = client.get(LOGIN).content.decode()
    assert "captcha_0" in page  # nobody's realm is closed


# The journal


def line(at: dt.datetime, **fields: Any) -> LogInAttempt:
    names = {"realm": "china-student", "name_hash": "x", "network": "192.0.2.1", "outcome": "tried"}
    return LogInAttempt.objects.create(at=at, **{**names, **fields})


def test_the_journal_is_kept_for_half_a_year() -> None:
    now = timezone.now()
    old, young = now - purging.JOURNAL_LIFE - SECOND, now - purging.JOURNAL_LIFE + SECOND
    for at in (old, young, now):
        line(at, outcome="wrong", parent=line(at))
    assert purging.forget_journal(now=now) == 2
    assert LogInAttempt.objects.count() == 4
    assert purging.forget_journal(now=now) == 0


def test_the_database_lets_nobody_delete_a_younger_line() -> None:
    recent = line(timezone.now() - purging.JOURNAL_LIFE + dt.timedelta(days=2))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        recent.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LogInAttempt.objects.update(outcome="succeeded")
    assert LogInAttempt.objects.count() == 1


def test_wrong_captchas_fill_no_journal(rf: Any) -> None:
    now, most = timezone.now(), login_guard.CAPTCHAS_NOTED.limit
    for _ in range(most + 20):
        login_guard.note_wrong_captcha("x", realm="china-student", request=rf.get("/"), now=now)
    assert LogInAttempt.objects.count() == most
    assert login_guard.captcha_step("127.0.0.1", realm="china-student", now=now) == login_guard.MAX_PROOF


@pytest.mark.parametrize("realm", ["china-student", login_guard.STAFF_REALM])
def test_a_flood_of_other_refusals_hides_no_wrong_captcha(rf: Any, realm: str) -> None:
    now, other = timezone.now(), {"china-student": login_guard.STAFF_REALM}.get(realm, "china-student")
    for each in (realm, other):
        line = LogInAttempt(at=now, realm=each, name_hash="x", network="127.0.0.1", outcome="locked")
        for _ in range(login_guard.REFUSALS_NOTED.limit + 5):
            line.pk = None
            login_guard._note(line)
        assert LogInAttempt.objects.filter(realm=each).count() == login_guard.REFUSALS_NOTED.limit
    for _ in range(limits.CAPTCHA_OF_NETWORK.count):
        login_guard.note_wrong_captcha("x", realm=realm, request=rf.get("/"), now=now)
    assert login_guard.captcha_step("127.0.0.1", realm=realm, now=now) == 1
    assert login_guard.captcha_step("127.0.0.1", realm=other, now=now) == 0


# Links and requests


@pytest.mark.parametrize("model", [ActivationLink, EmailChange])
def test_a_link_goes_a_month_after_it_expired(owner: User, model: Any) -> None:
    now = timezone.now()
    for name, age in (("old", purging.LINK_KEPT), ("young", purging.LINK_KEPT - SECOND)):
        email = {"email": "a@example.test"} if model is EmailChange else {}
        model.objects.create(user=owner, token_hash=name, created_at=now, expires_at=now - age, **email)
    purging.purge(now=now)
    assert model.objects.get().token_hash == "young"


def test_a_request_that_nobody_answered_goes_after_a_day() -> None:
    now = timezone.now()
    for name, age in (("old", purging.UNANSWERED_LIFE), ("young", purging.UNANSWERED_LIFE - SECOND)):
        EmailRequest.objects.create(kind="password", category=people.CATEGORY, username=name, asked_at=now - age)
    purging.purge(now=now)
    assert EmailRequest.objects.get().username == "young"
