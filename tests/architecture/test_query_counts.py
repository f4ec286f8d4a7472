"""How often a page asks the database: a student's at most 8 times, an officer's at most 15. A new page is in it by its row in the
access tables; the pages of one case are asked at each step of a long life."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from portal.china_student.seed import seed_declaration
from portal.editorial.declaration import DeclarationVersion
from portal.review.groups import SUPERVISORS
from portal.review.operations import add_note
from tests.factories.cases import NOW, act, document, submitted
from tests.staff import logged_in, make_staff

from . import test_access, test_admin_access
from .access_table import STUDENT
from .admin_table import ADMIN_ACCESS
from .admin_world import build, client_of
from .test_access import MONTH_LATER, pages_at_work

STUDENTS_MOST, OFFICERS_MOST = 8, 15
# What officers or supervisors open and editors do not: Wagtail's own pages are everybody's. And the first page, which shows work.
OFFICERS_PAGES = {name for name, who in ADMIN_ACCESS.items() if who & {"officer", "supervisor"} and "editor" not in who}
OFFICERS_PAGES |= {"wagtailadmin_home"}


def asked(client: Client, path: str) -> list[str]:
    """What the database is asked for that page, when what is kept in memory is there. A view without GET gets an empty form."""
    ask: Callable[[str], HttpResponseBase] = client.post if read(client.get(path)).status_code == 405 else client.get
    with CaptureQueriesContext(connection) as queries:
        read(ask(path))
    return [query["sql"] for query in queries]


def read(response: HttpResponseBase) -> HttpResponseBase:
    """To its end, which closes the file."""
    if response.streaming:
        list(response)
    return response


def too_many(counts: dict[str, list[str]], most: int) -> list[str]:
    """Which pages, how often, and what: one question a line."""
    return ["\n".join([f"{name}: {len(said)}", *said]) for name, said in counts.items() if len(said) > most]


@pytest.mark.slow
def test_no_students_page_asks_more_than_eight_times(db: None) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        path_of, client = pages_at_work(), client_of("student")
        counts = {address.name: asked(client, path_of(address)) for address in test_access.rows(STUDENT)}
    assert too_many(counts, STUDENTS_MOST) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_no_officers_page_asks_more_than_fifteen_times(db: None, role: str) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        world, client = build(), client_of(role)
        names = {name for name in OFFICERS_PAGES if role in ADMIN_ACCESS[name]}
        pages = [each for each in test_admin_access.addresses() if each.name in names]
        counts = {each.name: asked(client, world.fill(each.name, each.route)) for each in pages}
    assert counts.keys() == names
    assert too_many(counts, OFFICERS_MOST) == []


def life(owner: User, officer: User) -> Iterator[Case]:
    """One case after each step: returned twice, made longer, corrected, approved, paid."""
    seed_declaration()
    label = DeclarationVersion.objects.get().label
    case = submitted(owner, documents=[document(), document("enrolment")], declaration_version=label)
    add_note(case, author=officer, text="備註", asks=True, now=NOW)
    yield case
    for action, who in (
        (Action.TAKE, officer),
        (Action.ASK_CORRECTION, officer),
        (Action.ASK_EXTENSION, owner),
        (Action.EXTEND, officer),
        (Action.RESUBMIT, owner),
        (Action.TAKE, officer),
        (Action.CORRECT, officer),
        (Action.ASK_SUPPLEMENT, officer),
        (Action.RESUBMIT, owner),
        (Action.TAKE, officer),
        (Action.APPROVE, officer),
        (Action.SETTLE, None),
    ):
        more: dict[str, Any] = {"asked": "休學證明"} if action is Action.ASK_SUPPLEMENT else {}
        more |= {"documents": [document("asked-1")]} if case.status == "supplement" else {}
        case = act(action, case, who, **more)
        yield case


def test_the_pages_of_a_case_ask_no_more_at_any_step(owner: User, officer: User, owner_client: Client) -> None:
    boss = logged_in(make_staff("boss", SUPERVISORS))
    with time_machine.travel(NOW, tick=False):
        desk = logged_in(officer)
        for case in life(owner, officer):
            own, admin = f"/china-student/individual/cases/{case.case_no}/", f"/admin/cases/review/{case.case_no}/"
            students = {path: asked(owner_client, path) for path in (own, own.replace("cases", "corrections"))}
            officers = {path: asked(desk, path) for path in (admin, f"{admin}?open=assign", f"{admin}?open=declaration")}
            assert too_many(students, STUDENTS_MOST) == [], case.events.last()
            assert too_many({**officers, "supervisor": asked(boss, admin)}, OFFICERS_MOST) == [], case.events.last()
