"""Every address stands in the access table, and its doors are as the table says."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import people

from .access_table import ACCESS, DEMO, GATEWAY, STUDENT

LOGIN = "/china-student/individual/login/"
# Something of the right shape behind which nothing stands.
SAMPLES = {
    "category": people.CATEGORY,
    "kind": "multiple-entry",
    "token": "no-such-token",
    "step": "declaration",
    "receipt_no": "115199999996",
    "bill_no": "B1159999999",
    "gateway": "sandbank",
    "code": "NOSUCHCODE",
    "path": "none.png",
    "key": "0" * 40,
}


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, its route, its view."""

    name: str
    route: str
    view: Any

    @property
    def sample(self) -> str:
        """The route with something in each of its holes."""
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", self.route).replace("^", "").replace("$", "")
        return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda hole: self._fill(hole[1], hole[2]), route)

    @staticmethod
    def _fill(kind: str, name: str) -> str:
        return {"uuid": str(uuid.UUID(int=4)), "int": "0"}.get(kind) or SAMPLES[name]


def walk(patterns: list[URLPattern | URLResolver], route: str = "", namespace: str = "") -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, here, inner)
        else:
            yield Address(namespace + (pattern.name or ""), here, pattern.callback)


def addresses() -> list[Address]:
    return [address for address in walk(get_resolver().url_patterns) if not address.route.startswith("admin/")]


def rows(who: str) -> list[Address]:
    return [address for address in addresses() if ACCESS.get(address.name) == who]


def by_name(address: Address) -> str:
    return address.name


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    # Without its last slash a gateway's address is the same view, and has no name.
    names = {address.name for address in addresses() if address.name != "gateways:"}
    assert names - ACCESS.keys() == set(), "addresses without a row"
    assert ACCESS.keys() - names == set(), "rows without an address"


def test_every_address_of_a_student_carries_the_mark() -> None:
    individual = [a for a in addresses() if a.route.startswith("<category:category>/") and ACCESS[a.name] == STUDENT]
    assert [address.name for address in individual if not getattr(address.view, "student_required", False)] == []
    assert len(individual) == len(rows(STUDENT)), "a student's address stands outside of the category"


@pytest.mark.django_db
@pytest.mark.parametrize("address", rows(STUDENT), ids=by_name)
def test_who_is_not_logged_in_is_sent_to_the_log_in_page(address: Address, client: Client) -> None:
    for response in (client.get(address.sample), client.post(address.sample)):
        if response.status_code != 405:
            assert response.status_code == 302
            assert response.headers["Location"].partition("?")[0] == LOGIN


@pytest.mark.parametrize("address", rows(STUDENT), ids=by_name)
def test_staff_are_no_students(address: Address, officer_client: Client) -> None:
    for response in (officer_client.get(address.sample), officer_client.post(address.sample)):
        if response.status_code != 405:
            assert response.status_code == 302
            assert response.headers["Location"].partition("?")[0] == LOGIN


@pytest.mark.parametrize(
    "address", [a for a in rows(STUDENT) if set(re.findall(r":(\w+)>", a.route)) - {"category", "kind"}], ids=by_name
)
def test_an_object_that_is_not_there_is_a_missing_page(address: Address, owner_client: Client) -> None:
    assert owner_client.get(address.sample).status_code == 404


@pytest.mark.parametrize("address", rows(STUDENT), ids=by_name)
def test_a_students_page_is_never_kept_by_a_cache(address: Address, owner_client: Client) -> None:
    response = owner_client.get(address.sample)
    if response.status_code == 200:
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", rows(GATEWAY), ids=by_name)
def test_gateways_are_met_without_token_session_or_redirect(address: Address) -> None:
    for path in (address.sample, address.sample.rstrip("/")):
        response = Client(enforce_csrf_checks=True).post(path, b"{}", content_type="application/json")
        assert response.status_code in {303, 400, 404}, path
        assert "sessionid" not in response.cookies


@pytest.mark.parametrize("address", rows(DEMO), ids=by_name)
def test_the_demonstrations_addresses_are_made_for_demonstrations_only(address: Address) -> None:
    """portal/urls.py adds them under `if settings.DEMO`, all in these three folders."""
    assert address.route.startswith(("demo/", "sandbank/", "media/"))
