"""設定 → 使用者: staff are made there, students looked after; a student joins no group, and is notified what was changed."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from portal.accounts.models import User
from portal.accounts.password import one_time as one_time_passwords
from portal.accounts.roles import is_staff_member
from portal.cases.models import Case
from portal.mail.models import OutgoingMail
from portal.review.groups import OFFICERS
from portal.sessions.engine import AccountSession
from portal.staff_login import operations
from portal.staff_login.users import students
from tests import people
from tests.factories.cases import submitted
from tests.staff import email_to, fill_in, link_in, logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
LIST, BULK = "/admin/users/", "/admin/bulk/portal_accounts/user/"
UNTOUCHABLE = {
    "username": "other",
    "chinese_name": "別人",
    "category": "",
    "ui_no": "A111111111",
    "is_superuser": "on",
    "is_staff": "on",
}
PASSWORDS = {"password": "chosen by somebody 1", "password1": "chosen by somebody 1", "password2": "chosen by somebody 1"}


@pytest.fixture
def root(db: None) -> User:
    return make_administrator("root")


@pytest.fixture
def client(root: User) -> Client:
    return logged_in(root)


def edit(client: Client, user: User, **said: Any) -> Any:
    return client.post(f"/admin/users/edit/{user.pk}/", said)


def kinds_to(address: str) -> list[str]:
    return list(OutgoingMail.objects.filter(to=address).order_by("pk").values_list("kind", flat=True))


# -- staff --------------------------------------------------------------------------------


def test_the_form_for_new_staff_has_our_words_and_no_password(client: Client) -> None:
    page = client.get("/admin/users/new/")
    assert [str(field.label) for field in page.context["form"]] == ["帳號", "姓名", "Email 信箱", "系統管理人員", "人員群組"]
    assert "password" not in page.content.decode()


@pytest.mark.parametrize(
    ("said", "field", "notified"),
    [
        ({}, "groups", "請至少選擇一個可進入管理後臺的群組"),
        ({"username": "XIAOMING"}, "username", "此帳號已有人使用"),
        ({"username": "ab"}, "username", "帳號須為 4 至 30 個"),
        ({"email": "nobody"}, "email", ""),
        ({"chinese_name": ""}, "chinese_name", ""),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    client: Client, owner: User, said: dict[str, str], field: str, notified: str
) -> None:
    given = {"username": "newcomer", **said}
    answer = fill_in(client, given.pop("username"), *([OFFICERS] if said else []), **given)
    assert answer.status_code == 200
    assert notified in str(answer.context["form"].errors[field])
    assert not User.objects.filter(username="newcomer").exists()
    assert not OutgoingMail.objects.filter(kind="staff_set_up").exists()


def test_a_group_that_does_not_open_the_admin_is_not_enough(client: Client) -> None:
    Group.objects.create(name="讀書會")
    answer = fill_in(client, "newcomer", "讀書會")
    assert "請至少選擇一個可進入管理後臺的群組" in str(answer.context["form"].errors["groups"])


def test_another_address_of_staff_is_said_to_both_and_takes_the_link_along(client: Client) -> None:
    fill_in(client, "newcomer", OFFICERS)
    user = User.objects.get(username="newcomer")
    first = link_in(email_to(user).body)
    group = Group.objects.get(name=OFFICERS).pk
    edit(client, user, chinese_name="新人", email="new@staff.example", is_active="on", groups=[group])
    user.refresh_from_db()
    assert (user.email, user.chinese_name) == ("new@staff.example", "新人")
    assert kinds_to("newcomer@staff.example") == ["staff_set_up", "staff_email_changed"]
    assert kinds_to("new@staff.example") == ["staff_email_changed", "staff_set_up"]
    assert Client().get(first).status_code == 410


def test_nobody_sets_anothers_password_and_a_closed_account_is_logged_out(client: Client, officer: User) -> None:
    browser, before = logged_in(officer), officer.password
    edit(client, officer, chinese_name="王", email=officer.email, groups=[Group.objects.get(name=OFFICERS).pk], **PASSWORDS)
    officer.refresh_from_db()
    assert (officer.password, officer.is_active) == (before, False)
    assert browser.get("/admin/")["Location"].startswith("/admin/login/")
    assert not AccountSession.objects.filter(account=officer).exists()
    assert kinds_to(officer.email) == ["staff_closed"]


def test_an_administrator_takes_neither_the_role_nor_the_account_from_themselves(client: Client, root: User) -> None:
    edit(client, root, chinese_name="我", email=root.email)
    root.refresh_from_db()
    assert (root.is_superuser, root.is_active, root.chinese_name) == (True, True, "我")


@pytest.mark.parametrize("promoted", [True, False])
def test_the_others_are_notified_of_a_new_administrator(client: Client, root: User, promoted: bool) -> None:
    second = make_administrator("second")
    if promoted:
        member = make_staff("member", OFFICERS)
        edit(client, member, chinese_name="人", email=member.email, is_active="on", is_superuser="on")
    else:
        fill_in(client, "member", is_superuser=True)
    emails = OutgoingMail.objects.filter(kind="staff_new_administrator")
    notified = [root.email, second.email, *(["member@staff.example"] if promoted else [])]  # who is new has the set-up email
    assert sorted(email.to for email in emails) == sorted(notified)
    assert "帳號 member（" in emails[0].body
    edit(
        client,
        User.objects.get(username="member"),
        chinese_name="人",
        email="member@staff.example",
        is_active="on",
        is_superuser="on",
    )
    assert emails.count() == len(notified)


def test_only_administrators_keep_accounts_whatever_a_group_is_given(officer: User, owner: User) -> None:
    group = Group.objects.get(name=OFFICERS)
    group.permissions.add(*Permission.objects.filter(content_type__app_label="portal_accounts"))
    browser = logged_in(User.objects.get(pk=officer.pk))
    for path in (LIST, "/admin/users/new/", f"/admin/users/edit/{owner.pk}/", f"/admin/users/delete/{owner.pk}/"):
        assert browser.get(path)["Location"] == "/admin/", path
        assert browser.post(path, {"is_superuser": "on", "email": "x@y.example"})["Location"] == "/admin/", path
    for action in ("assign_role", "set_active_state", "delete"):
        browser.post(f"{BULK}{action}/?id={owner.pk}&id={officer.pk}", {"role": group.pk, "mark_as_active": "False"})
    owner.refresh_from_db()
    assert (owner.is_active, owner.email) == (True, "xiaoming@example.test")
    assert User.objects.filter(pk=officer.pk, is_active=True, is_superuser=False).exists()


def test_the_permissions_to_keep_accounts_are_offered_to_no_group(client: Client) -> None:
    page = client.get(f"/admin/groups/edit/{Group.objects.get(name=OFFICERS).pk}/")
    offered = page.context["form"].fields["permissions"].queryset
    assert offered.filter(codename="access_admin").exists()
    assert not offered.filter(
        content_type__app_label__in=["portal_accounts", "auth"], content_type__model__in=["user", "group"]
    ).exists()


def test_who_was_given_the_permission_to_change_groups_gives_themselves_nothing(client: Client) -> None:
    group = Group.objects.create(name="群組保管人")
    keys = Permission.objects.filter(codename__in=["access_admin", "add_group", "change_group", "delete_group", "view_group"])
    group.permissions.set(keys)
    browser = logged_in(make_staff("keeper", "群組保管人"))
    everything = {"name": "群組保管人", "permissions": list(Permission.objects.values_list("pk", flat=True))}
    page = client.get(f"/admin/groups/edit/{group.pk}/").content.decode()
    counters = dict.fromkeys(re.findall(r'name="([a-z_]+-(?:TOTAL|INITIAL)_FORMS)"', page), "0")
    assert len(counters) > 4
    for path in ("/admin/groups/", "/admin/groups/new/", f"/admin/groups/edit/{group.pk}/", f"/admin/groups/delete/{group.pk}/"):
        assert browser.get(path)["Location"] == "/admin/", path
        assert browser.post(path, {**everything, **counters})["Location"] == "/admin/", path
    assert set(group.permissions.all()) == set(keys)
    assert list(Group.objects.filter(name__startswith="群組保管人")) == [group]
    client.post(f"/admin/groups/edit/{group.pk}/", {"name": "已改名", "permissions": [], **counters})
    group.refresh_from_db()
    assert (group.name, group.permissions.filter(codename="access_admin").exists()) == ("已改名", False)


# -- students -----------------------------------------------------------------------------


def test_students_are_marked_and_listed_apart(client: Client, owner: User, officer: User) -> None:
    staff, students = (client.get(LIST, asked).content.decode() for asked in ({}, {"kind": "student"}))
    assert "officer" in staff
    assert "學生（" not in staff
    assert "王小明" in students
    assert "學生（" in students
    assert "officer" not in client.get(LIST, {"kind": "student"}).content.decode()
    assert "王小明" not in client.get(LIST, {"kind": "staff"}).content.decode()
    assert "王小明" in client.get(LIST, {"q": "王小明"}).content.decode()


def test_a_student_is_offered_neither_group_nor_password_nor_name(client: Client, owner: User) -> None:
    page = client.get(f"/admin/users/edit/{owner.pk}/")
    assert [field.name for field in page.context["form"].visible_fields()] == ["email", "is_active"]
    assert "學生帳號不能加入人員群組" in page.content.decode()
    groups = list(Group.objects.values_list("pk", flat=True))
    before = User.objects.filter(pk=owner.pk).values().get()
    edit(client, owner, email=owner.email, is_active="on", groups=groups, user_permissions=[1, 2], **UNTOUCHABLE, **PASSWORDS)
    assert User.objects.filter(pk=owner.pk).values().get() == before
    assert not owner.groups.exists()
    assert not is_staff_member(owner)
    assert kinds_to(owner.email) == []


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("zh-hant", "學生線上申辦系統：承辦機關已變更您的 Email 信箱"),
        ("en", "changed your e-mail address"),
        ("zh-hans", "已变更您的 Email"),
    ],
)
def test_another_address_of_a_student_is_said_to_both_in_the_students_language(
    client: Client, owner: User, language: str, subject: str
) -> None:
    User.objects.filter(pk=owner.pk).update(language=language)
    one_time_passwords.issue(owner, now=owner.date_joined)
    edit(client, owner, email="new@example.test", is_active="on")
    owner.refresh_from_db()
    assert owner.email == "new@example.test"
    emails = OutgoingMail.objects.filter(kind="email_changed_by_staff").order_by("pk")
    assert [email.to for email in emails] == ["xiaoming@example.test", "new@example.test"]
    assert all(subject in email.subject for email in emails)
    assert one_time_passwords.latest_for(owner) is None


def test_a_student_whose_account_is_closed_and_opened_is_notified_and_logged_out(client: Client, owner: User) -> None:
    browser = logged_in(owner)
    edit(client, owner, email=owner.email)
    assert browser.get("/china-student/individual/todo/").status_code == 302
    assert kinds_to(owner.email) == ["account_closed"]
    edit(client, owner, email=owner.email, is_active="on")
    owner.refresh_from_db()
    assert (owner.is_active, kinds_to(owner.email)) == (True, ["account_closed", "account_reopened"])


def test_who_never_activated_an_account_is_not_activated_by_an_administrator(client: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False, activated_at=None)
    edit(client, owner, email=owner.email, is_active="on")
    client.post(f"{BULK}set_active_state/?id={owner.pk}", {"mark_as_active": "True"})
    owner.refresh_from_db()
    assert not owner.is_active
    with pytest.raises(students.NeverActivated):
        students.set_active(owner, True, now=owner.date_joined)


# -- several at once, and for good ----------------------------------------------------------


def test_the_bulk_action_gives_a_role_to_staff_only(client: Client, owner: User) -> None:
    member, group = make_staff("member", "編輯"), Group.objects.get(name=OFFICERS)
    address = f"{BULK}assign_role/?id={owner.pk}&id={member.pk}"
    assert "學生帳號不能加入人員群組" in client.get(address).content.decode()
    client.post(address, {"role": group.pk})
    assert not owner.groups.exists()
    assert group in member.groups.all()
    assert client.get(f"{BULK}assign_role/?id={owner.pk}").status_code == 200


def test_the_bulk_action_closes_accounts_and_tells_each(client: Client, owner: User, officer: User, root: User) -> None:
    browsers = [logged_in(owner), logged_in(officer)]
    client.post(f"{BULK}set_active_state/?id={owner.pk}&id={officer.pk}&id={root.pk}", {"mark_as_active": "False"})
    assert set(User.objects.filter(is_active=False)) == {owner, officer}
    assert (kinds_to(owner.email), kinds_to(officer.email)) == (["account_closed"], ["staff_closed"])
    assert [
        browser.get(path).status_code
        for browser, path in zip(browsers, ("/china-student/individual/todo/", "/admin/"), strict=True)
    ] == [302, 302]


def test_a_student_is_not_deleted(client: Client, owner: User) -> None:
    for answer in (client.get(f"/admin/users/delete/{owner.pk}/"), client.post(f"/admin/users/delete/{owner.pk}/")):
        assert answer["Location"] == f"/admin/users/edit/{owner.pk}/"
    assert "學生帳號不能刪除" in client.get(LIST).content.decode()
    page = client.get(f"{BULK}delete/?id={owner.pk}").content.decode()
    assert "學生帳號與自己的帳號不能刪除，請改為停用" in page
    client.post(f"{BULK}delete/?id={owner.pk}")
    assert User.objects.filter(pk=owner.pk).exists()


def test_staff_who_left_traces_are_not_deleted_and_others_are(client: Client, owner: User, officer: User) -> None:
    case: Case = submitted(owner)
    Case.objects.filter(pk=case.pk).update(assignee=officer)
    for ask in (client.get, client.post):  # nobody is asked whether they are sure of what is refused then
        notified = ask(f"/admin/users/delete/{officer.pk}/", follow=True)
        assert "這個帳號經辦過案件或留有紀錄，不能刪除" in notified.content.decode()
        assert "確定要刪除" not in notified.content.decode()
    notified = client.post(f"{BULK}delete/?id={officer.pk}&next={LIST}", follow=True)
    assert "這個帳號經辦過案件或留有紀錄，不能刪除" in notified.content.decode()
    assert User.objects.filter(pk=officer.pk).exists()
    other = make_staff("other", OFFICERS)
    client.post(f"/admin/users/delete/{other.pk}/")
    assert not User.objects.filter(pk=other.pk).exists()


# -- one's own account ------------------------------------------------------------------------


def account(user: User, **said: str) -> dict[str, str]:
    return {
        "name_email-chinese_name": "王審查",
        "name_email-email": user.email,
        "locale-preferred_language": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        **said,
    }


def test_a_new_password_of_ones_own_needs_the_old_one_and_ends_the_other_sessions(officer: User) -> None:
    here, elsewhere = logged_in(officer), logged_in(officer)
    operations.invite(officer, now=officer.date_joined)
    new = {"password-new_password1": "another long sentence 5", "password-new_password2": "another long sentence 5"}
    for old in ("", "wrong"):
        assert here.post("/admin/account/", account(officer, **new, **{"password-old_password": old})).status_code == 200
        officer.refresh_from_db()
        assert officer.check_password(people.PASSWORD)
    answer = here.post("/admin/account/", account(officer, **new, **{"password-old_password": people.PASSWORD}))
    assert answer.status_code == 302, answer.content.decode()
    officer.refresh_from_db()
    assert officer.check_password("another long sentence 5")
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/")["Location"].startswith("/admin/login/")
    assert email_to(officer, "staff_password_changed").body
    assert officer.set_up_links.get().replaced_at is not None


def test_another_address_of_ones_own_is_said_to_the_old_one(officer: User) -> None:
    page = logged_in(officer)
    assert "姓名" in page.get("/admin/account/").content.decode()
    said = {"name_email-email": "mine@staff.example", "name_email-current_password": people.PASSWORD}
    assert page.post("/admin/account/", account(officer, **said)).status_code == 302
    officer.refresh_from_db()
    assert (officer.email, officer.chinese_name) == ("mine@staff.example", "王審查")
    assert kinds_to("officer@staff.example") == kinds_to("mine@staff.example") == ["staff_email_changed"]
