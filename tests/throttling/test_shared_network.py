"""Throttle x shared network: a dormitory, a campus or an office has one address, and nobody there pays for a neighbour.

For each limit of the table: somebody reaches it, and a neighbour behind the same address does the same thing with success;
where the whole network is counted, after one more proof. Then what costs no try at all.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client, RequestFactory
from django_otp.oath import totp

from portal.accounts import email_requests, login_guard
from portal.accounts.account import profile
from portal.accounts.backends import StudentBackend
from portal.accounts.models import EmailRequest, LogInAttempt, User
from portal.china_student.identity import SINGLE
from portal.core import categories
from portal.downloads.queries import verification_step, verify
from portal.records.lookup import match_permit, match_person
from portal.records.models import Applicant, LookupLog, Permit
from portal.records.protocol import ApplicantRecord, Claim, Match, Refusal
from portal.staff_login import second_factor
from portal.staff_login.models import Authenticator
from portal.throttling import limits
from portal.throttling.limits import Effect, Limit, MoreProof, Scope
from tests import people
from tests.accounts.steps import CHEN, LOGIN, WANG, register, submit
from tests.accounts.test_limits import NETWORK, NOON, failed_log_ins, failed_lookups
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db
CATEGORY = people.CATEGORY


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def claim(who: dict[str, str]) -> Claim:
    birth = dt.date(2004, 5, 6) if who is WANG else Applicant.objects.get(ui_no=who["ui_no"]).birth_date
    papers = {"travel_document_no": who["travel_document_no"]}
    return Claim(CATEGORY, who["chinese_name"], birth, papers, who["school"], who["ui_no"])


def authenticated(username: str, proof: int = 0) -> bool:
    request = RequestFactory().get("/", REMOTE_ADDR=NETWORK)
    known = {"username": username, "password": people.PASSWORD, "category": CATEGORY, "proof": proof}
    return StudentBackend().authenticate(request, **known) is not None


def registers(proof: int = 0) -> bool:
    return isinstance(match_person(claim(CHEN), network=NETWORK, now=NOON, proof=proof), ApplicantRecord)


def neighbour() -> User:
    return User.objects.get(username="meiling")


# -- somebody reaches the limit, and the neighbour's try: with how much proof it succeeds ---------------------------------------


def log_in() -> Iterator[bool]:
    failed_log_ins(5, username="xiaoming")
    yield authenticated("meiling")


def staff_log_in() -> Iterator[bool]:
    failed_log_ins(5, username="officer", realm="staff")
    line = login_guard._new_attempt("colleague", "staff", RequestFactory().get("/", REMOTE_ADDR=NETWORK), NOON)
    yield login_guard._needed_step(line) == 0


def log_in_of_account() -> Iterator[bool]:
    failed_log_ins(20, username="xiaoming")
    yield authenticated("meiling")


def second_factor_() -> Iterator[bool]:
    officer, other = User.objects.get(username="officer"), User.objects.get(is_superuser=True)
    for _try in range(30):
        second_factor.verify(officer, "000000", network=NETWORK, now=NOON)
    key = Authenticator.objects.get(user=other).bin_key
    yield second_factor.verify(other, f"{totp(key):06d}", network=NETWORK, now=NOON) is True


def registration() -> Iterator[bool]:
    failed_lookups(20, network=NETWORK, about=WANG["ui_no"])
    yield registers()


def permit_number() -> Iterator[bool]:
    for number in range(21):
        match_permit(f"{number:012d}", SINGLE, category=CATEGORY, ui_no="A890000002", asker="user:1", now=NOON)
    found = match_permit(people.SINGLE_PERMIT_NO, SINGLE, category=CATEGORY, ui_no="A890000002", asker="user:2", now=NOON)
    yield isinstance(found, Match)


def email_changes() -> Iterator[bool]:
    wanted = {"mobile": "0912345678", "language": "zh-hant"}
    first = User.objects.get(username="xiaoming")
    for number in range(limits.EMAIL_CHANGES.count):
        profile.save(first, email=f"a{number}@example.test", **wanted, now=NOON)
    with pytest.raises(profile.TooManyChanges):
        profile.save(first, email="one-more@example.test", **wanted, now=NOON)
    profile.save(neighbour(), email="new@example.test", **wanted, now=NOON)
    yield True


def current_password() -> Iterator[bool]:
    client, page = logged_in(neighbour()), "/china-student/individual/account/password/"
    first = logged_in(User.objects.get(username="xiaoming"))
    for _try in range(5):
        first.post(page, {"current_password": "x", "new_password": "a new word 77", "new_password_again": "a new word 77"})
    assert first.get(page).status_code == 302  # logged out
    yield client.get(page).status_code == 200


def email_again() -> Iterator[bool]:
    asked = {"category": categories.get(CATEGORY), "network": NETWORK, "now": NOON}
    email_requests.ask(EmailRequest.Kind.PASSWORD, "xiaoming", **asked)
    with pytest.raises(email_requests.TooEarly):
        email_requests.ask(EmailRequest.Kind.PASSWORD, "xiaoming", **asked)
    email_requests.ask(EmailRequest.Kind.PASSWORD, "meiling", **asked)
    yield True


def emails() -> Iterator[bool]:
    for _request in range(5):
        limits.note(limits.PASSWORD_EMAILS, "user:1", now=NOON)
    yield limits.hit_until(limits.PASSWORD_EMAILS, f"user:{neighbour().pk}", now=NOON) is None


def log_in_of_network() -> Iterator[bool]:
    failed_log_ins(100)
    with pytest.raises(MoreProof):
        authenticated("meiling")
    yield authenticated("meiling", proof=1)


def staff_log_in_of_network() -> Iterator[bool]:
    failed_log_ins(30, realm="staff")
    yield login_guard.network_step(NETWORK, realm="staff", now=NOON) == 1 and authenticated("meiling")


def captcha_of_network() -> Iterator[bool]:
    rows = [LogInAttempt(at=NOON, realm=CATEGORY, name_hash="x", network=NETWORK, outcome="captcha_wrong") for _ in range(30)]
    LogInAttempt.objects.bulk_create(rows)
    with pytest.raises(MoreProof):
        authenticated("meiling")
    yield authenticated("meiling", proof=1)


def registration_of_network() -> Iterator[bool]:
    failed_lookups(100, network=NETWORK)
    with pytest.raises(MoreProof):
        registers()
    yield registers(proof=1)


def emails_of_network() -> Iterator[bool]:
    row = {"kind": "password", "category": CATEGORY, "username": "guess", "network": NETWORK, "asked_at": NOON}
    EmailRequest.objects.bulk_create(EmailRequest(**row) for _request in range(60))
    asked = {"category": categories.get(CATEGORY), "network": NETWORK, "now": NOON}
    with pytest.raises(MoreProof):
        email_requests.ask(EmailRequest.Kind.PASSWORD, "meiling", **asked)
    email_requests.ask(EmailRequest.Kind.PASSWORD, "meiling", **asked, proof=1)
    yield True


def verification_of_network() -> Iterator[bool]:
    for _miss in range(100):
        limits.note(limits.VERIFICATION_OF_NETWORK, NETWORK, now=NOON)
    with pytest.raises(MoreProof):
        verify("A" * 20, network=NETWORK, proof=0, now=NOON)
    yield verify("A" * 20, network=NETWORK, proof=1, now=NOON) is None


CASES: dict[str, Callable[[], Iterator[bool]]] = {
    **{case.__name__.rstrip("_"): case for case in (log_in, staff_log_in, log_in_of_account, second_factor_, registration)},
    **{case.__name__: case for case in (permit_number, email_changes, current_password, log_in_of_network)},
    **{case.__name__: case for case in (staff_log_in_of_network, captcha_of_network, registration_of_network)},
    **{case.__name__: case for case in (email_again, emails_of_network, verification_of_network)},
    "second_factor_of_account": second_factor_,
    "registration_of_document": registration,
    "email_changes_of_day": email_changes,
    **dict.fromkeys(("password_emails", "activation_emails", "registered_emails"), emails),
}


@pytest.fixture
def dormitory(owner: User, stranger: User, officer: User, admin_user: User, single_permit: Permit) -> None:
    """王小明 and 陳美玲, an officer and an administrator."""


@pytest.mark.parametrize("limit", list(limits.table()), ids=lambda limit: limit.name)
def test_a_neighbour_does_not_pay(limit: Limit, dormitory: None) -> None:
    """A limit that is new has to say here how a neighbour gets by."""
    assert all(CASES[limit.name]())


def test_every_limit_that_makes_wait_counts_one_person_or_one_number() -> None:
    waiting = {limit.scope for limit in limits.table() if limit.effect is Effect.WAIT}
    assert waiting == {Scope.ACCOUNT_AND_NETWORK, Scope.DOCUMENT_AND_NETWORK, Scope.OWNER}


def test_control_counted_by_network_the_neighbour_pays(dormitory: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cure taken away: without the number in the count, five wrong registrations close the dormitory."""
    from django.db.models import Q

    from portal.records import lookup

    failed_lookups(5, network=NETWORK, about=WANG["ui_no"])
    monkeypatch.setattr(lookup, "_numbers", lambda question: [Q()])
    assert isinstance(match_person(claim(CHEN), network=NETWORK, now=NOON), Refusal)


