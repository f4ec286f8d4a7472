"""Two log-in pages: students at their category's page, staff at /admin/; and a session that ends by itself."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY, authenticate
from django.contrib.auth.models import Permission
from django.test import Client

from portal.accounts.models import User
from tests import people
from tests.staff import pass_second_factor

from .steps import HOME, LOGIN, REGISTER, REGISTERED, RESEND, TODO, log_in, text

ADMIN, ADMIN_LOGIN = "/admin/", "/admin/login/"


def test_staff_log_in_at_the_admin(client: Client, officer: User) -> None:
    response = client.post(ADMIN_LOGIN, {"username": "Officer", "password": people.PASSWORD})
    assert (response.status_code, response["Location"]) == (302, ADMIN)
    assert client.get(ADMIN)["Location"] == "/admin/second-factor/?next=%2Fadmin%2F"
    pass_second_factor(client, officer)
    assert client.get(ADMIN).status_code == 200


def test_a_student_is_refused_at_the_admin(client: Client, owner: User) -> None:
    response = client.post(ADMIN_LOGIN, {"username": "xiaoming", "password": people.PASSWORD})
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert SESSION_KEY not in client.session


def test_a_logged_in_student_gets_no_admin_page(client: Client, owner: User) -> None:
    log_in(client)
    response = client.get(ADMIN)
    assert (response.status_code, response["Location"]) == (302, f"{ADMIN_LOGIN}?next=/admin/")


def test_a_logged_in_officer_gets_no_students_page(officer_client: Client) -> None:
    assert officer_client.get(TODO)["Location"].startswith(LOGIN)
    assert officer_client.get(LOGIN).status_code == 200


def test_each_backend_knows_its_own_people_only(owner: User, officer: User) -> None:
    def who(username: str, **more: str) -> object:
        return authenticate(None, username=username, password=people.PASSWORD, **more)

    assert who("xiaoming", category="china-student") == owner
    assert who("officer") == officer
    assert who("xiaoming") is None
    assert who("xiaoming", category="other-student") is None
    assert who("officer", category="china-student") is None


def test_permissions_are_those_of_the_person_and_of_their_groups(officer: User) -> None:
    own = Permission.objects.get(codename="view_officeday")
    officer.user_permissions.add(own, Permission.objects.get(codename="review_case"))  # the second by their group, too
    of_groups = Permission.objects.filter(group__in=officer.groups.all())
    expected = {f"{each.content_type.app_label}.{each.codename}" for each in {own, *of_groups}}
    assert User.objects.get(pk=officer.pk).get_all_permissions() == expected > {"portal_office_calendar.view_officeday"}
    officer.is_active = False
    assert officer.get_all_permissions() == set()


def test_a_session_idle_for_15_minutes_is_over_and_log_in_leads_back(client: Client, owner: User) -> None:
    page = f"{TODO}?tab=multiple-entry"
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC), tick=False) as clock:
        log_in(client)
        for _look in range(3):
            clock.shift(dt.timedelta(minutes=14))
            assert client.get(page).status_code == 200
        clock.shift(dt.timedelta(minutes=15))
        sent = client.get(page)
        assert sent["Location"].startswith(f"{LOGIN}?next=")
        assert log_in(client, next=page)["Location"] == page


def test_a_post_after_the_session_ended_leads_back_to_its_page(client: Client, owner: User) -> None:
    page = f"{HOME}/account/profile/"
    assert client.post(page)["Location"] == f"{LOGIN}?next={quote(page, safe='')}"
    assert client.post(TODO).status_code == 405  # a page that takes no POST has nothing to come back to


def test_students_pages_are_kept_by_no_cache(owner_client: Client) -> None:
    assert "no-store" in owner_client.get(TODO)["Cache-Control"]


@pytest.mark.parametrize("page", [LOGIN, REGISTER, REGISTERED, RESEND, f"{HOME}/activate/x/"])
def test_pages_before_log_in_hold_nothing_inline_and_nothing_from_elsewhere(client: Client, db: None, page: str) -> None:
    response = client.get(page)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not re.findall(r"<style|<script(?![^>]*src)|\sstyle=|\son[a-z]+=|(?:src|href)=.https?:", text(response))


@pytest.mark.parametrize("page", [LOGIN, REGISTER, REGISTERED, RESEND, f"{HOME}/activate/x/", f"{HOME}/logout/"])
def test_other_methods_are_refused(client: Client, db: None, page: str) -> None:
    assert client.put(page).status_code == 405


@pytest.mark.django_db
def test_wagtails_own_password_reset_serves_nobody(client: Client) -> None:
    assert client.get("/admin/password_reset/").status_code == 404


# Sent as the raw header: a Python with the latest security patches makes no such cookie, a hostile browser does.
@pytest.mark.parametrize("value", ["abcdefgh\0", r'"abcdefgh\000"'], ids=["raw", "quoted"])
@pytest.mark.django_db
def test_a_session_cookie_with_a_nul_is_no_session(client: Client, value: str) -> None:
    response = client.get(TODO, headers={"cookie": f"sessionid={value}"})
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)


def test_a_nul_in_any_cookie_takes_all_of_them(owner_client: Client) -> None:
    session = owner_client.cookies["sessionid"].value
    assert owner_client.get(TODO, headers={"cookie": f"sessionid={session}; other=1"}).status_code == 200
    assert owner_client.get(TODO, headers={"cookie": rf'sessionid={session}; other="\000"'}).status_code == 302
