"""Every address of the admin, knocked at by every role: it opens to whom the table says, and to nobody else."""

import re
from functools import partial

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.views.generic.edit import ProcessFormView
from pytest_django import Settings

from portal.staff_login.middleware import EXEMPT_VIEWS
from tests.once import roles
from tests.staff import make_administrator, with_password

from .admin_table import ADMIN_ACCESS, BESIDES, EVERYBODY, STAFF
from .admin_world import METHODS, World, build, client_of, contents, refuses, undone
from .file_table import ROOM
from .remembered import read_once
from .test_access import Address, addresses_of
from .test_room_for_files import files_without_room, places_of_files
from .test_tokens import forms_without_token

# Wagtail leaves the files of its thumbnails to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning")
ASK = "/admin/second-factor/?next="


def addresses() -> list[Address]:
    return [address for address in addresses_of(get_resolver().url_patterns) if address.route.startswith("admin/")]


def name_of(address: Address) -> str:
    """Wagtail left two of its addresses without a name."""
    return address.name or address.route


def test_every_address_of_the_admin_has_a_row_and_every_row_an_address() -> None:
    names = {name_of(address) for address in addresses()}
    assert names - ADMIN_ACCESS.keys() == set(), "addresses without a row"
    assert ADMIN_ACCESS.keys() - names == set(), "rows without an address"


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.mark.slow
@pytest.mark.parametrize("role", roles(EVERYBODY, on_each_database=["administrator"]))
def test_a_role_opens_what_the_table_says_and_nothing_else(world: World, role: str, settings: Settings) -> None:
    client = read_once(client_of(role), settings)
    others_open_by_no_method(world, role, client)
    assert faults_where_let_in(world, role, client) == []


def methods_of(address: Address) -> list[str]:
    """Each method that the view answers in a way of its own, and one that it does not: a class answers all those alike."""
    view = getattr(address.view, "view_class", None)
    return [name for name in METHODS if view is None or name == "PROPFIND" or hasattr(view, name.lower())]


def answered_as_post(address: Address) -> bool:
    """Whether PUT is handed on to what answers POST, as Django's views of forms do."""
    return getattr(getattr(address.view, "view_class", None), "put", None) is ProcessFormView.put


def faults_where_let_in(world: World, role: str, client: Client) -> list[tuple[str, str, str]]:
    """Where the role is to be let in, it is, and no method and no empty form ends in an error. Who may do everything tries
    all methods."""
    faults: list[tuple[str, str, str]] = []
    methods = METHODS if role == "administrator" else ("POST", "DELETE")
    client.raise_request_exception = False
    for address in addresses():
        if role in ADMIN_ACCESS[name_of(address)]:
            path, name = world.fill(address.name, address.route), name_of(address)
            tried = [each for each in methods_of(address) if each in methods and each != "GET"]
            if answered_as_post(address):
                tried = [each for each in tried if each != "PUT"]
            answers = {method: undone(client, partial(client.generic, method), path) for method in ("GET", *tried)}
            if not lets_in(answers):
                faults.append((name, "", "shut"))
            for method, response in answers.items():
                if response.status_code >= 500:
                    faults.append((name, method, repr(getattr(response, "exc_info", ""))[:150]))
    return faults


def lets_in(answers: dict[str, HttpResponseBase]) -> bool:
    """A view that takes no GET says so by its answer to POST."""
    first = answers["GET"]
    return not refuses(answers.get("POST", first) if first.status_code == 405 else first)


def others_open_by_no_method(world: World, role: str, client: Client) -> None:
    """Where the role is not let in, no method lets it in, fails or changes a row."""
    before, opened = contents(), set()
    for address in addresses():
        name = name_of(address)
        if role not in ADMIN_ACCESS[name]:
            path = world.fill(address.name, address.route)
            for method in methods_of(address):
                ask = partial(client.generic, method)
                response = undone(client, ask, path) if (name, method) in BESIDES else ask(path)
                if not refuses(response) and response.headers.get("Location", "").startswith("/admin/"):
                    response = ask(response.headers["Location"])  # a setting leads to its own number, which asks who comes
                if not refuses(response):
                    opened.add((name, method))
                client.cookies.pop("messages", None)  # each refusal adds its words, which nobody reads: hundreds in the end
    assert sorted(opened) == sorted(pair for pair, who in BESIDES.items() if role in who)
    changed = {table for table, digest in contents().items() if before[table] != digest}
    assert changed == set()


@pytest.mark.slow
@pytest.mark.once
def test_with_the_password_alone_nobody_opens_a_page_of_the_admin(world: World) -> None:
    client = Client()
    with_password(client, make_administrator())
    for address in addresses():
        path = world.fill(address.name, address.route)
        if address.name not in EXEMPT_VIEWS:
            assert client.get(path).headers.get("Location", "").startswith(ASK), path
            assert client.post(path).headers.get("Location", "").startswith(ASK), path
            assert client.get(path, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403, path


def test_what_is_open_before_the_second_factor_exists() -> None:
    assert {name_of(address) for address in addresses()} >= EXEMPT_VIEWS


@pytest.mark.parametrize("role", sorted(STAFF - {"administrator"}))
def test_the_menu_of_a_role_leads_only_where_the_role_may_go(world: World, role: str) -> None:
    client = client_of(role)
    html = client.get("/admin/").content.decode()
    for name, who in ADMIN_ACCESS.items():
        if name.endswith("_modeladmin_index"):
            assert (f'"{reverse(name)}"' in html) is (role in who), name


# What the policy of the admin stops: a script in the page, a handler in an attribute, a script in an address.
DATA = r"[^>]*\b(?:src=|type=\"(?:application/json|text/template)\")"
INLINE = re.compile(rf"<script(?!{DATA})[^>]*>|<[^>]+\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def test_what_an_inline_script_is() -> None:
    for bad in (
        "<script>x()</script>",
        '<script type="text/javascript">',
        '<img src="x" onerror="x()">',
        '<a href="javascript:x()">',
    ):
        assert INLINE.search(bad), bad
    for good in ('<script src="/static/x.js"></script>', '<script id="x" type="application/json">', "<p>on = off</p>"):
        assert not INLINE.search(good), good


@pytest.mark.slow
@pytest.mark.once
def test_no_page_of_the_admin_brings_an_inline_script_a_form_without_a_token_or_without_room(world: World) -> None:
    client, taken = client_of("administrator"), set()
    for address in addresses():
        if address.name == "wagtailadmin_logout":
            continue  # after it the others would answer with the log-in page
        path = world.fill(address.name, address.route)
        response = client.get(path, headers={"accept": "text/html"})
        if response.streaming:
            list(response)  # to its end, which closes the file
        elif response.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
            text = response.content.decode().replace("\\u003C", "<").replace('\\"', '"')
            assert INLINE.findall(text) == [], name_of(address)
            assert forms_without_token(text) == [], name_of(address)
            assert files_without_room(text, path) == [], name_of(address)
            taken |= {resolve(place).view_name for place in places_of_files(text, path)}
    assert taken == {name for name in ROOM if name in ADMIN_ACCESS}
