"""What a visitor has to load: static files as they are collected and compressed for a real machine, counted in Chromium."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import BrowserContext, Request
from pytest_django import Settings

from tests.worlds import seed_pages

from .public import LANGUAGES, addresses

pytestmark = pytest.mark.django_db(transaction=True)
KB = 1024
FIRST_VISIT, REQUESTS, CSS, JAVASCRIPT = 120 * KB, 12, 15 * KB, 12 * KB
LANDING = ["/", "/student/entry/"]


@pytest.fixture
def built(settings: Settings, tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The portal with its own files hashed and compressed, served by WhiteNoise as in production."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_USE_FINDERS = str(tmp_path), False, False
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # ours, not the admin's
    call_command("collectstatic", interactive=False, verbosity=0)
    seed_pages()
    database = connections["default"]
    shared = {"default": database} if database.vendor == "sqlite" and database.is_in_memory_db() else {}
    thread = LiveServerThread("127.0.0.1", lambda application: WSGIHandler(), connections_override=shared)
    thread.daemon = True
    thread.start()
    assert thread.is_ready.wait(20)
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


Visits = dict[str, list[Request]]


@pytest.fixture
def visit(built: str, new_context: Callable[..., BrowserContext]) -> Callable[..., Visits]:
    """Every request of a first visit to each address, made with an empty cache."""

    def first_visits(*paths: str) -> Visits:
        made: Visits = {path: [] for path in paths}
        pages = [new_context(scripts=True).new_page() for _path in paths]
        # Side by side: a visit is over after half a second of silence.
        for page, (path, requests) in zip(pages, made.items(), strict=True):
            for event in ("requestfinished", "requestfailed"):
                page.on(event, partial(_note, requests))  # type: ignore[call-overload]  # Playwright takes no method of a list
            page.goto(built + path, wait_until="commit")
        for page in pages:
            page.wait_for_load_state("networkidle")
        return made

    return first_visits


def _note(requests: list[Request], request: Request) -> None:
    requests.append(request)


def weight(requests: list[Request], *kinds: str) -> int:
    """Bytes that came over the wire, heads included."""
    chosen = [request.sizes() for request in requests if not kinds or request.resource_type in kinds]
    return sum(sizes["responseBodySize"] + sizes["responseHeadersSize"] for sizes in chosen)


@pytest.mark.parametrize("landing", LANDING)
def test_a_first_visit_is_light_and_stays_on_the_site(built: str, visit: Callable[..., Visits], landing: str) -> None:
    requests = visit(landing)[landing]
    assert [request.url for request in requests if not request.url.startswith((built, "data:"))] == []
    requests = [request for request in requests if not request.url.startswith("data:")]
    assert 5 <= len(requests) <= REQUESTS, [request.url for request in requests]
    assert 10 * KB < weight(requests) <= FIRST_VISIT, weight(requests)


def test_css_and_javascript_of_every_public_page_are_light(visit: Callable[..., Visits]) -> None:
    for address, requests in visit(*addresses(LANGUAGES[0])).items():
        assert 5 * KB < weight(requests, "stylesheet") <= CSS, address
        assert 0 < weight(requests, "script") <= JAVASCRIPT, address
        compressed = [r.response().header_value("content-encoding") for r in requests if r.resource_type == "stylesheet"]
        assert set(compressed) <= {"gzip", "br"}, address


def test_a_file_may_be_kept_for_a_year(visit: Callable[..., Visits]) -> None:
    files = [request for request in visit("/")["/"] if "/static/" in request.url]
    kept = {request.response().header_value("cache-control") for request in files}
    assert kept == {"max-age=315360000, public, immutable"}
