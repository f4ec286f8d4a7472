"""第二道驗證: the admin opens to a password and a code. (That no page opens to the password alone: test_admin_access.py.)"""

import datetime as dt
import io
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from pytest_django import Settings

from portal.accounts.models import User
from portal.demo import second_factor as demo_second_factor
from portal.encryption.fields import Ciphertext
from portal.mail.models import OutgoingMail
from portal.review.groups import OFFICERS
from portal.staff_login import second_factor
from portal.staff_login.models import Authenticator, SecondFactorReset
from tests import people
from tests.staff import CODES, SetUp, follow, key_of_page, link_in, logged_in, set_up

ADMIN, LOGIN, HERE, ENROL = "/admin/", "/admin/login/", "/admin/second-factor/", "/admin/second-factor/enrol/"
RECOVERY = "/admin/second-factor/recovery-codes/"
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
WRONG = "驗證碼不正確，或已經用過。請輸入驗證器現在顯示的 6 位數字。"
WRONG_NEW = "新驗證器的驗證碼不正確。請輸入新驗證器現在顯示的 6 位數字。"
WRONG_CURRENT = "目前的驗證碼不正確，或已經用過。請輸入目前的驗證器下一組顯示的 6 位數字，或一組備用碼。"
UNREADABLE = "系統目前無法核對您的驗證器，請通知系統管理人員。"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def new(db: None) -> SetUp:
    """An officer who has just followed the link: the browser, the authenticator, the recovery codes."""
    return set_up("officer", OFFICERS)


@pytest.fixture
def officer(new: SetUp) -> User:
    return User.objects.get(username="officer")


def code_of(key: bytes, later: int = 0) -> str:
    """What the app shows, so many half-minutes later."""
    return f"{totp(key, drift=later):06d}"


def with_password(user: User) -> Client:
    client = Client()
    response = client.post(LOGIN, {"username": user.username, "password": people.PASSWORD})
    assert response["Location"] == ADMIN
    return client


def give(client: Client, code: str, **more: str) -> str:
    """Where the code leads; "" when it is refused."""
    return client.post(HERE, {"code": code, **more}).headers.get("Location", "")


# -- the realm ---------------------------------------------------------------------


def test_the_password_alone_leads_to_the_second_factor(officer: User) -> None:
    client = with_password(officer)
    first = client.get("/admin/cases/?q=1")
    assert first["Location"] == "/admin/second-factor/?next=%2Fadmin%2Fcases%2F%3Fq%3D1"
    assert 'name="code"' in client.get(first["Location"]).content.decode()