def test_a_dormitory_registers_in_one_evening(chen: Applicant) -> None:
    """Twenty students of one address mistype four times each; the twenty-first is asked for nothing more."""
    for number in range(20):
        failed_lookups(4, network=NETWORK, about=f"person {number}")
    assert registers()


# -- what cannot be right by its shape costs no try ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"ui_no": "A890000003"},
        {"travel_document_no": "C10000001"},
        {"birth_date": "93/5/6"},
        {"birth_date": "2004/2/30"},
        {"chinese_name": "王晓明"},
        {"email": "alitest@qq,com"},
    ],
)
def test_a_registration_that_cannot_be_right(wang: Applicant, client: Client, changes: dict[str, str]) -> None:
    register(client, **changes)
    assert not LookupLog.objects.exists()


@pytest.mark.parametrize("username", ["王小明", "a@qq.com", "abc", "x" * 31])
def test_a_log_in_by_what_is_no_account_name(client: Client, username: str) -> None:
    page = submit(client, LOGIN, {"username": username, "password": "wrong"})
    assert page.context["form"].non_field_errors() == ["帳號或密碼錯誤"]
    assert not LogInAttempt.objects.exists()


@pytest.mark.parametrize(("answer", "counted"), [("abc", 0), ("acehkn", 0), ("zzzzz", 1), ("7777", 1)])
def test_a_captcha_of_another_length(client: Client, answer: str, counted: int) -> None:
    page = submit(client, LOGIN, {"username": "xiaoming", "password": "wrong", "captcha_1": answer})
    assert page.context["form"].errors["captcha"] == ["驗證碼錯誤，請輸入新圖片中的驗證碼"]
    assert LogInAttempt.objects.count() == counted


@pytest.mark.parametrize(("code", "counted"), [("ABCDEFGH", 0), ("0" * 20, 0), ("A" * 20, 1)])
def test_a_verification_code_of_another_shape(code: str, counted: int) -> None:
    for _try in range(100):
        assert verify(code, network=NETWORK, proof=0, now=NOON) is None
    assert verification_step(NETWORK, now=NOON) == counted


def test_a_second_factor_of_another_shape(officer: User) -> None:
    for code in ("12345", "1234567", "abcdef") * 2:
        assert second_factor.verify(officer, code, network=NETWORK, now=NOON) is False
    key = Authenticator.objects.get(user=officer).bin_key
    assert second_factor.verify(officer, f"\u202d{totp(key):06d}\u202c", network=NETWORK, now=NOON) is True
