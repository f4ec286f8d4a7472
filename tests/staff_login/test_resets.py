"""重設第二道驗證: one administrator asks, another confirms; the log is written once."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from portal.review.groups import OFFICERS
from portal.staff_login import resets, second_factor
from portal.staff_login.models import SecondFactorReset
from tests.staff import email_to, follow, link_in, logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/staff/resets/"
REASON = {"reason": "手機遺失，已當面確認"}
NOT_SETTLED = "成為系統管理人員（含重新啟用、重新設定驗證器）未滿 72 小時，還不能核准"


@pytest.fixture
def first(db: None) -> User:
    return make_administrator("first", chinese_name="黃管理")


@pytest.fixture
def second(db: None) -> User:
    return make_administrator("second", chinese_name="林管理")


def ask(actor: User, person: User) -> SecondFactorReset:
    answer = logged_in(actor).post(f"/admin/staff/{person.pk}/reset/", REASON)
    assert answer["Location"] == PAGE
    return SecondFactorReset.objects.filter(step="asked").latest("pk")


def end(actor: User, asked: SecondFactorReset, how: str = "confirm") -> str:
    """What the page says."""
    return str(logged_in(actor).post(f"{PAGE}{asked.pk}/{how}/", follow=True).content.decode())


def test_one_asks_another_confirms_and_the_person_begins_anew(first: User, second: User, officer: User) -> None:
    browser = logged_in(officer)
    asked = ask(first, officer)
    assert second_factor.authenticator(officer) is not None
    assert browser.get("/admin/").status_code == 200
    assert "系統管理人員 黃管理 於" in email_to(officer, "staff_reset_asked").body
    assert "手機遺失，已當面確認" in logged_in(second).get(PAGE).content.decode()
    assert "已重設，並寄出新的設定連結。" in end(second, asked)
    assert second_factor.authenticator(officer) is None
    assert second_factor.recovery_codes_left(officer) == 0
    assert browser.get("/admin/")["Location"].startswith("/admin/login/")
    assert email_to(officer, "staff_reset_done").subject == "學生線上申辦系統：您的第二道驗證已重設"
    assert follow(link_in(email_to(officer).body)).client.get("/admin/").status_code == 200
    steps = SecondFactorReset.objects.order_by("pk").values_list("step", "person__username", "actor__username", "reason")
    assert list(steps) == [("asked", "officer", "first", REASON["reason"]), ("confirmed", "officer", "second", "")]


def test_nobody_confirms_their_own_request_and_it_stays_open(first: User, second: User, officer: User) -> None:
    asked = ask(first, officer)
    assert "申請人不能核准自己的申請" in end(first, asked)
    assert "申請人不能核准自己的申請" in logged_in(first).get(PAGE).content.decode()
    assert second_factor.authenticator(officer) is not None
    assert resets.waiting(asked.at).get() == asked


def test_an_administrator_of_yesterday_confirms_nothing(first: User, second: User, officer: User) -> None:
    """Else one person would make the second administrator, and confirm."""
    asked = ask(first, officer)
    User.objects.filter(pk=second.pk).update(administrator_since=asked.at - dt.timedelta(hours=71))
    assert NOT_SETTLED in end(second, asked)
    assert second_factor.authenticator(officer) is not None
    second.refresh_from_db()
    assert resets.may_confirm(second, asked, now=asked.at + dt.timedelta(hours=2)) == ""


def test_nobody_resets_themselves(first: User, second: User) -> None:
    page = logged_in(first).post(f"/admin/staff/{first.pk}/reset/", REASON).content.decode()
    assert "不能申請重設自己的第二道驗證" in page
    assert not SecondFactorReset.objects.exists()
    third = make_administrator("third")
    asked = ask(third, first)
    assert "不能核准重設自己的第二道驗證" in end(first, asked)
    assert second_factor.authenticator(first) is not None


def test_with_one_administrator_the_command_remains(first: User, officer: User) -> None:
    page = logged_in(first).get(f"/admin/staff/{officer.pk}/reset/").content.decode()
    assert "請由主機管理者以指令 reset_second_factor 重設" in page
    with pytest.raises(resets.Refused):
        resets.ask(officer, actor=first, reason="x", now=dt.datetime.now(dt.UTC))


def test_a_reason_is_asked_for(first: User, second: User, officer: User) -> None:
    answer = logged_in(first).post(f"/admin/staff/{officer.pk}/reset/", {"reason": " "})
    assert (answer.status_code, "請填寫原因" in answer.content.decode()) == (400, True)
    assert not SecondFactorReset.objects.exists()


def test_one_request_at_a_time_and_one_end_each(first: User, second: User, officer: User) -> None:
    asked = ask(first, officer)
    assert "已有一筆申請等待核准" in logged_in(second).post(f"/admin/staff/{officer.pk}/reset/", REASON).content.decode()
    assert "已取消申請，未重設。" in end(first, asked, "decline")
    assert "這筆申請已處理過，或已逾期。" in end(second, asked)
    assert "這筆申請已處理過，或已逾期。" in end(second, asked, "decline")
    assert second_factor.authenticator(officer) is not None
    again = ask(second, officer)
    end(first, again)
    assert "這筆申請已處理過" in end(first, again)
    assert OutgoingMail.objects.filter(kind="staff_reset_done").count() == 1


def test_a_request_that_nobody_answered_runs_out(first: User, second: User, officer: User) -> None:
    asked = ask(first, officer)
    with time_machine.travel(asked.at + dt.timedelta(hours=72, seconds=1)):
        assert "已逾期" in end(second, asked)
        assert second_factor.authenticator(officer) is not None
        assert ask(second, officer) != asked


def test_who_has_no_authenticator_and_a_student_have_nothing_to_reset(
    first: User, second: User, officer: User, owner: User
) -> None:
    second_factor.reset(officer)
    assert "此帳號沒有驗證器" in logged_in(first).get(f"/admin/staff/{officer.pk}/reset/").content.decode()
    for path in (f"/admin/staff/{owner.pk}/reset/", f"/admin/staff/{owner.pk}/send-link/"):
        assert logged_in(first).post(path, REASON).status_code == 404


ADDRESSES = (PAGE, f"{PAGE}1/confirm/", f"{PAGE}1/decline/", "/admin/staff/{}/reset/", "/admin/staff/{}/send-link/")


@pytest.mark.parametrize("path", ADDRESSES)
def test_it_is_the_administrators_only(first: User, second: User, officer: User, path: str) -> None:
    ask(first, officer)
    client = logged_in(make_staff("colleague", OFFICERS))
    ask_there = client.get if path == PAGE else client.post
    assert ask_there(path.format(officer.pk), REASON)["Location"] == "/admin/"
    assert SecondFactorReset.objects.count() == 1
    ended = Client().post(path.format(officer.pk), REASON)
    assert (ended.status_code, "/admin/login/" in ended.content.decode()) == (403, True)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_log_is_written_once(first: User, second: User, officer: User, change: str) -> None:
    ask(first, officer)
    rows = SecondFactorReset.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(reason="x") if change == "update" else rows.delete()
