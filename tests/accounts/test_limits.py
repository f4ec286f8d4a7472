"""Lock-outs are no weapon: for each limit of the table an attacker who has reached it, and the owner who gets in all the same."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from portal.accounts import login_guard
from portal.accounts.account import profile
from portal.accounts.models import EmailRequest, LogInAttempt, User
from portal.accounts.password import changing as passwords
from portal.china_student.identity import SINGLE
from portal.mail.models import OutgoingMail
from portal.records.lookup import _hash, match_permit
from portal.records.models import LookupLog
from portal.records.protocol import Match, Reason, Refusal
from portal.staff_login import second_factor
from portal.staff_login.models import Authenticator
from portal.throttling import limits
from portal.throttling.limits import Effect, Limit, Scope
from portal.throttling.models import LimitHit
from portal.throttling.tasks import purge
from tests import people
from tests.architecture.source import modules
from tests.captcha.solving import solved, two_codes, two_codes_by_ear
from tests.conftest import logged_in

from .steps import FORGOT, LOGIN, REGISTER, REGISTERED, RESEND, TODO, WANG, last_link, register, submit, text
from .test_login_guard import MORE

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
NETWORK, ELSEWHERE = "203.0.113.7", "198.51.100.20"
ADMIN_LOGIN = "/admin/login/"
Enough = Callable[[str], dict[str, str]]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def browser(network: str = NETWORK) -> Client:
    return Client(REMOTE_ADDR=network)


def failed_log_ins(count: int, *, realm: str = people.CATEGORY, username: str = "", network: str = NETWORK) -> None:
    """So many tries without a good end; over ever other accounts unless one is named."""
    LogInAttempt.objects.bulk_create(
        LogInAttempt(
            at=NOON, realm=realm, name_hash=login_guard._hash(username or f"guess{number}"), network=network, outcome="tried"
        )
        for number in range(count)
    )


def failed_lookups(count: int, *, network: str, about: str = "") -> None:
    LookupLog.objects.bulk_create(
        LookupLog(
            question="person",
            asker=network,
            asked_at=NOON,
            key_hash=_hash(about or f"X{number}"),
            document_hash=_hash(f"Y{number}"),
            outcome=Reason.UNKNOWN_PERSON,
        )
        for number in range(count)
    )


def opens(page: str, typed: dict[str, str], enough: Enough, network: str = NETWORK) -> str:
    """Where the owner gets with that proof."""
    client = browser(network)
    return client.post(page, typed | enough(text(client.get(page)))).headers.get("Location", "")


def enters(enough: Enough = solved, network: str = NETWORK, password: str = people.PASSWORD) -> bool:
    return opens(LOGIN, {"username": "xiaoming", "password": password}, enough, network) == TODO


def staff_enter(enough: Enough | None = None, network: str = NETWORK) -> bool:
    client = browser(network)
    page = text(client.get(ADMIN_LOGIN))
    typed = {"username": "officer", "password": people.PASSWORD} | (enough(page) if enough else {})
    return client.post(ADMIN_LOGIN, typed).headers.get("Location") == "/admin/"


def mailed() -> str:
    """The newest one-time password."""
    lines = OutgoingMail.objects.filter(kind="one_time_password").latest("pk").body.splitlines()
    return next(line for line in lines if line.count("-") == 4 and len(line) == 24)


# -- a case for each limit ------------------------------------------------------------------


def log_in() -> None:
    failed_log_ins(5, username="xiaoming")
    assert not enters()
    assert enters(network=ELSEWHERE)
    page = text(submit(browser(), LOGIN, {"username": "xiaoming", "password": people.PASSWORD}))
    assert "從其他網路登入，例如手機行動網路，不受影響；" in page
    assert f'href="{FORGOT}">以忘記密碼索取一次性密碼，從這個網路也可以登入。</a>' in page
    submit(browser(), FORGOT, {"username": "xiaoming"})
    assert enters(password=mailed())  # from the attacker's own network, at once
    assert not enters(password=mailed())  # once


def log_in_of_network() -> None:
    failed_log_ins(100)
    assert not enters()
    assert enters(two_codes)
    assert enters(two_codes_by_ear)
    assert enters(network=ELSEWHERE)
    assert staff_enter()  # staff do not pay for students


def staff_log_in() -> None:
    """Guests on the office's network who fail at every officer's account."""
    failed_log_ins(5, username="officer", realm="staff")
    client = browser()
    asked = text(client.post(ADMIN_LOGIN, {"username": "officer", "password": people.PASSWORD}))
    typed = {"username": "officer", "password": people.PASSWORD, **two_codes(asked)}
    assert client.post(ADMIN_LOGIN, typed)["Location"] == "/admin/"
    assert staff_enter(network=ELSEWHERE)


def staff_log_in_of_network() -> None:
    failed_log_ins(30, realm="staff")
    assert not staff_enter()
    assert staff_enter(two_codes)
    assert staff_enter(network=ELSEWHERE)
    assert enters()  # nor students for staff


def log_in_of_account() -> None:
    for number in range(20):
        failed_log_ins(1, username="xiaoming", network=f"192.0.2.{number}")
    assert not enters()
    client = browser()
    page = submit(client, LOGIN, {"username": "xiaoming", "password": people.PASSWORD})
    typed = {"username": "xiaoming", "password": people.PASSWORD, **two_codes(text(page))}
    assert client.post(LOGIN, typed)["Location"] == TODO


def captcha_of_network() -> None:
    wrong = {"username": "nobody", "password": "x", "captcha_1": "zzzzz"}
    for page in [LOGIN, RESEND, FORGOT] * 10:
        client = browser()
        key = solved(text(client.get(page)))["captcha_0"]
        client.post(page, {**wrong, "captcha_0": key})
    assert LogInAttempt.objects.filter(outcome="captcha_wrong", network=NETWORK).count() == 30
    assert not enters()
    for page in (LOGIN, RESEND, FORGOT):
        assert 'name="captcha_3"' in text(browser().get(page))
    assert enters(two_codes)
    assert enters(network=ELSEWHERE)
    assert staff_enter()


def registration() -> None:
    failed_lookups(5, network=NETWORK, about=WANG["ui_no"])
    new = WANG | {"username": "newname"}
    response = submit(browser(), REGISTER, new)
    assert "請於 2026/11/23 13:00 以後再試。" in text(response)
    assert opens(REGISTER, new, solved, ELSEWHERE) == REGISTERED


def registration_of_document() -> None:
    for number in range(20):
        failed_lookups(1, network=f"192.0.2.{number}", about=WANG["ui_no"])
    new = WANG | {"username": "newname"}
    assert opens(REGISTER, new, solved) == ""
    assert opens(REGISTER, new, two_codes) == REGISTERED


def registration_of_network() -> None:
    failed_lookups(100, network=NETWORK)
    new = WANG | {"username": "newname"}
    assert opens(REGISTER, new, solved) == ""
    assert opens(REGISTER, new, two_codes) == REGISTERED
    assert opens(REGISTER, new, solved, ELSEWHERE) == REGISTERED


def permit_number() -> None:
    for number in range(20):
        match_permit(f"{number:012d}", SINGLE, category="china-student", ui_no="A890000002", asker="user:1", now=NOON)
    refusal = match_permit("115000000015", SINGLE, category="china-student", ui_no="A890000002", asker="user:1", now=NOON)
    assert isinstance(refusal, Refusal)
    assert str(refusal.detail) == "請於 2026/11/23 13:00 以後再試。"
    assert isinstance(
        match_permit("115000000015", SINGLE, category="china-student", ui_no="A890000002", asker="user:2", now=NOON), Match
    )


def emails_of_network() -> None:
    row = {"kind": "password", "category": people.CATEGORY, "network": NETWORK, "asked_at": NOON, "answered_at": NOON}
    EmailRequest.objects.bulk_create(EmailRequest(**row) for _request in range(60))
    for page in (RESEND, FORGOT):
        assert opens(page, {"username": "xiaoming"}, solved) == ""
        assert opens(page, {"username": "xiaoming"}, two_codes) == LOGIN
        assert opens(page, {"username": "xiaoming"}, solved, ELSEWHERE) == LOGIN


def email_again() -> None:
    """Somebody who asks in the owner's name makes the owner of another network wait for nothing."""
    submit(browser(), FORGOT, {"username": "xiaoming"})
    page = submit(browser(), FORGOT, {"username": "xiaoming"})
    assert "請於 2026/11/23 12:02 以後再索取" in text(page)
    assert opens(FORGOT, {"username": "xiaoming"}, solved, ELSEWHERE) == LOGIN
    assert enters(password=mailed())
    with time_machine.travel(NOON + dt.timedelta(minutes=2), tick=False):
        assert opens(FORGOT, {"username": "xiaoming"}, solved) == LOGIN


