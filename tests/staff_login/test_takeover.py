"""One administrator alone takes over nobody: a reset takes a second one who has settled, and its link goes where both know."""

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from portal.review.groups import OFFICERS
from portal.staff_login import emails, operations, resets, second_factor
from portal.staff_login.models import SecondFactorReset
from tests.staff import email_to, fill_in, follow, link_in, logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PAGE, BULK = "/admin/staff/resets/", "/admin/bulk/portal_accounts/user/"
REASON = {"reason": "手機遺失"}
NOT_SETTLED = "成為系統管理人員（含重新啟用、重新設定驗證器）未滿 72 小時，還不能核准"
RESET_WAITS = "第二道驗證的重設申請等待核准期間，不能變更 Email 信箱。請先於「設定 → 第二道驗證重設」取消申請，再變更。"
LINK_WAITS = "此帳號正等待本人以設定連結重新設定驗證器，設定完成前不能變更 Email 信箱。"
OWN = "您自己的 Email 信箱，請於「說明 → 帳號」以目前密碼變更。"


@pytest.fixture
def mallory(db: None) -> User:
    return make_administrator("mallory", chinese_name="馬管理")


@pytest.fixture
def honest(db: None) -> User:
    return make_administrator("honest", chinese_name="洪管理")


def edit(actor: User, person: User, **said: Any) -> Any:
    """The person's page as it stands, sent with these changes; None leaves a box empty."""
    now = User.objects.get(pk=person.pk)
    filled = {
        "chinese_name": now.chinese_name or "人員",
        "email": now.email,
        "is_active": "on" if now.is_active else None,
        "is_superuser": "on" if now.is_superuser else None,
        "groups": list(now.groups.values_list("pk", flat=True)),
        **said,
    }
    answer = logged_in(User.objects.get(pk=actor.pk)).post(
        f"/admin/users/edit/{person.pk}/", {name: value for name, value in filled.items() if value is not None}
    )
    person.refresh_from_db()
    return answer


def asked_by(actor: User, person: User) -> SecondFactorReset:
    assert logged_in(actor).post(f"/admin/staff/{person.pk}/reset/", REASON)["Location"] == PAGE
    return SecondFactorReset.objects.filter(step="asked").latest("pk")


def confirm(actor: User, asked: SecondFactorReset) -> str:
    return str(logged_in(actor).post(f"{PAGE}{asked.pk}/confirm/", follow=True).content.decode())


