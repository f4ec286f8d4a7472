"""Values of a query string with which no database can be asked."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from portal.cms.admin_requests import AdminRequestMiddleware, is_askable, short_term
from tests.staff import logged_in, make_administrator


@pytest.mark.parametrize(
    ("name", "value", "askable"),
    [
        ("owner", "7", True),
        ("owner", "9" * 18, True),
        ("owner", "9" * 19, False),
        ("owner", "-" + "9" * 40, False),
        ("owner", " +" + "9" * 40 + " ", False),
        ("owner", "9_" * 30 + "9", False),
        ("owner", "٣" * 30, False),
        ("created_at_from", "2026-11-23", True),
        ("created_at_from", "0001-01-01", False),
        ("created_at_from", "1/1/0001", False),
        ("created_at_to", "9999-12-31", False),
        ("last_published_at", "0001-01-01 00:00", False),
        ("link_text", "0912-345-678", True),
        ("title", "from 0001 on", True),
        ("id", "7", True),
        ("id", "all", True),
        ("id", "a", False),
        ("id", "9" * 40, False),
        ("next", "/admin/?" + "a" * 3000, True),
        ("next", "/" + "a" * 4001, False),
        ("next", "", True),
        ("next", "-1", False),
        ("next", "javascript:alert(1)", False),
        ("next", "wagtailadmin_home", False),
        ("p", "3", True),
        ("p", "abc", False),
        ("p", "", False),
        ("p", "-1", False),
        ("p", "00", False),
        ("p", "01", True),
        ("page", "٣", False),
    ],
)
def test_a_value_that_no_database_can_be_asked_with(name: str, value: str, askable: bool) -> None:
    assert is_askable(name, value) is askable


@pytest.mark.parametrize(
    ("term", "short"),
    [
        ("王小明  115", "王小明 115"),
        ('" OR NEAR(', "OR NEAR("),
        ('"', ""),
        ("([%_\\'", "([%_\\'"),
        (" ".join("abcdefghijklm"), "a b c d e f g h i j"),
        ("x" * 60_000, "x" * 200),
    ],
)
def test_a_search_is_as_long_as_anybody_types(term: str, short: str) -> None:
    assert short_term(term) == short
    assert short_term(short) == short


@pytest.mark.parametrize(
    ("route", "left"),
    [("admin/users/", {"q": ["a"], "id": ["1"]}), ("<category>/", {"q": ['a"'], "id": ["1", "9" * 40], "group": ["9" * 40]})],
)
def test_only_the_admins_query_strings_are_cut(route: str, left: dict[str, list[str]]) -> None:
    request = RequestFactory().get("/", {"q": 'a"', "id": ["1", "9" * 40], "group": "9" * 40})
    request.resolver_match = ResolverMatch(lambda: None, (), {}, route=route)
    AdminRequestMiddleware(lambda request: HttpResponse()).process_view(request, None, (), {})
    assert dict(request.GET.lists()) == left


@pytest.mark.parametrize(("typed", "kept"), [("-1", None), ("/admin/", "/admin/"), ("", "")])
def test_where_a_form_of_the_admin_leads_afterwards_is_a_path(typed: str, kept: str | None) -> None:
    request = RequestFactory().post("/", {"next": typed, "comment": "-1"})
    request.resolver_match = ResolverMatch(lambda: None, (), {}, route="admin/workflows/")
    AdminRequestMiddleware(lambda request: HttpResponse()).process_view(request, None, (), {})
    assert request.POST.get("next") == kept
    assert request.POST["comment"] == "-1"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["cases/review/next/", "cases/review/115150000018/draft/", "staff/1/send-link/"])
def test_the_address_of_a_button_says_so_and_leads_back(address: str) -> None:
    client = logged_in(make_administrator())
    answer = client.get(f"/admin/{address}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "這個網址不能直接開啟" in page
    assert 'href="/admin/">回管理後臺</a>' in page
    assert client.head(f"/admin/{address}").content == b""


# The editor of rich text sends JSON of one shape; each of these is of another.
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "5",
        "[]",
        '{"blocks": 5, "entityMap": {}}',
        '{"blocks": [5], "entityMap": {}}',
        '{"blocks": [{}], "entityMap": {}}',
        '{"blocks": [{"key": "a", "type": "unstyled", "depth": 0, "text": "a", "inlineStyleRanges": [], "entityRanges": '
        '[{"offset": 0, "length": 1, "key": 0}]}], "entityMap": {}}',
    ],
)
def test_rich_text_that_the_editor_did_not_write_is_a_broken_form(text: str) -> None:
    answer = logged_in(make_administrator()).post("/admin/snippets/portal_editorial/guidance/add/", {"place": "x", "text": text})
    assert answer.status_code == 400
