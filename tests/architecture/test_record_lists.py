"""Lists and pages of records say words, not codes; amounts as money; one form of date. Made from the lists themselves."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from django.db.models import IntegerField
from django.urls import get_resolver

from portal.china_student.choices import DEGREES
from portal.cms.model_admin import ReadOnlyModelAdmin, amount
from portal.cms.model_admin.checks import model_admins
from portal.payments import registry
from portal.records import protocol
from portal.records.models import Applicant

from .admin_world import World, build, client_of

# Numbers that count something, and the number of an account.
COUNTS = {"attempts", "rows", "account"}
# A word in lower case, or a single character, is how a program writes what a person reads in words.
CODE = re.compile(r"[a-z]+([_.-][a-z0-9]+)*|[A-Z]")
# What people are called, and the subject of an email of the world.
NAMES = {"officer", "reviewer", "xiaoming", "administrator", "newcomer", "s"}
OTHER_DATES = re.compile(r"\d{4}-\d{2}-\d{2}|\d{4} ?年|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]* \d")


def admins() -> list[ReadOnlyModelAdmin]:
    found = {type(one): one for one in model_admins(get_resolver().url_patterns) if isinstance(one, ReadOnlyModelAdmin)}
    return sorted(found.values(), key=lambda one: type(one).__name__)


def by_name(admin: ReadOnlyModelAdmin) -> str:
    return type(admin).__name__


@pytest.mark.parametrize("admin", admins(), ids=by_name)
def test_every_amount_is_shown_as_money(admin: ReadOnlyModelAdmin) -> None:
    shown = {*admin.list_display, *(admin.inspect_view_fields if admin.inspect_view_enabled else ())}
    numbers = {field.name for field in admin.opts.get_fields() if isinstance(field, IntegerField)}
    assert numbers & shown - COUNTS == set(admin.money)


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_no_code_and_one_form_of_date(world: World) -> None:
    client, codes, dates = client_of("administrator"), [], []
    for admin in admins():
        for path in _addresses(admin):
            main = BeautifulSoup(client.get(path).content, "html.parser").select_one(".result-list, .main-content, main")
            assert main is not None, path
            for cell in main.select("td, dd"):
                text = " ".join(cell.get_text(" ").split()).removesuffix(" 檢視")
                codes += [(path, text)] if CODE.fullmatch(text) and text not in _proper() else []
                dates += [(path, text)] if OTHER_DATES.search(text) else []
    assert codes == [], codes
    assert dates == [], dates


def _addresses(admin: ReadOnlyModelAdmin) -> Iterator[str]:
    yield admin.url_helper.index_url
    first = admin.model._default_manager.first()
    if admin.inspect_view_enabled and first is not None:
        yield admin.url_helper.get_action_url("inspect", first.pk)


def _proper() -> set[str]:
    return NAMES | set(registry.gateway_codes())


def test_degrees_are_called_as_students_call_them() -> None:
    assert [(code, str(name)) for code, name in DEGREES] == protocol.DEGREES


def test_words_of_a_record() -> None:
    one = Applicant(category="china-student", birth_place="31", degree="B")
    assert (str(one.get_birth_place_display()), one.get_degree_display()) == ("上海", "學士班")
    assert (amount(1000), amount(0), amount(None)) == ("NT$\N{NO-BREAK SPACE}1,000", "NT$\N{NO-BREAK SPACE}0", "")
