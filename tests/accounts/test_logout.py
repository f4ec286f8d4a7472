"""登出: back to the category's log-in page."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from .steps import LOGIN, LOGOUT, TODO, text


def test_figures_15_and_16_log_out_leads_to_the_log_in_page(owner_client: Client) -> None:
    response = owner_client.post(LOGOUT)
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    assert "您已登出" in text(owner_client.get(LOGIN))
    assert SESSION_KEY not in owner_client.session
    assert owner_client.get(TODO)["Location"].startswith(LOGIN)


def test_a_session_kept_from_before_is_dead(owner_client: Client) -> None:
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = owner_client.cookies[settings.SESSION_COOKIE_NAME].value
    assert stolen.get(TODO).status_code == 200
    owner_client.post(LOGOUT)
    assert stolen.get(TODO)["Location"].startswith(LOGIN)


def test_a_link_asks_first(owner_client: Client) -> None:
    page = owner_client.get(LOGOUT)
    assert page.status_code == 200
    assert "確定要登出嗎？" in text(page)
    assert owner_client.get(TODO).status_code == 200


def test_who_is_not_logged_in_goes_to_the_log_in_page(client: Client, db: None) -> None:
    assert client.get(LOGOUT)["Location"] == LOGIN
    assert client.post(LOGOUT)["Location"] == LOGIN


def test_log_out_without_the_page_token_is_refused(owner_client: Client) -> None:
    owner_client.handler.enforce_csrf_checks = True
    assert owner_client.post(LOGOUT).status_code == 403
    assert SESSION_KEY in owner_client.session
