"""Failures look alike and say how to go on."""

import pytest
from django.test import Client, RequestFactory
from django.views import defaults


def _text(content: bytes) -> str:
    return content.decode()


@pytest.mark.django_db
def test_a_missing_page_says_so_and_leads_home(client: Client) -> None:
    response = client.get("/no/such/page/")
    text = _text(response.content)
    assert response.status_code == 404
    assert "<title>找不到頁面｜學生線上申辦系統</title>" in text
    assert "<h1>找不到頁面</h1>" in text
    assert '<a class="button" href="/">回首頁</a>' in text
    assert "(02) 2796-7162" in text


@pytest.mark.parametrize("address", ["/china-student/individual/no-such-page/", "/en/no/such/page/"])
def test_a_missing_page_keeps_the_menu_and_the_name_of_who_is_logged_in(
    owner_client: Client, client: Client, address: str
) -> None:
    response = owner_client.get(address)
    text = _text(response.content)
    assert response.status_code == 404
    assert '<span class="account-name" translate="no">王小明</span>' in text
    assert '<nav class="menu"' in text
    assert "/china-student/individual/todo/" in text
    assert '<nav class="menu"' not in _text(client.get(address).content)


def test_a_failure_asks_the_database_for_nothing() -> None:
    """No `django_db` mark: a query would fail the test."""
    response = defaults.server_error(RequestFactory().get("/"))
    text = _text(response.content)
    assert response.status_code == 500
    assert "<h1>系統暫時無法服務</h1>" in text
    assert "(02) 2796-7162" in text
    assert "languages" not in text


def test_a_bad_request_asks_the_database_for_nothing() -> None:
    response = defaults.bad_request(RequestFactory().get("/"), Exception())
    assert response.status_code == 400
    assert "<h1>無法處理這項要求</h1>" in _text(response.content)


@pytest.mark.django_db
def test_a_forbidden_page_says_so(rf: RequestFactory) -> None:
    request = rf.get("/")
    response = defaults.permission_denied(request, Exception("secret words"))
    assert response.status_code == 403
    assert "<h1>您無權檢視此頁面</h1>" in _text(response.content)
    assert "secret words" not in _text(response.content)


@pytest.mark.django_db
def test_a_form_from_an_old_page_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/verify/", {"code": "X"})
    text = _text(response.content)
    assert response.status_code == 403
    assert "<h1>頁面已逾時</h1>" in text
    assert "請回到上一頁重新整理後，再送出一次。" in text
