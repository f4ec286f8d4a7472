"""Fixtures that every test may ask for."""

import gc
from asyncio import events
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.signals import template_rendered
from django.utils.crypto import get_random_string
from pytest_django.plugin import blocking_manager_key

from portal.accounts.models import User
from portal.records.models import Applicant, Permit
from portal.review.groups import OFFICERS

from . import database, people
from .database import put_back as put_back
from .staff import logged_in as logged_in
from .staff import make_administrator, make_staff
from .worlds import seed_pages

# Whether the last test ended in a flush: elsewhere than on SQLite.
EMPTIED = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The only network is loopback, and the cache server that REDIS_URL names. Python looks for garbage more rarely: that is work
    which grows with the suite."""
    gc.set_threshold(50_000)
    if host := urlsplit(django_settings.REDIS_URL).hostname:
        config.option.allow_hosts += f",{host}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits begins with what the migrations wrote (`put_back` sees to it on SQLite); `--fast` leaves it out. What
    asks no database need not be asked on each."""
    for item in items:
        if not _asks_a_database(item):
            item.add_marker("once")
    for item in filter(_commits, items):
        item.add_marker("slow")
        if connection.vendor != "sqlite":
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _asks_a_database(item: pytest.Item) -> bool:
    """By a fixture, by its mark, or in a site of its own, which the wheel makes."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("wheel")
    return bool(marked or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(mark and mark.kwargs.get("transaction")) or bool(fixtures & {"transactional_db", "live_server"})


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests that commit come last, but a worker that takes over another's may then meet one that does not."""
    if _leaves_files_open(item):
        gc.freeze()  # what is there already is not looked through at the end of the test: it grows to a second a time
    if connection.vendor == "sqlite":
        return
    emptied = item.config.stash.get(EMPTIED, False)
    if emptied and not _commits(item):
        with item.config.stash[blocking_manager_key].unblock():
            database.refill()
    item.config.stash[EMPTIED] = _commits(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright's event loop is this thread's as long as the browser lives, also for a test without one that comes after."""
    running = events._get_running_loop()
    if "playwright" in getattr(item, "fixturenames", ()):
        return (yield)
    events._set_running_loop(None)
    try:
        return (yield)
    finally:
        events._set_running_loop(None if running is None or running.is_closed() else running)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Files that Wagtail leaves open are closed in the test that forgives it, not in the one that happens to come next."""
    if _leaves_files_open(item):
        gc.collect()
        gc.unfreeze()


def _leaves_files_open(item: pytest.Item) -> bool:
    return any("nclosed file" in str(text) for mark in item.iter_markers("filterwarnings") for text in mark.args)


@pytest.fixture(scope="session", autouse=True)
def whole_pages_only(django_test_environment: None) -> Iterator[None]:
    """`response.context` knows the templates that were asked for, not each piece that they include: a page has hundreds."""

    def render(self: Template, context: Context) -> Any:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    return database.copy_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        database.keep_template()


@pytest.fixture(autouse=True)
def own_cache_keys(request: pytest.FixtureRequest) -> None:
    """On a shared Redis no test sees another's keys; the database cache is rolled back with its test."""
    if django_settings.REDIS_URL:
        settings = request.getfixturevalue("settings")
        default = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{get_random_string(12)}"}
        settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture
def seeded(db: None) -> None:
    """A fresh site with its first pages."""
    seed_pages()


@pytest.fixture
def wang(db: None) -> Applicant:
    """王小明 in the records, with a single-entry permit."""
    found = people.applicant()
    people.single_permit(found)
    return found


@pytest.fixture
def chen(db: None) -> Applicant:
    """陳美玲 in the records."""
    return people.applicant(
        ui_no="A990000013",
        chinese_name="陳美玲",
        english_name="CHEN, MEILING",
        gender="1",
        travel_document_no="T20000002",
        student_no="B115000002",
    )


@pytest.fixture
def single_permit(wang: Applicant) -> Permit:
    return wang.permits.get()


@pytest.fixture
def owner(wang: Applicant) -> User:
    """王小明's account."""
    return people.student(wang)


@pytest.fixture
def stranger(chen: Applicant) -> User:
    """陳美玲's account: same category, nothing to do with 王小明's case."""
    return people.student(chen, "meiling")


@pytest.fixture
def officer(db: None) -> User:
    """An officer of the agency."""
    return make_staff("officer", OFFICERS)


@pytest.fixture
def admin_user(db: None) -> User:
    """In place of pytest-django's: an administrator made like the others."""
    return make_administrator()


@pytest.fixture
def owner_client(owner: User) -> Client:
    return logged_in(owner)


@pytest.fixture
def stranger_client(stranger: User) -> Client:
    return logged_in(stranger)


@pytest.fixture
def officer_client(officer: User) -> Client:
    return logged_in(officer)