def password_emails() -> None:
    """From many networks, all day long: five emails, and the last one opens until there may be another."""
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(12):
            submit(browser(f"192.0.2.{number}"), FORGOT, {"username": "xiaoming"})
            clock.shift(dt.timedelta(minutes=10))
        emails = OutgoingMail.objects.filter(kind="one_time_password")
        assert emails.count() == 5
        assert "這是最後一組：至 2026/11/24 12:00 為止都有效" in emails.latest("pk").body
        clock.move_to(NOON + dt.timedelta(hours=23, minutes=59))
        purge()
        assert enters(password=mailed())
        passwords.change(User.objects.get(username="xiaoming"), "a new passphrase 7", now=timezone.now())
        submit(browser(), FORGOT, {"username": "xiaoming"})  # whoever got in begins anew
        assert emails.count() == 6


def activation_emails() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        User.objects.all().delete()
        for number in range(8):
            register(browser(f"192.0.2.{number}"), email=f"victim{number}@example.test")
            clock.shift(dt.timedelta(minutes=10))
        assert OutgoingMail.objects.filter(kind="activation").count() == 5
        clock.move_to(NOON + dt.timedelta(hours=23, minutes=59))
        assert browser().post(last_link())["Location"] == LOGIN


def registered_emails() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(6):
            register(browser(f"192.0.2.{number}"))
            clock.shift(dt.timedelta(hours=2))
        assert OutgoingMail.objects.filter(kind="already_registered").count() == 3
        assert enters()


