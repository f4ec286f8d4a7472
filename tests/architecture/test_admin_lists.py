"""No list of the admin answers a question that it does not declare, whoever asks, and none fails at a senseless value."""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import checks
from django.test import Client, RequestFactory
from django.urls import get_resolver, include, re_path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from openpyxl import load_workbook
from pytest_django import Settings
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page, PageLogEntry
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import IndexView

from portal.accounts.models import LogInAttempt, User
from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.cms.model_admin.checks import check_lists, model_admins, refusals
from portal.cms.models import ListExport
from portal.mail.models import OutgoingMail
from tests import people
from tests.once import roles

from .admin_table import ADMIN_ACCESS, STAFF
from .admin_world import World, build, client_of, undone
from .hostile import may_be_a_list, model_of, questions, view_of, without_echo
from .remembered import read_once
from .test_access import Address
from .test_admin_access import addresses, name_of

# Wagtail leaves the files of its thumbnails to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning")
# Pages that change what they show, or whom they show it to, by themselves.
RESTLESS = {"wagtailadmin_error_test", "wagtailadmin_logout", "second_factor:enrol"}
FAR, EARLY, LATE = "9" * 40, "0001-01-01", "9999-12-31"
SENSELESS = [FAR, LATE, '"([ OR NEAR(', " ".join(map(str, range(3000)))]


