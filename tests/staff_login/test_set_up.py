"""A new member of staff: the account opens nothing until its owner has followed the mailed link, in one flow."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import Client

from portal.accounts.models import LinkState, User
from portal.accounts.roles import is_staff_member
from portal.encryption.fields import Ciphertext
from portal.home.groups import CHIEF_EDITORS, EDITORS
from portal.mail.models import OutgoingMail
from portal.review.groups import CASHIERS, OFFICERS, RECORDS_CLERKS, SUPERVISORS
from portal.staff_login import operations, second_factor, tasks
from portal.staff_login.models import Authenticator, SetUpLink
from tests import people
from tests.staff import (
    CODES,
    KEY,
    SetUp,
    email_to,
    enrol,
    fill_in,
    first_administrator,
    follow,
    key_of_page,
    link_in,
    logged_in,
    made_by,
    make_administrator,
    make_staff,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
NEW = {"new_password": people.PASSWORD, "new_password_again": people.PASSWORD}


@pytest.fixture
def root(db: None) -> Client:
    return logged_in(make_administrator("root"))


@pytest.fixture
def invited(root: Client) -> User:
    """An officer whom the administrator has just made."""
    fill_in(root, "officer", OFFICERS)
    return User.objects.get(username="officer")


def link_of(user: User) -> str:
    return link_in(email_to(user).body)


@pytest.mark.parametrize("group", [EDITORS, CHIEF_EDITORS, OFFICERS, SUPERVISORS, CASHIERS, RECORDS_CLERKS, ""])
def test_each_role_is_made_by_the_form_and_goes_through_the_second_factor(group: str) -> None:
    """The whole way: the command's administrator, the form, the email, the link, then both factors at the realm."""
    first_administrator()
    groups = [group] if group else []
    with time_machine.travel(NOW, tick=False) as clock:
        made = made_by(logged_in(User.objects.get(username="root")), "newcomer", *groups, is_superuser=not group)
        assert made.client.get("/admin/").status_code == 200
        assert len(set(made.codes)) == 8
        clock.shift(30)
        client = Client()
        assert client.post("/admin/login/", {"username": "newcomer", "password": people.PASSWORD})["Location"] == "/admin/"
        assert client.get("/admin/")["Location"] == "/admin/second-factor/?next=%2Fadmin%2F"
        assert client.post("/admin/second-factor/", {"code": made.code()})["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200
    user = User.objects.get(username="newcomer")
    assert (is_staff_member(user), user.is_superuser) == (True, not group)
    assert [str(each) for each in user.groups.all()] == groups


def test_until_then_the_account_opens_nothing(invited: User) -> None:
    assert not invited.has_usable_password()
    for password in ("", people.PASSWORD, invited.password):
        assert Client().post("/admin/login/", {"username": "officer", "password": password}).status_code == 200
    assert second_factor.authenticator(invited) is None
    email = email_to(invited)
    assert email.subject == "學生線上申辦系統：設定您的管理後臺帳號"
    token = link_of(invited).rstrip("/").rpartition("/")[2]
    assert SetUpLink.objects.get(user=invited).token_hash != token
    assert token not in str(list(SetUpLink.objects.values()))


def test_opening_the_link_changes_nothing_and_the_password_alone_does_not_either(invited: User) -> None:
    link, client = link_of(invited), Client()
    page = client.get(link)
    assert "第 1 步，共 2 步" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.post(link, NEW)["Location"] == link
    assert "第 2 步，共 2 步" in client.get(link).content.decode()
    invited.refresh_from_db()
    assert not invited.has_usable_password()
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert "第 1 步" in Client().get(link).content.decode()  # another browser begins at the beginning


@pytest.mark.parametrize(
    ("password", "again", "notified"),
    [("short", "short", "至少"), (people.PASSWORD, "other", "不相同"), ("", "", "請輸入新密碼")],
)
def test_a_bad_password_is_said_and_not_kept(invited: User, password: str, again: str, notified: str) -> None:
    response = Client().post(link_of(invited), {"new_password": password, "new_password_again": again})
    assert response.status_code == 200
    assert notified in str(response.context["form"].errors)
    assert str(next(iter(response.context["form"].errors.values()))[0]) in response.content.decode()


def test_a_wrong_code_keeps_the_key_and_saves_nothing(invited: User) -> None:
    link, client = link_of(invited), Client()
    client.post(link, NEW)
    first = KEY.findall(client.get(link).content.decode())
    for code in ("000000", "", "12345", "abcdef", "１２３"):
        response = client.post(link, {"code": code})
        assert response.status_code == 200
        assert "驗證碼不正確" in response.content.decode()
        assert KEY.findall(response.content.decode()) == first
    assert not Authenticator.objects.filter(user=invited).exists()
    assert enrol(client, link).client.get("/admin/").status_code == 200


def test_no_log_holds_the_token_of_a_link_that_is_good(invited: User, caplog: pytest.LogCaptureFixture) -> None:
    link, client = link_of(invited), Client()
    for said in ({"new_password": "short"}, NEW, {"code": "000000"}):
        client.post(link, said)
    client.get(link)
    assert link.rstrip("/").rpartition("/")[2] not in caplog.text


def test_the_four_states_of_a_link(root: Client, invited: User) -> None:
    first = link_of(invited)
    root.post(f"/admin/staff/{invited.pk}/send-link/")
    second = link_of(invited)
    assert second != first
    notified = {first: "由較新的連結取代", "/admin/set-up/no-such-token/": "查無此連結"}
    follow(second)
    notified[second] = "已經用過了"
    root.post(f"/admin/staff/{invited.pk}/send-link/")
    third = link_of(invited)
    for link, words in notified.items():
        for response in (Client().get(link), Client().post(link, NEW), Client().post(link, {"code": "123456"})):
            assert response.status_code == (404 if "no-such" in link else 410)
            assert words in response.content.decode()
    late = dt.datetime.now(dt.UTC) + dt.timedelta(hours=72, seconds=1)
    with time_machine.travel(late):
        response = Client().get(third)
        assert (response.status_code, "超過 72 小時" in response.content.decode()) == (410, True)


def test_a_link_that_ends_between_the_two_steps_says_so(root: Client, invited: User) -> None:
    link, client = link_of(invited), Client()
    client.post(link, NEW)
    client.get(link)
    root.post(f"/admin/staff/{invited.pk}/send-link/")
    assert client.post(link, {"code": "000000"}).status_code == 410
    closing = follow(link_of(invited))
    assert closing.client.get("/admin/").status_code == 200


def test_a_closed_accounts_link_is_worth_nothing(invited: User) -> None:
    link = link_of(invited)
    operations.set_active(invited, False, now=NOW)
    operations.set_active(invited, True, now=NOW)
    assert Client().get(link).status_code == 410


def test_who_forgot_the_password_sets_another_with_the_authenticator_in_hand(root: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        officer = make_staff("officer", OFFICERS)
        key = second_factor.authenticator(officer).bin_key  # type: ignore[union-attr]
        browser = logged_in(officer)
        logged_in(User.objects.get(username="root")).post(f"/admin/staff/{officer.pk}/send-link/")
        assert email_to(officer).subject == "學生線上申辦系統：設定管理後臺的新密碼"
        link, client = link_of(officer), Client()
        chosen = {"new_password": "another long sentence 5", "new_password_again": "another long sentence 5"}
        client.post(link, chosen)
        page = client.get(link).content.decode()
        assert not KEY.search(page)  # no new authenticator
        wait = "嘗試次數過多，請於 2026/11/23 12:15 以後再試，或現在輸入一組備用碼"
        for _ in range(5):
            assert wait not in client.post(link, {"code": "000000"}).content.decode()
        own = SetUp(client, key, [])
        for code in ("000000", own.code()):  # not even the right one is looked at
            assert wait in client.post(link, {"code": code}).content.decode()
        officer.refresh_from_db()
        assert officer.check_password(people.PASSWORD)
        clock.shift(15 * 60)
        client.post(link, chosen)  # a browser left alone for as long has forgotten the first step
        assert client.post(link, {"code": own.code()})["Location"] == "/admin/"
        officer.refresh_from_db()
        assert officer.check_password("another long sentence 5")
        assert browser.get("/admin/")["Location"].startswith("/admin/login/")  # every earlier session ended
        assert client.get("/admin/").status_code == 200
        assert email_to(officer, "staff_password_changed").subject == "學生線上申辦系統：管理後臺密碼已設定"
        assert not CODES.search(page)


def test_who_began_in_a_shared_browser_does_not_know_the_next_ones_key(root: Client, invited: User) -> None:
    fill_in(root, "colleague", OFFICERS)
    colleague, shared = User.objects.get(username="colleague"), Client()
    keys = []
    for link in (link_of(invited), link_of(colleague), link_of(invited)):
        shared.post(link, NEW)
        keys.append(key_of_page(shared.get(link).content.decode()))
    assert keys[0] != keys[1]
    assert keys[0] == keys[2]
    shared.post(link_of(colleague), NEW)
    enrol(shared, link_of(colleague))
    authenticator = second_factor.authenticator(colleague)
    assert authenticator
    assert authenticator.bin_key == keys[1]


def test_who_began_to_set_up_there_does_not_know_the_key_of_who_logs_in_next(invited: User) -> None:
    shared = Client()
    shared.post(link_of(invited), NEW)
    begun = key_of_page(shared.get(link_of(invited)).content.decode())
    code = second_factor.new_recovery_codes(make_staff("colleague", OFFICERS))[0]
    assert shared.post("/admin/login/", {"username": "colleague", "password": people.PASSWORD})["Location"] == "/admin/"
    request = HttpRequest()
    request.session = shared.session
    assert second_factor.new_authenticator(request, User.objects.get(username="colleague")).bin_key != begun
    assert shared.post("/admin/second-factor/", {"code": code})["Location"] == "/admin/"
    assert key_of_page(shared.get("/admin/second-factor/enrol/").content.decode()) != begun


def test_a_link_says_that_an_authenticator_cannot_be_read(root: Client, caplog: pytest.LogCaptureFixture) -> None:
    officer = make_staff("officer", OFFICERS)
    root.post(f"/admin/staff/{officer.pk}/send-link/")
    link, client = link_of(officer), Client()
    client.post(link, NEW)
    Authenticator.objects.filter(user=officer).update(key=Ciphertext("of another key"))
    page = client.post(link, {"code": "123456"})
    assert page.status_code == 200
    assert "系統目前無法核對您的驗證器，請通知系統管理人員。" in page.content.decode()
    assert f"the authenticator of staff {officer.pk} cannot be read" in caplog.text
    assert client.post(link, {"code": second_factor.new_recovery_codes(officer)[0]})["Location"] == "/admin/"


def test_a_student_has_no_link(owner: User) -> None:
    token = operations.invite(owner, now=NOW)
    assert Client().get(link_in(token)).status_code == 404


def test_links_are_forgotten_a_month_after_their_end(invited: User) -> None:
    SetUpLink.objects.update(expires_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=29))
    tasks.purge()
    assert SetUpLink.objects.filter(user=invited).count() == 1
    SetUpLink.objects.update(expires_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=31))
    tasks.purge()
    assert not SetUpLink.objects.filter(user=invited).exists()


def test_the_state_of_a_link_is_a_matter_of_time(invited: User) -> None:
    link = SetUpLink.objects.get(user=invited)
    just_before = link.expires_at - dt.timedelta(seconds=1)
    assert (link.state(just_before), link.state(link.expires_at)) == (LinkState.VALID, LinkState.EXPIRED)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("ab", "a@staff.example"), "a username has"),
        (("xiaoming", "a@staff.example"), "already"),
        (("root", "nobody"), "no e-mail address"),
    ],
)
def test_the_command_refuses_what_the_form_would(owner: User, arguments: tuple[str, str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("create_administrator", *arguments, stdout=io.StringIO())
    assert not OutgoingMail.objects.exists()


def test_nobody_types_anothers_password_on_the_server(owner: User) -> None:
    with pytest.raises(CommandError, match="students use 忘記密碼"):
        call_command("changepassword", "xiaoming")