def email_changes() -> None:
    _changes(5, dt.timedelta(minutes=1), NOON + dt.timedelta(hours=1))


def email_changes_of_day() -> None:
    _changes(10, dt.timedelta(hours=1), NOON + dt.timedelta(hours=24))


def _changes(count: int, pause: dt.timedelta, until: dt.datetime) -> None:
    user = User.objects.get(username="xiaoming")
    for number in range(count + 1):
        wanted = {"email": f"a{number}@example.test", "mobile": "0912345678", "language": "zh-hant"}
        try:
            profile.save(user, **wanted, now=NOON + number * pause)
        except profile.TooManyChanges as refused:
            assert (number, refused.until) == (count, until)  # noqa: PT017
            return
    raise AssertionError("nothing stops it")


def current_password() -> None:
    thief, own = logged_in(User.objects.get(username="xiaoming")), browser()
    for _try in range(5):
        thief.post("/china-student/individual/account/password/", {"current_password": "x", "new_password": "a new word 77"})
    assert enters()
    assert own.get(TODO).status_code == 302


def second_factor_() -> None:
    officer = User.objects.get(username="officer")
    codes = second_factor.new_recovery_codes(officer)
    device = Authenticator.objects.get(user=officer)
    for _try in range(5):
        assert second_factor.verify(officer, "000000", network=NETWORK, now=NOON) is False
    right = f"{totp(device.bin_key):06d}"
    assert second_factor.verify(officer, right, network=NETWORK, now=NOON) == second_factor.WaitUntil(NOON + limits.QUARTER)
    assert second_factor.verify(officer, codes[0], network=NETWORK, now=NOON) is True
    assert second_factor.verify(officer, right, network=ELSEWHERE, now=NOON) is True