@pytest.fixture(autouse=True)
def addresses_of_any_length(settings: Settings) -> None:
    """A list is asked in one request what takes several ones otherwise: longer addresses are refused before any list is asked."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith(".BodyLimitMiddleware")]


@pytest.fixture
def world(db: None) -> World:
    return build()


def lists(role: str) -> list[Address]:
    """Every address of the admin that may be a list and opens to that role."""
    return [a for a in addresses() if may_be_a_list(a.view) and role in ADMIN_ACCESS[name_of(a)] and name_of(a) not in RESTLESS]


def answer(client: Client, path: str, params: Mapping[str, str] = {}) -> tuple[int, bytes]:
    """What is answered, to its end."""
    response = client.get(path, params, headers={"accept": "*/*"})  # the API speaks JSON
    return response.status_code, b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]


def table(body: bytes) -> list[Any]:
    """The cells of an exported workbook, whose file says when it was made."""
    return [list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(BytesIO(body))]


@pytest.mark.slow
@pytest.mark.parametrize("role", roles(STAFF, on_each_database=["administrator", "officer"]))
def test_an_undeclared_question_is_no_question(world: World, role: str, settings: Settings) -> None:
    with time_machine.travel(timezone.now(), tick=False):  # lists say how many minutes ago something was
        assert answered(read_once(client_of(role), settings), world, without_doubles(lists(role))) == []


def answered(client: Client, world: World, asked_of: Iterable[Address]) -> list[tuple[str, int]]:
    """The lists that answer otherwise when they are asked what they do not declare."""
    notified = []
    for address in asked_of:
        path, asked = world.fill(address.name, address.route), questions(model_of(address.view))
        plain = answer(client, path)
        if plain[0] == 200:
            status, body = answer(client, path, asked)
            if (status, without_echo(body)) != (200, without_echo(plain[1])):
                notified.append((name_of(address), status))
    return notified


def exports() -> list[Address]:
    return [a for a in addresses() if getattr(view_of(a.view), "list_export", ()) and may_be_a_list(a.view)]


@pytest.mark.slow
def test_an_export_is_not_narrowed_either(world: World) -> None:
    client, lists = client_of("administrator"), exports()
    assert len(lists) > 10
    for address in lists:
        path, asked = world.fill(address.name, address.route), questions(model_of(address.view))
        plain = answer(client, path, {"export": "csv"})
        assert plain[0] == 200
        assert answer(client, path, {**asked, "export": "csv"}) == plain, path
        xlsx = table(answer(client, path, {"export": "xlsx"})[1])
        assert table(answer(client, path, {**asked, "export": "xlsx"})[1]) == xlsx, path


# Computed by a spreadsheet program; and a character that no workbook holds.
FORMULA = "=1+1"
TYPED = f"{FORMULA}\x0b"


def test_in_no_export_is_typed_text_a_formula() -> None:
    views = {view.index_view_class if isinstance(view, ModelAdmin) else view for view in (view_of(a.view) for a in exports())}
    assert len(views) > 5
    for view in views:
        list_of_it = view.__new__(view)
        assert list_of_it.preprocess_field_value("title", TYPED, "csv") == f"'{TYPED}", view
        assert list_of_it.preprocess_field_value("title", TYPED, "xlsx") == FORMULA, view


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "shown"), [("csv", f"'{TYPED}"), ("xlsx", FORMULA)])
def test_the_title_of_a_page_is_text_in_every_report(world: World, kind: str, shown: str) -> None:
    Page.objects.update(title=TYPED, draft_title=TYPED)
    PageLogEntry.objects.update(label=TYPED)
    client, found = client_of("administrator"), 0
    for address in exports():
        status, body = answer(client, world.fill(address.name, address.route), {"export": kind})
        rows = (
            csv.reader(StringIO(body.decode("utf-8-sig"), newline=""))
            if kind == "csv"
            else (row for t in table(body) for row in t)
        )
        cells = [each for row in rows for each in row if isinstance(each, str) and FORMULA in each]
        assert (status, set(cells) <= {shown}) == (200, True), (name_of(address), cells[:1])
        found += len(cells)
    assert found > 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_whatever_is_taken_out_of_a_list_is_written_down(world: World, kind: str, settings: Settings) -> None:
    """Ours, the cashiers' and Wagtail's reports: each answers with a file of its own name, and leaves one row of 匯出紀錄."""
    client, taken_out, silent = read_once(client_of("administrator"), settings), set(), []
    for address in (a for a in addresses() if "administrator" in ADMIN_ACCESS[name_of(a)] and name_of(a) not in RESTLESS):
        before = ListExport.objects.count()
        response = client.get(world.fill(address.name, address.route), {"export": kind})
        name = re.search(rf'filename="(.+)\.{kind}"', response.headers.get("Content-Disposition", ""))
        if response.streaming:
            list(response)
        if name:
            taken_out.add(name[1])
            silent += [name_of(address)] if ListExport.objects.count() != before + 1 else []
    assert silent == []
    today = timezone.localdate()
    assert {f"case-{today}", f"payment-{today}", f"audit-log-{today}"} <= taken_out
    assert (f"ledger-{today}-{today}" in taken_out) is (kind == "csv")
    assert "spreadsheet-export" not in taken_out


OTHERS = ["p", "q", "o", "ordering", "export", "locale", "content_type", "collection_id", "id", "page_type", "tag", "search"]


def declared(address: Address) -> tuple[list[str], list[str]]:
    """The parameters that a list reads: its filters' as its view tells them, and those that lists of that kind have."""
    return list(_filters(view_of(address.view))), OTHERS


def _filters(view: Any) -> Iterator[str]:
    if isinstance(view, ModelAdmin):
        request = RequestFactory().get("/")
        index = view.index_view_class(model_admin=view)
        index.params = request.GET.copy()
        index.list_filter = view.get_list_filter(request)
        for spec in index.get_filters(request)[0]:
            yield from spec.expected_parameters()
    elif filters := getattr(getattr(view, "filterset_class", None), "base_filters", None):
        for name in filters:
            yield from (name, f"{name}_from", f"{name}_min")


def without_doubles(found: list[Address]) -> list[Address]:
    """Of a page and its results, which one class draws, the results, which are quicker; of others the page, which does more."""
    views = {name_of(each): getattr(each.view, "view_class", None) for each in found}

    def is_drawn_by_another(name: str) -> bool:
        if name.endswith("_results"):
            page = views.get(name.removesuffix("_results"), view_of)
            return page is not view_of and page is not views[name]
        return views[name] is not None and views.get(f"{name}_results") is views[name]

    return [each for each in found if not is_drawn_by_another(name_of(each))]