def notified(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


# -- who confirms -------------------------------------------------------------------------


def test_nobody_makes_the_second_administrator_and_confirms(mallory: User, honest: User) -> None:
    helper = make_staff("helper", OFFICERS)  # of years ago
    with time_machine.travel(NOW, tick=False) as clock:
        edit(mallory, honest, is_superuser=None, groups=list(helper.groups.values_list("pk", flat=True)))
        edit(mallory, helper, is_superuser="on")
        assert (honest.is_superuser, honest.administrator_since) == (False, None)
        assert (helper.is_superuser, helper.administrator_since) == (True, NOW)
        clock.shift(dt.timedelta(hours=71, minutes=59))
        asked = asked_by(mallory, honest)
        assert NOT_SETTLED in confirm(helper, asked)
        assert second_factor.authenticator(honest) is not None
        clock.shift(dt.timedelta(minutes=1))
        assert resets.may_confirm(helper, asked, now=timezone.now()) == ""


def test_who_was_made_by_the_form_or_by_the_command_settles_too(mallory: User) -> None:
    with time_machine.travel(NOW, tick=False):
        fill_in(logged_in(mallory), "newcomer", is_superuser=True)
        call_command("create_administrator", "other", "other@staff.example", stdout=io.StringIO())
    since = User.objects.filter(username__in=["newcomer", "other"]).values_list("administrator_since", flat=True)
    assert list(since) == [NOW, NOW]
    assert notified("staff_new_administrator") == ["mallory@staff.example"] * 2 + ["newcomer@staff.example"]


def test_who_was_closed_and_opened_again_settles_anew(mallory: User, honest: User) -> None:
    before = honest.administrator_since
    edit(mallory, honest, is_active=None)
    assert honest.administrator_since == before
    with time_machine.travel(NOW, tick=False):
        edit(mallory, honest, is_active="on")
        assert honest.administrator_since == NOW
        asked = asked_by(mallory, make_staff("officer", OFFICERS))
        assert NOT_SETTLED in confirm(honest, asked)


def test_who_set_another_authenticator_up_on_a_link_settles_anew_and_who_sets_a_password_does_not(
    mallory: User, honest: User
) -> None:
    before = honest.administrator_since
    with time_machine.travel(NOW, tick=False):
        link = operations.find_link(operations.invite(honest, now=NOW).rstrip("/").rpartition("/")[2])
        assert link
        code = second_factor.new_recovery_codes(honest)[0]
        assert operations.set_password(link, password_hash="!", code=code, network="192.0.2.1", now=NOW) is True
        honest.refresh_from_db()
        assert honest.administrator_since == before
        assert follow(link_in(resets.by_command(honest, now=NOW))).client.get("/admin/").status_code == 200
        honest.refresh_from_db()
        assert honest.administrator_since == NOW
        asked = asked_by(mallory, make_staff("officer", OFFICERS))
        assert NOT_SETTLED in confirm(honest, asked)


def test_an_administrator_of_whom_nothing_is_known_confirms_nothing(mallory: User, honest: User) -> None:
    """As createsuperuser makes one."""
    asked = asked_by(mallory, make_staff("officer", OFFICERS))
    User.objects.filter(pk=honest.pk).update(administrator_since=None)
    honest.refresh_from_db()
    assert resets.may_confirm(honest, asked, now=NOW).startswith(NOT_SETTLED)


# -- who is notified --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ({"is_superuser": None}, "staff_administrators_changed", "改為一般人員，不再是系統管理人員"),
        ({"is_active": None}, "staff_administrators_changed", "停用"),
    ],
)
def test_the_administrators_of_before_hear_of_who_is_none_any_more(
    mallory: User, honest: User, said: dict[str, Any], kind: str, words: str
) -> None:
    third = make_administrator("third", chinese_name="第三人")
    officers = list(make_staff("officer", OFFICERS).groups.values_list("pk", flat=True))
    edit(mallory, third, **said, groups=officers)
    own = [third.email] if "is_superuser" in said else []  # of the closing the person has an email of its own
    assert notified(kind) == sorted([mallory.email, honest.email, *own])
    assert f"系統管理人員帳號 third（第三人）已於 {timezone.localtime():%Y/%m/%d}" in email_to(honest, kind).body
    assert f" {words}。" in email_to(honest, kind).body
    assert notified("staff_closed") == ([] if own else [third.email])


def test_the_administrators_hear_of_who_is_opened_again(mallory: User, honest: User) -> None:
    third = make_administrator("third")
    operations.set_active(third, False, now=NOW)
    OutgoingMail.objects.all().delete()
    edit(mallory, third, is_active="on")
    assert notified("staff_administrators_changed") == sorted([mallory.email, honest.email])
    assert " 重新啟用。" in email_to(honest, "staff_administrators_changed").body
    assert notified("staff_reopened") == [third.email]


@pytest.mark.parametrize("bulk", [False, True])
def test_the_administrators_and_the_person_hear_of_who_is_deleted(mallory: User, honest: User, bulk: bool) -> None:
    third = make_administrator("third")
    logged_in(mallory).post(f"{BULK}delete/?id={third.pk}" if bulk else f"/admin/users/delete/{third.pk}/")
    assert not User.objects.filter(pk=third.pk).exists()
    assert notified("staff_administrators_changed") == sorted([mallory.email, honest.email, third.email])
    assert " 刪除。" in email_to(third, "staff_administrators_changed").body