def second_factor_of_account() -> None:
    officer = User.objects.get(username="officer")
    codes = second_factor.new_recovery_codes(officer)
    device = Authenticator.objects.get(user=officer)
    for number in range(30):
        assert second_factor.verify(officer, "000000", network=f"192.0.2.{number}", now=NOON) is False
    right = f"{totp(device.bin_key):06d}"
    assert second_factor.verify(officer, right, network=ELSEWHERE, now=NOON) == second_factor.WaitUntil(NOON + limits.DAY)
    assert second_factor.verify(officer, codes[0], network=ELSEWHERE, now=NOON) is True


def verification_of_network() -> None:
    for _miss in range(100):
        limits.note(limits.VERIFICATION_OF_NETWORK, NETWORK, now=NOON)
    page = "/verify/ABCDEFGH/"
    client = browser()
    asked = client.get(page)
    assert (asked.status_code, "查無此查驗碼" in text(asked)) == (200, False)
    assert client.post(page, solved(text(asked))).context["form"].errors == {"captcha": [MORE]}
    answer = client.post(page, two_codes(text(client.get(page))))
    assert (answer.status_code, "查無此查驗碼" in text(answer)) == (404, True)
    assert browser(ELSEWHERE).get(page).status_code == 404


CASES: dict[str, Callable[[], None]] = {
    case.__name__.rstrip("_"): case
    for case in (
        log_in,
        staff_log_in,
        log_in_of_network,
        staff_log_in_of_network,
        log_in_of_account,
        captcha_of_network,
        registration,
        registration_of_document,
        registration_of_network,
        permit_number,
        emails_of_network,
        email_again,
        password_emails,
        activation_emails,
        registered_emails,
        email_changes,
        email_changes_of_day,
        current_password,
        second_factor_,
        second_factor_of_account,
        verification_of_network,
    )
}


@pytest.mark.parametrize("limit", list(limits.table()), ids=lambda limit: limit.name)
def test_who_has_reached_the_limit_keeps_nobody_out(limit: Limit, owner: User, officer: User) -> None:
    CASES[limit.name]()


def test_every_case_is_of_the_table() -> None:
    names = [limit.name for limit in limits.table()]
    assert len(set(names)) == len(names)
    assert set(CASES) == set(names)


def test_what_others_can_use_up_closes_no_log_in_page() -> None:
    for limit in limits.table():
        if limit.scope is Scope.NETWORK or limit.scope is Scope.DOCUMENT:
            assert limit.effect is Effect.MORE_PROOF, limit
        if limit.scope is Scope.ACCOUNT:
            assert limit.effect in {Effect.MORE_PROOF, Effect.LAST_EMAIL, Effect.NO_EMAIL, Effect.OTHER_WAY}, limit


def test_no_other_module_keeps_a_limit_of_its_own() -> None:
    """Numbers of tries stand in the table: a module that counts has no constant of its own for it."""
    import ast

    words = ("ALLOWED", "TRIES", "FAILURES_", "CHANGES_AN", "ATTEMPTS_")
    found = [
        (module.name, target.id)
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.startswith(words) and not target.id.startswith("ALLOWED_HOSTS")
    ]
    assert found == []


def test_what_was_counted_is_forgotten_with_its_window(db: None, clock: time_machine.Traveller) -> None:
    limits.note(limits.PASSWORD_EMAILS, "user:1", now=NOON)
    clock.shift(limits.DAY - dt.timedelta(seconds=1))
    purge()
    assert LimitHit.objects.count() == 1
    clock.shift(1)
    purge()
    assert not LimitHit.objects.exists()


def test_more_failures_ask_for_more_proof() -> None:
    steps = [limits.step(limits.LOG_IN_OF_NETWORK, failures) for failures in (0, 99, 100, 499, 500, 2499, 2500, 10**6)]
    assert steps == [0, 0, 1, 1, 2, 2, 3, 3]