@pytest.mark.slow
def test_a_senseless_value_is_no_error(world: World, settings: Settings) -> None:
    client, failed = read_once(client_of("administrator"), settings), []
    client.raise_request_exception = False
    for address in without_doubles(lists("administrator")):
        path, (filters, others) = world.fill(address.name, address.route), declared(address)
        together = [dict.fromkeys([*filters, *others], value) for value in SENSELESS]
        alone = [{name: value} for name in filters for value in (FAR, EARLY)]  # one bad value switches a set of filters off
        failed += [(name_of(address), params) for params in (*together, *alone) if answer(client, path, params)[0] >= 500]
    assert failed == []


# What every view may be asked: its page of a list, and where to go from it.
ANYWHERE = [{"p": value, "page": value, "next": value} for value in ("abc", "-1", "1.5", "0", "999999", FAR, "//", "\0")]


@pytest.mark.slow
def test_a_senseless_page_or_way_on_is_no_error_anywhere(world: World, settings: Settings) -> None:
    """Every address of the admin that who may do everything opens, lists or not, asked and, where it is a form, sent."""
    client, failed = read_once(client_of("administrator"), settings), []
    client.raise_request_exception = False
    for address in (a for a in addresses() if "administrator" in ADMIN_ACCESS[name_of(a)] and name_of(a) not in RESTLESS):
        path = world.fill(address.name, address.route)
        for params in ANYWHERE:
            response = undone(client, client.get, f"{path}?{urlencode(params)}")
            failed += [(name_of(address), params)] if response.status_code >= 500 else []
        response = undone(client, client.post, f"{path}?{urlencode(ANYWHERE[1])}")
        failed += [(name_of(address), "POST")] if response.status_code >= 500 else []
    assert failed == []


@pytest.mark.slow
def test_a_list_of_records_ignores_values_that_its_filters_cannot_take(world: World) -> None:
    client = client_of("administrator")
    for address in (a for a in addresses() if isinstance(view_of(a.view), ReadOnlyModelAdmin) and may_be_a_list(a.view)):
        path, (filters, _) = world.fill(address.name, address.route), declared(address)
        plain = without_echo(answer(client, path)[1])
        for name in (name for name in filters if name.endswith(("__gte", "__lt"))):
            for value in ("notadate", "0000", "(", "2026-13-45", "2026-11-23", "2026-11-23T99:00", FAR):
                assert without_echo(answer(client, path, {name: value})[1]) == plain, (name, value)
        for params in (
            {"p": "-1"},
            {"p": FAR},
            {"p": "9999999"},
            {"o": "9999.x.--"},
            {"export": "pdf"},
            {"export": ""},
            {"q": " "},
        ):
            assert without_echo(answer(client, path, params)[1]) == plain, (path, params)


LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)


@pytest.mark.slow
def test_each_link_of_a_list_of_records_has_words_and_stands_in_no_other(world: World) -> None:
    """A browser makes two of a link in a link, and the first of them is empty: a stop of the keyboard that says nothing."""
    client, found = client_of("administrator"), []
    for address in (a for a in addresses() if isinstance(view_of(a.view), ReadOnlyModelAdmin) and may_be_a_list(a.view)):
        page = answer(client, world.fill(address.name, address.route))[1].decode()
        for row in re.findall(r"<td\b.*?</td>", page, re.DOTALL):
            wrong = [words for words in LINK.findall(row) if "<a " in words or not re.sub(r"<[^>]+>|&nbsp;|\s", "", words)]
            found += [(name_of(address), row)] if wrong else []
    assert found == []