def test_a_script_of_the_admin_is_refused_without_being_led_astray(officer: User) -> None:
    client = with_password(officer)
    assert client.get(ADMIN, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403


def test_a_post_is_refused_and_comes_back_to_the_home_page(officer: User) -> None:
    assert with_password(officer).post("/admin/account/")["Location"] == "/admin/second-factor/?next=%2Fadmin%2F"


def test_recovery_codes_are_not_made_with_the_password_alone(officer: User) -> None:
    client = with_password(officer)
    before = set(StaticToken.objects.filter(device__user=officer).values_list("pk"))
    assert client.post("/admin/second-factor/recovery-codes/")["Location"].startswith(HERE)
    assert set(StaticToken.objects.filter(device__user=officer).values_list("pk")) == before


def test_without_the_setting_nobody_is_asked(officer: User, settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = False
    assert with_password(officer).get(ADMIN).status_code == 200


def test_a_student_and_a_visitor_get_neither_page(owner: User, client: Client) -> None:
    for browser in (logged_in(owner), client):
        for page in (HERE, ENROL, "/admin/second-factor/settings/", ADMIN):
            assert browser.get(page)["Location"] == f"{LOGIN}?next={page}"


def test_an_officer_who_has_passed_is_still_no_student(officer: User, new: SetUp) -> None:
    client = new.client
    assert client.get("/china-student/individual/todo/")["Location"].startswith("/china-student/individual/login/")


# -- another authenticator (the first one: test_set_up.py) --------------------


def test_nobody_sets_up_an_authenticator_with_the_password_alone(officer: User) -> None:
    client = with_password(officer)
    assert client.get(ENROL)["Location"] == "/admin/second-factor/?next=%2Fadmin%2Fsecond-factor%2Fenrol%2F"
    key = Authenticator.objects.get(user=officer).key
    assert client.post(ENROL, {"code": "000000"})["Location"].startswith(HERE)
    second_factor.reset(officer)
    assert client.get(ENROL)["Location"].startswith(HERE)
    missing = client.get(HERE)
    assert missing.status_code == 403
    assert "驗證器只能由寄到您 Email 信箱的設定連結設定" in missing.content.decode()
    assert client.post(HERE, {"code": "000000"}).status_code == 403
    assert client.post(ENROL, {"code": "000000"})["Location"].startswith(HERE)
    assert not Authenticator.objects.filter(user=officer).exists()
    assert key


def test_who_has_passed_sets_up_another_one(officer: User, new: SetUp, clock: time_machine.Traveller) -> None:
    page = new.client.get(ENROL)
    key = key_of_page(page.content.decode())
    assert key != new.key
    assert len(key) == 20
    assert 'src="data:image/png;base64,' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    for code in (code_of(key, 5), "", "12345", "abcdef", "１２３"):
        response = new.client.post(ENROL, {"code": code, "current": new.codes[0]})
        assert (response.status_code, WRONG_NEW in response.content.decode()) == (400, True)
        assert key_of_page(response.content.decode()) == key
    assert Authenticator.objects.get(user=officer).bin_key == new.key
    assert second_factor.recovery_codes_left(officer) == 8  # a slip uses none of them up
    clock.shift(30)
    codes = CODES.findall(new.client.post(ENROL, {"code": code_of(key), "current": new.code()}).content.decode())
    assert len(set(codes)) == 8
    assert not set(codes) & set(new.codes)
    assert Authenticator.objects.get(user=officer).bin_key == key
    assert new.client.get(ADMIN).status_code == 200
    assert codes[0] not in new.client.get(ENROL).content.decode()
    assert codes[0].replace("-", "") not in str(list(StaticToken.objects.values_list("token")))


@pytest.mark.parametrize("path", [ENROL, RECOVERY])
def test_a_stolen_session_alone_replaces_neither_the_authenticator_nor_the_codes(officer: User, new: SetUp, path: str) -> None:
    emails = OutgoingMail.objects.count()
    before = (Authenticator.objects.get(user=officer), set(StaticToken.objects.values_list("token", flat=True)))
    key = key_of_page(new.client.get(ENROL).content.decode())
    for current in ("", "000000", code_of(new.key), code_of(key)):  # the one of the log-in was used; the new one's is no proof
        response = new.client.post(path, {"code": code_of(key), "current": current})
        assert (response.status_code, WRONG_CURRENT in response.content.decode()) == (400, True), current
    assert (Authenticator.objects.get(user=officer), set(StaticToken.objects.values_list("token", flat=True))) == before
    assert OutgoingMail.objects.count() == emails


@pytest.mark.parametrize("path", [ENROL, RECOVERY])
def test_codes_tried_there_are_counted_as_at_log_in(officer: User, new: SetUp, clock: time_machine.Traveller, path: str) -> None:
    clock.shift(60)
    key = key_of_page(new.client.get(ENROL).content.decode())
    for _try in range(5):
        new.client.post(path, {"code": code_of(key), "current": "000000"})
    said = new.client.post(path, {"code": code_of(key), "current": code_of(new.key)})
    assert (said.status_code, "嘗試次數過多，請於 2026/11/23 12:16 以後再試" in said.content.decode()) == (400, True)
    assert "嘗試次數過多" in with_password(officer).post(HERE, {"code": code_of(new.key)}).content.decode()
    assert len(CODES.findall(new.client.post(path, {"code": code_of(key), "current": new.codes[0]}).content.decode())) == 8


@pytest.mark.parametrize(
    ("path", "kind", "subject"),
    [
        (ENROL, "staff_authenticator_replaced", "學生線上申辦系統：您的驗證器已更換"),
        (RECOVERY, "staff_recovery_codes_made", "學生線上申辦系統：您的備用碼已重新產生"),
    ],
)
def test_the_owner_is_notified_of_another_authenticator_and_of_new_codes(
    officer: User, new: SetUp, clock: time_machine.Traveller, path: str, kind: str, subject: str
) -> None:
    clock.shift(30)
    key = key_of_page(new.client.get(ENROL).content.decode())
    assert len(CODES.findall(new.client.post(path, {"code": code_of(key), "current": new.code()}).content.decode())) == 8
    email = OutgoingMail.objects.get(kind=kind)
    assert (email.to, email.subject) == (officer.email, subject)
    assert "帳號 officer 已於 2026/11/23 12:00 " in email.body


@pytest.mark.parametrize("path", [ENROL, RECOVERY])
def test_an_authenticator_that_cannot_be_read_is_said_there(officer: User, new: SetUp, path: str) -> None:
    key = key_of_page(new.client.get(ENROL).content.decode())
    Authenticator.objects.filter(user=officer).update(key=Ciphertext("of another key"))
    response = new.client.post(path, {"code": code_of(key), "current": "000000"})
    assert (response.status_code, UNREADABLE in response.content.decode()) == (400, True)
    assert len(CODES.findall(new.client.post(path, {"code": code_of(key), "current": new.codes[0]}).content.decode())) == 8


def test_the_key_that_is_being_set_up_is_this_sessions_own(officer: User, new: SetUp) -> None:
    other = logged_in(officer)
    assert key_of_page(other.get(ENROL).content.decode()) != key_of_page(new.client.get(ENROL).content.decode())


# -- passing ----------------------------------------------------------------------


def test_the_code_leads_to_the_page_that_was_asked_for(officer: User, new: SetUp, clock: time_machine.Traveller) -> None:
    key = new.key
    clock.shift(30)
    client = with_password(officer)
    assert give(client, f" {code_of(key)[:3]} {code_of(key)[3:]}", next="/admin/cases/") == "/admin/cases/"
    assert client.get("/admin/cases/").status_code == 200
    assert client.get(HERE)["Location"] == ADMIN


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/admin/", "//elsewhere.example/admin/", "/student/entry/", HERE])
def test_it_leads_nowhere_but_into_the_admin(officer: User, new: SetUp, clock: time_machine.Traveller, wanted: str) -> None:
    key = new.key
    clock.shift(30)
    assert give(with_password(officer), code_of(key), next=wanted) == ADMIN


def test_passing_gives_the_session_a_new_id(officer: User, new: SetUp, clock: time_machine.Traveller) -> None:
    key = new.key
    clock.shift(30)
    client = with_password(officer)
    before = client.session.session_key
    give(client, code_of(key))
    assert client.session.session_key != before
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert stolen.get(ADMIN)["Location"].startswith(LOGIN)


def test_a_code_opens_once(officer: User, new: SetUp, clock: time_machine.Traveller) -> None:
    key = new.key
    assert give(with_password(officer), code_of(key)) == ""
    clock.shift(30)
    assert give(with_password(officer), code_of(key)) == ADMIN
    assert give(with_password(officer), code_of(key)) == ""


@pytest.mark.parametrize(("later", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(
    officer: User, new: SetUp, clock: time_machine.Traveller, later: int, opens: bool
) -> None:
    key = new.key
    clock.shift(300)
    assert bool(give(with_password(officer), code_of(key, later))) is opens


def test_five_wrong_codes_make_that_network_wait_and_a_recovery_code_opens(
    officer: User, new: SetUp, clock: time_machine.Traveller
) -> None:
    """Who knows the password keeps nobody out: neither from another network nor with a recovery code."""
    key, codes = new.key, new.codes
    clock.shift(60)
    attacker, own, elsewhere = with_password(officer), with_password(officer), Client(REMOTE_ADDR="198.51.100.20")
    for _try in range(5):
        assert WRONG in attacker.post(HERE, {"code": "000000"}).content.decode()
    said = own.post(HERE, {"code": code_of(key)})
    assert said.status_code == 400
    assert "嘗試次數過多，請於 2026/11/23 12:16 以後再試，或現在輸入一組備用碼。" in said.content.decode()
    elsewhere.post(LOGIN, {"username": officer.username, "password": people.PASSWORD})
    assert give(elsewhere, code_of(key)) == ADMIN
    assert give(own, codes[0]) == ADMIN
    clock.shift(15 * 60)
    assert give(attacker, code_of(key)) == ADMIN


def test_anothers_code_is_a_wrong_code(officer: User, clock: time_machine.Traveller) -> None:
    key = Authenticator.objects.get(user__username="chief-officer").bin_key
    clock.shift(30)
    assert give(with_password(officer), code_of(key)) == ""


# -- recovery codes, reset --------------------------------------------------------


def test_a_recovery_code_opens_once_however_it_is_typed(officer: User, new: SetUp) -> None:
    codes = new.codes
    client = with_password(officer)
    assert give(client, codes[0].upper().replace("-", " ")) == ADMIN
    assert client.get(ADMIN).status_code == 200
    assert give(with_password(officer), codes[0]) == ""
    assert second_factor.recovery_codes_left(officer) == 7


def test_the_last_two_recovery_codes_are_announced(officer: User, new: SetUp) -> None:
    codes = new.codes
    for code in codes[:6]:
        client = with_password(officer)
        give(client, code)
    assert "備用碼只剩 2 組，請產生新的一組。" in client.get(ADMIN).content.decode()


def test_new_recovery_codes_replace_the_old_ones(officer: User, new: SetUp) -> None:
    client, codes = new.client, new.codes
    page = client.post(RECOVERY, {"current": codes[1]}).content.decode()
    new = re.findall(r"<li><code>([a-z2-7-]{19})</code>", page)
    assert len(new) == 8
    assert not set(new) & set(codes)
    assert "還有 8 組可用" in client.get("/admin/second-factor/settings/").content.decode()
    assert give(with_password(officer), codes[0]) == ""


def test_a_reset_by_command_ends_everything_and_prints_a_link(officer: User, new: SetUp) -> None:
    said = io.StringIO()
    call_command("reset_second_factor", "Officer", stdout=said)
    assert said.getvalue().startswith("officer sets up a new password and authenticator within 72 hours at\nhttp")
    assert new.client.get(ADMIN)["Location"].startswith(LOGIN)
    client = with_password(officer)
    assert client.get(ADMIN)["Location"].startswith(HERE)
    assert give(client, new.codes[0]) == ""
    assert follow(link_in(said.getvalue())).client.get(ADMIN).status_code == 200
    asked = SecondFactorReset.objects.get()
    assert (asked.step, asked.person, asked.actor) == ("command", officer, None)


def test_a_student_has_nothing_to_reset(owner: User) -> None:
    with pytest.raises(CommandError, match="there is no member of staff 'xiaoming'"):
        call_command("reset_second_factor", "xiaoming")


# -- the demonstration ------------------------------------------------------------


def test_in_a_demonstration_one_click_fills_in_the_code(officer: User, clock: time_machine.Traveller) -> None:
    second_factor.reset(officer)
    demo_second_factor.give_authenticator(officer)
    for _again in range(2):  # each code opens once, so the second log-in is notified the next one
        client = with_password(officer)
        assert "示範：填入現在的驗證碼" in client.get(HERE).content.decode()
        shown = re.search(r'value="(\d{6})"', client.post(HERE, {"show": "1"}).content.decode())
        assert shown
        assert give(client, shown[1]) == ADMIN


def test_elsewhere_nobody_is_shown_a_code(officer: User, settings: Settings) -> None:
    second_factor.reset(officer)
    demo_second_factor.give_authenticator(officer)
    settings.DEMO, settings.SECOND_FACTOR_SHOWN_CODE = False, ""
    client = with_password(officer)
    assert "示範" not in client.get(HERE).content.decode()
    assert not re.search(r'value="\d{6}"', client.post(HERE, {"show": "1"}).content.decode())


def test_a_persons_own_authenticator_is_shown_to_nobody_in_a_demonstration_either(officer: User) -> None:
    assert "示範" not in with_password(officer).get(HERE).content.decode()