def test_the_bulk_action_that_closes_tells_them_too(mallory: User, honest: User) -> None:
    third = make_administrator("third")
    logged_in(mallory).post(f"{BULK}set_active_state/?id={honest.pk}&id={third.pk}", {"mark_as_active": "False"})
    assert notified("staff_closed") == sorted([honest.email, third.email])
    emails = OutgoingMail.objects.filter(kind="staff_administrators_changed")
    assert emails.filter(to=mallory.email).count() == 2


def test_the_email_goes_to_the_address_of_before_when_a_form_brings_another_one_along(mallory: User, honest: User) -> None:
    officers = list(make_staff("officer", OFFICERS).groups.values_list("pk", flat=True))
    edit(mallory, honest, is_superuser=None, is_active=None, groups=officers, email="mallory@evil.example")
    for kind in ("staff_administrators_changed", "staff_closed", "staff_email_changed"):
        assert "honest@staff.example" in notified(kind), kind
    assert notified("staff_closed") == ["honest@staff.example"]


def test_nobody_hears_of_who_is_no_administrator(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    edit(mallory, officer, is_active=None)
    edit(mallory, officer, is_active="on")
    assert notified("staff_administrators_changed") == notified("staff_new_administrator") == []


# -- where the link goes --------------------------------------------------------------------


def refused(answer: Any) -> str:
    assert answer.status_code == 200
    (said,) = answer.context["form"].errors["email"]
    assert str(said) in answer.content.decode()
    return str(said)


def test_while_a_reset_is_open_the_address_stays(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    asked = asked_by(mallory, officer)
    assert refused(edit(mallory, officer, email="mallory@evil.example")) == RESET_WAITS
    assert officer.email == "officer@staff.example"
    assert edit(mallory, officer, chinese_name="王審查").status_code == 302  # everything else does not wait
    logged_in(honest).post(f"{PAGE}{asked.pk}/decline/")
    assert edit(mallory, officer, email="new@staff.example").status_code == 302
    assert officer.email == "new@staff.example"


@pytest.mark.parametrize("by_command", [False, True])
def test_after_a_reset_the_address_stays_until_the_person_has_set_up(mallory: User, honest: User, by_command: bool) -> None:
    officer = make_staff("officer", OFFICERS)
    if by_command:
        call_command("reset_second_factor", "officer", stdout=io.StringIO())
    else:
        confirm(honest, asked_by(mallory, officer))
    assert refused(edit(mallory, officer, email="mallory@evil.example")).startswith(LINK_WAITS)
    assert "請主機管理者以指令 reset_second_factor" in refused(edit(mallory, officer, email="mallory@evil.example"))
    logged_in(mallory).post(f"/admin/staff/{officer.pk}/send-link/")
    assert notified("staff_set_up") == ["officer@staff.example"] * 2
    follow(link_in(email_to(officer).body))
    assert edit(mallory, officer, email="new@staff.example").status_code == 302


def test_an_account_older_than_the_links_waits_as_well_after_a_reset(mallory: User, honest: User) -> None:
    """It had a password at once, and no time at which it was set up."""
    officer = make_staff("officer", OFFICERS)
    User.objects.filter(pk=officer.pk).update(activated_at=None)
    confirm(honest, asked_by(mallory, officer))
    assert refused(edit(mallory, officer, email="mallory@evil.example")).startswith(LINK_WAITS)


def test_an_account_older_than_the_links_is_given_an_address_where_it_has_none(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    second_factor.reset(officer)
    User.objects.filter(pk=officer.pk).update(activated_at=None, email="")
    assert edit(mallory, officer, email="new@staff.example").status_code == 302
    assert notified("staff_set_up") == notified("staff_email_changed") == ["new@staff.example"]
    assert notified("staff_invitation_moved") == [honest.email]


def test_an_account_older_than_the_links_with_an_authenticator_is_mailed_no_link(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    User.objects.filter(pk=officer.pk).update(activated_at=None)
    edit(mallory, officer, email="new@staff.example")
    assert sorted(OutgoingMail.objects.values_list("kind", flat=True)) == ["staff_email_changed"] * 2


def test_the_operation_refuses_what_the_form_did_not_know_yet(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    resets.ask(officer, actor=honest, reason="手機遺失", now=NOW)
    with pytest.raises(emails.Stays, match="等待核准期間"):
        emails.change(officer, "mallory@evil.example", actor=mallory, now=NOW)
    with pytest.raises(emails.Stays, match="請於「說明 → 帳號」"):
        emails.change(mallory, "other@staff.example", actor=mallory, now=NOW)
    kept = {"mallory@staff.example", "honest@staff.example", "officer@staff.example"}
    assert set(User.objects.values_list("email", flat=True)) == kept


def test_a_reset_is_of_the_address_at_which_it_was_asked_for(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    asked = asked_by(mallory, officer)
    emails.change_own(officer, "mine@staff.example", now=timezone.now())
    said = "申請之後，此帳號的 Email 信箱已變更，不能核准。請取消申請，確認是本人後重新申請。"
    assert said in logged_in(honest).get(PAGE).content.decode()
    assert said in confirm(honest, asked)
    assert second_factor.authenticator(officer) is not None
    emails.change_own(officer, "officer@staff.example", now=timezone.now())
    assert "已重設，並寄出新的設定連結。" in confirm(honest, asked)


def test_a_request_from_before_that_names_no_address_is_asked_for_anew(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    asked = SecondFactorReset.objects.create(step="asked", person=officer, actor=mallory, reason="x", at=timezone.now())
    assert "請取消申請，確認是本人後重新申請" in confirm(honest, asked)


def test_who_confirms_reads_where_the_link_goes_and_since_when(mallory: User, honest: User) -> None:
    officer = make_staff("officer", OFFICERS)
    with time_machine.travel(NOW, tick=False) as clock:
        edit(mallory, officer, email="new@staff.example")
        clock.shift(dt.timedelta(hours=1))
        asked_by(mallory, officer)
        other = asked_by(mallory, make_staff("other", OFFICERS))
        page = logged_in(honest).get(PAGE).content.decode()
    assert "設定連結將寄到：new@staff.example（此信箱於 2026/11/23 12:00 變更）。" in page
    assert f"設定連結將寄到：{other.person.email}。" in page
    assert SecondFactorReset.objects.filter(address_digest__contains="@").count() == 0


def test_the_invited_persons_address_may_be_mended_and_the_others_hear_of_it(mallory: User, honest: User) -> None:
    fill_in(logged_in(mallory), "newcomer", OFFICERS, chinese_name="新人")
    newcomer = User.objects.get(username="newcomer")
    first = link_in(email_to(newcomer).body)
    assert edit(mallory, newcomer, email="right@staff.example").status_code == 302
    assert notified("staff_email_changed") == ["newcomer@staff.example", "right@staff.example"]
    email = OutgoingMail.objects.get(kind="staff_invitation_moved")
    assert email.to == honest.email
    assert "系統管理人員 馬管理 於" in email.body
    assert "帳號 newcomer（新人）的 Email 信箱" in email.body
    assert Client().get(first).status_code == 410
    assert follow(link_in(email_to(newcomer).body)).client.get("/admin/").status_code == 200


def test_ones_own_address_is_not_changed_past_the_password_among_the_users(mallory: User) -> None:
    client = logged_in(mallory)
    page = client.get(f"/admin/users/edit/{mallory.pk}/")
    assert (page.context["form"].fields["email"].disabled, OWN in page.content.decode()) == (True, True)
    edit(mallory, mallory, email="thief@evil.example")
    assert (mallory.email, notified("staff_email_changed")) == ("mallory@staff.example", [])
