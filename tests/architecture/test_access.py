"""Every address stands in the access table, and its log-in pages are as the table says."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import time_machine
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from portal.forms.models import Draft
from tests import people
from tests.factories import payments
from tests.factories.cases import NOW, act
from tests.once import roles

from .access_table import ACCESS, DEMO, GATEWAY, STUDENT
from .admin_table import EVERYBODY, OUTSIDE
from .admin_world import METHODS, World, build, client_of, contents, undone

STUDENTS = OUTSIDE - {"visitor", "foreign"}
UNDECLARED = {"PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"}
DECLARED = {"GET", "HEAD", "POST"}  # of which a view declares some
MONTH_LATER = NOW + dt.timedelta(days=30)  # receipts are there some days after the payment
LOGIN = "/china-student/individual/login/"
# Something of the right shape behind which nothing stands.
SAMPLES = {
    "category": people.CATEGORY,
    "kind": "multiple-entry",
    "token": "no-such-token",
    "step": "declaration",
    "case_no": "115199999996",
    "bill_no": "B1159999999",
    "gateway": "sandbank",
    "code": "NOSUCHCODE",
    "path": "none.png",
    "key": "0" * 40,
    "part": "2",
    "filename": "none.pdf",
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

    @property
    def is_an_objects(self) -> bool:
        """Whether it names a thing that somebody owns."""
        return bool(set(re.findall(r":(\w+)>", self.route)) - {"category", "kind"})

    @staticmethod
    def _fill(kind: str, name: str) -> str:
        return {"uuid": str(uuid.UUID(int=4)), "int": "0"}.get(kind) or SAMPLES[name]


def addresses_of(patterns: list[URLPattern | URLResolver], route: str = "", namespace: str = "") -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses_of(pattern.url_patterns, here, inner)
        else:
            yield Address(namespace + (pattern.name or ""), here, pattern.callback)


def addresses() -> list[Address]:
    return [address for address in addresses_of(get_resolver().url_patterns) if not address.route.startswith("admin/")]


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


@dataclass(frozen=True)
class Visit:
    """One request of the matrix: what that role is answered at an address behind which the owner's thing stands."""

    address: Address
    role: str
    method: str

    @property
    def who(self) -> str:
        return ACCESS.get(self.address.name, GATEWAY)  # without its last slash a gateway's address has no name

    @property
    def is_for_nobody(self) -> bool:
        """A method that no view of a student's page, and no form, declares."""
        return self.method in UNDECLARED

    @property
    def is_kept_out(self) -> bool:
        return self.who == STUDENT and (self.role not in STUDENTS or (self.role != "student" and self.address.is_an_objects))

    def fault(self, response: HttpResponseBase, of_nothing: HttpResponseBase | None) -> str:
        """What is wrong with the answer, or "". `of_nothing` is what the same role gets where nothing stands."""
        status = response.status_code
        if status >= 500:
            return "error"
        if status == 405:
            return "" if self.is_for_nobody or self.method in DECLARED else "405"
        if self.who == STUDENT and self.is_for_nobody and self.role in STUDENTS and self.method != "OPTIONS":
            return f"{status} to a method of nobody"
        if self.is_kept_out and self.role not in STUDENTS:
            return (
                ""
                if status == 302 and response.headers["Location"].partition("?")[0] == LOGIN
                else f"{status} instead of the log-in"
            )
        if of_nothing is not None:
            return "" if status == 404 and same(response, of_nothing) else f"{status}, not as if nothing stood there"
        return f"{status} to who may come in" if self.who == STUDENT and status in {403, 404} and self.method == "GET" else ""


def same(one: HttpResponseBase, other: HttpResponseBase) -> bool:
    """The same answer, but for the tokens of its forms and the address in its links to other languages."""
    return one.status_code == other.status_code and shape(one) == shape(other)


def shape(response: HttpResponseBase) -> str:
    path = response.wsgi_request.path  # type: ignore[attr-defined]
    return re.sub(r"(?<!\w)\w{64}(?!\w)", "", response.content.decode()).replace(path, "")  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", roles(EVERYBODY, on_each_database=["visitor", "student", "stranger"]))
@pytest.mark.slow
def test_a_role_is_answered_what_the_table_says_by_every_method(db: None, role: str) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        world, client = build(), client_of(role)
        before, faults = contents(), []
        for visit in (Visit(address, role, method) for address in addresses() for method in METHODS):
            path = world.fill(visit.address.name, visit.address.route)
            ask, of_nothing = partial(client.generic, visit.method), None
            # What is refused is not undone: it must have changed nothing.
            refused = visit.is_kept_out or visit.is_for_nobody
            response = ask(path) if refused else undone(client, ask, path)
            if visit.is_kept_out and role in STUDENTS:
                of_nothing = ask(visit.address.sample)
            if fault := visit.fault(response, of_nothing):
                faults.append((visit.address.name, visit.method, fault))
        assert faults == []
        assert {table for table, digest in contents().items() if before[table] != digest} == set()


@pytest.mark.parametrize("address", [a for a in rows(STUDENT) if a.is_an_objects], ids=by_name)
def test_an_object_that_is_not_there_is_a_missing_page(address: Address, owner_client: Client) -> None:
    assert owner_client.get(address.sample).status_code == 404


# 設定新密碼 is a page for who came in with a one-time password; 線上申辦 leads to the draft in which nothing was done yet.
LEADS_ELSEWHERE = {"accounts:new-password": 302, "forms:start": 302}


def pages_at_work() -> Callable[[Address], str]:
    """Where each page of the owner is as it is at work: the form not sent yet, the bill not paid yet."""
    world = build()
    owner, officer = User.objects.get(username="xiaoming"), User.objects.get(username="reviewer")
    begun = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry", data={})
    case = Case.objects.get(case_no=world.fillings["case_no"])
    for action in (Action.TAKE, Action.APPROVE):
        case = act(action, case, officer, now=MONTH_LATER)
    bill = payments.open_bill(owner, case, now=MONTH_LATER)
    payments.slip(bill, now=MONTH_LATER)
    unpaid = {"bill_no": bill.number, "code": "egov"}
    names = ("bill", "method", "method-details", "cancel", "slip")
    at_work: dict[str, dict[str, Any]] = {f"payments:{name}": unpaid for name in names}
    at_work["forms:step"] = {"forms.token": begun.token}
    return lambda address: World({**world.fillings, **at_work.get(address.name, {})}).fill(address.name, address.route)


@pytest.mark.parametrize("address", rows(STUDENT), ids=by_name)
def test_a_students_page_is_never_kept_by_a_cache(db: None, address: Address) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        path_of, client = pages_at_work(), client_of("student")
        response = undone(client, client.get, path_of(address))
    assert response.status_code == LEADS_ELSEWHERE.get(address.name, 200)
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