def test_a_word_that_fits_no_field_finds_nothing(world: World) -> None:
    attempt = LogInAttempt.objects.create(
        at=timezone.now(), realm="staff", account=7_654_321, network="10.9.8.7", outcome="wrong"
    )
    client, path = client_of("supervisor"), reverse("portal_accounts_loginattempt_modeladmin_index")
    assert f'data-object-pk="{attempt.pk}"' in answer(client, path, {"q": "7654321"})[1].decode()
    assert f'data-object-pk="{attempt.pk}"' in answer(client, path, {"q": "10.9.8.7"})[1].decode()
    for term in ("abc", "7654321 abc", "765432", FAR, "10.9", "([", "=account", "%", "x" * 60_000, "a " * 5000):
        status, body = answer(client, path, {"q": term})
        assert status == 200
        assert "data-object-pk" not in body.decode(), term


@pytest.mark.django_db
def test_a_declared_filter_column_and_search_do_work() -> None:
    for number in range(3):
        OutgoingMail.objects.create(
            kind="test", to=f"{number}@example.test", subject="s", body="b", state="sent" if number else "queued",
            next_attempt_at=timezone.now(),
        )  # fmt: skip
    client, path = client_of("supervisor"), reverse("portal_mail_outgoingmail_modeladmin_index")
    tomorrow = (timezone.localtime() + dt.timedelta(days=1)).isoformat()

    def found(**params: str) -> list[str]:
        return re.findall(r"(\d)@example.test", answer(client, path, params)[1].decode())

    assert found(state__exact="sent") == ["2", "1"]
    assert found(o="0") == ["0", "1", "2"]
    assert found(o="-0") == ["2", "1", "0"]
    assert found(q="1@") == ["1"]
    assert found(created_at__gte=tomorrow) == []
    assert found(created_at__lt=tomorrow, state__exact="queued") == ["0"]
    # The same fields, asked otherwise.
    assert found(state__regex="^q", created_at__regex="(", state__startswith="q") == ["2", "1", "0"]


# The control: what these questions do to modeladmin's own list.
class PlainEmails(ModelAdmin):
    model = OutgoingMail
    list_display = ("to",)


class OursWithTheirList(ReadOnlyModelAdmin):
    model = OutgoingMail
    index_view_class = IndexView


class Group(ModelAdminGroup):
    items = (PlainEmails,)


@pytest.mark.django_db
@pytest.mark.parametrize(("admin", "notified"), [(PlainEmails, True), (OursWithTheirList, True), (ReadOnlyModelAdmin, False)])
def test_modeladmins_own_list_answers_any_question(admin: type[ModelAdmin], notified: bool) -> None:
    OutgoingMail.objects.create(kind="test", to="a@example.test", subject="secret", body="b", next_attempt_at=timezone.now())
    emails = type("Emails", (admin,), {"model": OutgoingMail})()
    user = User.objects.create_superuser("administrator", password=people.PASSWORD)

    def count(**params: str) -> int:
        request = RequestFactory().get("/", params)
        request.user = user
        response = emails.index_view(request)
        return int(response.context_data["result_count"])

    assert count(subject__startswith="secret") == 1
    assert count(subject__startswith="sesame") == (0 if notified else 1)


def test_the_check_names_a_list_that_is_not_ours() -> None:
    assert check_lists(None) == []
    for kind, name in ((PlainEmails, "PlainEmails"), (Group, "PlainEmails"), (OursWithTheirList, "OursWithTheirList")):
        (error,) = refusals([re_path("", include(list(kind().get_admin_urls_for_registration())))])
        assert error.id == "portal.E001"
        assert isinstance(error, checks.Error)
        assert f"{__name__}.{name} " in error.msg
    decorated = [re_path("", never_cache(require_admin_access(PlainEmails().index_view)))]
    assert [error.id for error in refusals(decorated)] == ["portal.E001"]
    assert [error.id for error in refusals([re_path("", IndexView.as_view(model_admin=PlainEmails()))])] == ["portal.E001"]


def test_the_check_sees_every_list_that_modeladmin_has_an_address_for() -> None:
    seen = {admin.url_helper.get_action_url_name("index") for admin in model_admins(get_resolver().url_patterns)}
    assert seen == {name for name in ADMIN_ACCESS if name.endswith("_modeladmin_index")} | {"cases_modeladmin_index"}
