"""港澳僑生: announced, with a log-in page of its own. 陸生帳號僅允許登入陸生系統, 港澳僑生帳號僅允許登入港澳僑生系統."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases import kinds
from portal.core import categories
from portal.hk_macau_student.category import HK_MACAU_STUDENT
from tests import people
from tests.accounts.steps import LOGIN, TODO, submit, text
from tests.conftest import logged_in
from tests.worlds import seed_pages

SLUG = "hk-macau-student"
HOME = f"/{SLUG}/individual"
HERE, HERE_TODO, HERE_REGISTER = f"{HOME}/login/", f"{HOME}/todo/", f"{HOME}/register/"
WRONG = "帳號或密碼錯誤"
# What differs from picture to picture and from form to form.
BY_CHANCE = re.compile(r'value="[0-9a-zA-Z]{64}"|[0-9a-f]{40}')


@pytest.fixture
def li(db: None) -> User:
    """李港生, a student of this category."""
    return User.objects.create_user("gangsheng", password=people.PASSWORD, category=SLUG, chinese_name="李港生")


def log_in(at: str, username: str) -> tuple[Client, str]:
    """The browser, and where it is led; "" when refused."""
    client = Client()
    response = submit(client, at, {"username": username, "password": people.PASSWORD})
    return client, response.headers.get("Location", "")


def test_the_category_is_registered_and_has_nothing_to_apply_for() -> None:
    assert categories.get(SLUG) is HK_MACAU_STUDENT
    assert list(kinds.of_category(SLUG)) == []


@pytest.mark.parametrize("address", ["/student/entry/honk-macao-student", "/student/entry/honk-macao-student/"])
def test_the_address_of_the_agencys_own_system_leads_here(client: Client, db: None, address: str) -> None:
    seed_pages()
    seed_pages()
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1] == ("/student/entry/hk-macau-student/", 301)
    assert response.status_code == 200


def test_the_log_in_page_is_its_own(client: Client, db: None) -> None:
    page = text(client.get(HERE))
    assert "<h1>港澳僑生自行申請線上申辦系統</h1>" in page
    assert f'action="{HERE}"' in page


def test_each_student_logs_in_at_their_own_page(owner: User, li: User) -> None:
    assert log_in(HERE, "gangsheng")[1] == HERE_TODO
    assert log_in(LOGIN, "xiaoming")[1] == TODO


@pytest.mark.parametrize(("login_page", "account"), [(HERE, "xiaoming"), (LOGIN, "gangsheng")])
def test_the_other_categorys_account_is_refused_as_an_unknown_one(owner: User, li: User, login_page: str, account: str) -> None:
    assert len(account) in {8, 9}
    unknown = "x" * len(account)
    answers = []
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), tick=False):
        for name in (account, unknown):
            client = Client()
            response = submit(client, login_page, {"username": name, "password": people.PASSWORD})
            assert list(response.context["form"].non_field_errors()) == [WRONG]
            assert SESSION_KEY not in client.session
            answers.append((response.status_code, dict(response.headers), BY_CHANCE.sub("", text(response)).replace(name, "")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("page", ["todo/", "payments/", "downloads/permits/", "downloads/receipts/"])
def test_a_student_of_one_category_is_nobody_in_the_other(owner: User, li: User, page: str) -> None:
    assert logged_in(li).get(f"/china-student/individual/{page}")["Location"].startswith(LOGIN)
    assert logged_in(owner).get(f"{HOME}/{page}")["Location"].startswith(HERE)


def test_an_officer_does_not_enter_here_and_a_student_of_here_not_the_admin(officer: User, li: User) -> None:
    assert log_in(HERE, "officer")[1] == ""
    assert logged_in(li).get("/admin/")["Location"] == "/admin/login/?next=/admin/"


@pytest.mark.parametrize("language", ["", "/en", "/zh-hans"])
@pytest.mark.parametrize("page", ["todo/", "payments/", "downloads/permits/", "downloads/receipts/"])
def test_their_pages_are_shown_sanely_without_anything_to_apply_for(li: User, language: str, page: str) -> None:
    response = logged_in(li).get(f"{language}{HOME}/{page}")
    assert response.status_code == 200
    assert "/apply/" not in text(response)


def test_todo_and_the_menu_say_that_it_opens_soon(li: User) -> None:
    page = text(logged_in(li).get(HERE_TODO))
    assert "港澳僑生的線上申辦即將開放，目前沒有可以申請的項目。" in page
    assert "<li><a>即將開放</a></li>" in page
    assert 'class="tabs"' not in page


def test_nobody_registers_yet(client: Client, wang: object) -> None:
    for response in (client.get(HERE_REGISTER), client.post(HERE_REGISTER, {"username": "gangsheng"})):
        assert "港澳僑生的註冊帳號與線上申辦即將開放。" in text(response)
    assert not User.objects.exists()


def test_nothing_is_applied_for_by_address(li: User) -> None:
    assert logged_in(li).get(f"{HOME}/apply/multiple-entry/").status_code == 404


@pytest.mark.django_db
def test_the_entry_page_shows_both_cards_and_the_page_no_way_in(client: Client) -> None:
    seed_pages()
    entry = text(client.get("/student/entry/"))
    for slug, name in (("china-student", "大陸學生"), (SLUG, "港澳僑生")):
        assert f'<h3><a href="/student/entry/{slug}/">{name}</a></h3>' in entry
    page = text(client.get(f"/student/entry/{SLUG}/"))
    assert "<h1>港澳僑生自行申請線上申辦系統</h1>" in page
    assert '<p class="lead"><strong>即將開放</strong></p>' in page
    assert "我要申請" not in page
    assert "我要申請" in text(client.get("/student/entry/china-student/"))


def test_it_is_a_part_of_demonstrations_only(settings: Settings) -> None:
    from portal.settings import base

    assert "portal.hk_macau_student" in base.DEMO_APPS
    assert "portal.hk_macau_student" not in base.INSTALLED_APPS
    assert "portal.hk_macau_student" in settings.INSTALLED_APPS
