"""Whole pages from the cache: the same for everybody, and never older than the last publishing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Site

from portal.cms import page_cache
from portal.cms.page_cache import PageCacheMiddleware, cache_response, cached_fragment, invalidate
from portal.cms.receivers import EDITORIAL
from portal.editorial.contact import ContactSettings
from portal.editorial.snippets import Announcement
from portal.home.groups import CHIEF_EDITORS, EDITORS
from portal.home.models import HomePage, StandardPage
from portal.student_entry.models import StudentEntryPage
from tests.pages import source

REDIS_THAT_IS_DOWN = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}


@pytest.fixture(autouse=True)
def kept_pages(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The cache of the embedded portal, this test's own."""
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "pages": files}
    page_cache.forget()
    yield
    page_cache.forget()


@pytest.mark.usefixtures("seeded")
def test_the_second_visitor_costs_the_database_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = client.get("/")
    with django_assert_num_queries(0):
        second = Client().get("/")
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("first", ["localhost", "second.example"])
def test_what_is_kept_of_one_site_is_not_said_at_another(client: Client, settings: Settings, first: str) -> None:
    """The address of a page has a host only where it is another site's."""
    settings.ALLOWED_HOSTS = ["localhost", "second.example"]
    ours, entry = source(HomePage), StudentEntryPage.objects.get(locale__language_code="zh-hant")
    second = HomePage(title="第二個網站", slug="second", locale=ours.locale, entries=[("entry", {"text": "開始", "page": entry})])
    Site.objects.create(hostname="second.example", port=80, root_page=ours.get_parent().add_child(instance=second))
    said = {
        "localhost": ("/student/entry/", '<a href="/student/entry/" lang="zh-Hant-TW"'),
        "second.example": ("/", '<a class="button" href="http://localhost/student/entry/">開始</a>'),
    }
    for host in sorted(said, key=lambda each: each != first):
        path, link = said[host]
        assert link in client.get(path, headers={"host": host}).content.decode()


@pytest.mark.usefixtures("seeded")
def test_a_browser_that_has_the_page_is_notified(client: Client) -> None:
    etag = client.get("/").headers["ETag"]
    response = client.get("/", headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.usefixtures("seeded")
def test_each_language_is_a_page_of_its_own(client: Client) -> None:
    for _visit in range(2):
        assert '<html lang="zh-Hant-TW">' in client.get("/").content.decode()
        assert '<html lang="en">' in client.get("/en/").content.decode()


@pytest.mark.usefixtures("seeded")
def test_nothing_of_a_student_stays_in_the_page(owner_client: Client) -> None:
    mine = owner_client.get("/")
    theirs = Client().get("/")
    assert not mine.cookies  # a page of the CMS knows of no session
    assert not theirs.cookies
    assert "Vary" not in theirs.headers
    assert theirs.content == mine.content


@pytest.mark.usefixtures("seeded")
def test_a_question_in_the_address_is_answered_anew(client: Client) -> None:
    client.get("/")
    assert "ETag" not in client.get("/?x=1").headers


@pytest.mark.usefixtures("seeded")
def test_what_is_published_is_on_the_page_at_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client.get("/")
    home = source(HomePage)
    home.introduction = "新的導言"
    with django_capture_on_commit_callbacks(execute=True):
        home.save_revision().publish()
    assert "新的導言" in client.get("/").content.decode()


@pytest.mark.usefixtures("seeded")
def test_a_document_that_is_replaced_has_its_new_address_at_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    fees = Document.objects.create(title="收費標準", file=ContentFile(b"%PDF-1.4", name="fees-115.pdf"))
    about = StandardPage.objects.get(slug="about", locale__language_code="zh-hant")
    about.body = [("text", f'<p><a linktype="document" id="{fees.pk}">收費標準（PDF）</a></p>')]
    about.save_revision().publish()
    page_cache.forget()
    assert f'href="/documents/{fees.pk}/fees-115.pdf"' in client.get("/about/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        fees.file = ContentFile(b"%PDF-1.4", name="fees-116.pdf")
        fees.save()
    assert f'href="/documents/{fees.pk}/fees-116.pdf"' in client.get("/about/").content.decode()


@pytest.mark.usefixtures("seeded")
def test_whatever_an_editor_may_change_throws_the_pages_away() -> None:
    """By the permissions of the groups: a new kind of content is among them."""
    granted = Permission.objects.filter(group__name__in=[EDITORS, CHIEF_EDITORS]).exclude(codename="access_admin")
    models = {permission.content_type.model_class() for permission in granted.select_related("content_type")}
    assert {Announcement, ContactSettings, Document, Image} <= models
    assert {model for model in models if not (model and issubclass(model, EDITORIAL))} == set()


@pytest.mark.usefixtures("seeded")
def test_nothing_is_thrown_away_before_commit(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Else another visitor would keep the old page as the new generation's."""
    client.get("/")
    generation = caches["pages"].get(page_cache.GENERATION)
    with django_capture_on_commit_callbacks() as callbacks:
        source(HomePage).save()
    assert callbacks
    assert caches["pages"].get(page_cache.GENERATION) == generation


@pytest.mark.usefixtures("seeded")
def test_a_scheduled_page_goes_live(client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    client.get("/")
    home = source(HomePage)
    home.introduction, home.go_live_at = "明日生效", timezone.now() - timedelta(seconds=1)
    revision = home.save_revision(approved_go_live_at=home.go_live_at)
    assert revision.approved_go_live_at
    assert "明日生效" not in client.get("/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("publish_scheduled")
    assert "明日生效" in client.get("/").content.decode()


def page(text: str) -> HttpResponse:
    return cache_response(HttpResponse(text), seconds=60)


def test_a_page_that_was_being_drawn_while_something_was_published_is_not_shown_again(rf: RequestFactory) -> None:
    def published_meanwhile(request: HttpRequest) -> HttpResponse:
        old = page("old")
        invalidate()
        return old

    assert PageCacheMiddleware(published_meanwhile)(rf.get("/x/")).content == b"old"
    assert PageCacheMiddleware(lambda request: page("new"))(rf.get("/x/")).content == b"new"


def test_without_the_generation_it_would_be(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control test of the test above."""
    monkeypatch.setattr(page_cache, "token_urlsafe", lambda size: "always the same")
    invalidate()

    def published_meanwhile(request: HttpRequest) -> HttpResponse:
        old = page("old")
        invalidate()
        return old

    assert PageCacheMiddleware(published_meanwhile)(rf.get("/x/")).content == b"old"
    assert PageCacheMiddleware(lambda request: page("new"))(rf.get("/x/")).content == b"old"


def test_what_no_view_marked_is_not_kept(rf: RequestFactory) -> None:
    PageCacheMiddleware(lambda request: HttpResponse("first"))(rf.get("/x/"))
    assert PageCacheMiddleware(lambda request: HttpResponse("second"))(rf.get("/x/")).content == b"second"


@pytest.mark.parametrize(("asked", "kept"), [(5, 5), (10**6, 3600), (0, 0)])
def test_a_page_may_be_kept_for_an_hour_at_most(asked: int, kept: int) -> None:
    assert cache_response(HttpResponse(), seconds=asked).kept_for == kept  # type: ignore[attr-defined]


def test_a_page_is_kept_until_midnight_at_most(rf: RequestFactory) -> None:
    """Which documents are asked for changes with the day: a slot of the editors' begins or ends."""
    drawn = iter("abc")
    middleware = PageCacheMiddleware(lambda request: cache_response(HttpResponse(next(drawn)), seconds=3600))
    taipei = timezone.get_default_timezone()
    with time_machine.travel(datetime(2026, 11, 24, 23, 50, tzinfo=taipei), tick=False) as clock:
        assert middleware(rf.get("/x/")).content == b"a"
        clock.shift(timedelta(minutes=9))
        assert middleware(rf.get("/x/")).content == b"a"
        clock.shift(timedelta(minutes=1))
        assert middleware(rf.get("/x/")).content == b"b"


def test_a_page_that_ends_now_is_not_kept(rf: RequestFactory) -> None:
    PageCacheMiddleware(lambda request: cache_response(HttpResponse("first"), seconds=-1))(rf.get("/x/"))
    assert PageCacheMiddleware(lambda request: page("second"))(rf.get("/x/")).content == b"second"


def test_an_editors_preview_is_never_a_kept_page(rf: RequestFactory) -> None:
    PageCacheMiddleware(lambda request: page("published"))(rf.get("/x/"))
    preview = rf.get("/x/")
    preview.is_dummy = True  # type: ignore[attr-defined]
    assert PageCacheMiddleware(lambda request: page("draft"))(preview).content == b"draft"
    assert PageCacheMiddleware(lambda request: page("drawn anew"))(rf.get("/x/")).content == b"published"


def test_without_its_cache_the_portal_draws_each_page(
    rf: RequestFactory, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = {**settings.CACHES, "pages": REDIS_THAT_IS_DOWN}
    invalidate()
    assert PageCacheMiddleware(lambda request: page("drawn"))(rf.get("/x/")).content == b"drawn"
    assert PageCacheMiddleware(lambda request: page("drawn anew"))(rf.get("/x/")).content == b"drawn anew"
    assert [record.message for record in caplog.records] == [
        "kept pages could not be thrown away: ConnectionError",
        "pages are not kept: ConnectionError",  # and for a second nobody asks again
    ]


def visit(rf: RequestFactory) -> HttpRequest:
    """A request that has come past the page cache."""
    request: HttpRequest = rf.get("/x/")
    PageCacheMiddleware(lambda passed: HttpResponse())(request)
    return request


def test_what_pages_have_in_common_is_asked_once_a_generation(rf: RequestFactory) -> None:
    answers = iter(["first", "second", "third"])
    assert cached_fragment(visit(rf), "contact", lambda: next(answers)) == "first"
    assert cached_fragment(visit(rf), "contact", lambda: next(answers)) == "first"
    invalidate()
    assert cached_fragment(visit(rf), "contact", lambda: next(answers)) == "second"


def test_a_page_begun_before_a_publishing_remembers_nothing_for_the_pages_after_it(rf: RequestFactory) -> None:
    before = visit(rf)
    invalidate()
    assert cached_fragment(visit(rf), "contact", lambda: "new") == "new"
    assert cached_fragment(before, "contact", lambda: "old") == "old"
    assert cached_fragment(visit(rf), "contact", lambda: "new again") == "new again"


def test_without_the_cache_it_is_asked_each_time(rf: RequestFactory, settings: Settings) -> None:
    settings.CACHES = {**settings.CACHES, "pages": REDIS_THAT_IS_DOWN}
    answers = iter(["first", "second"])
    assert [cached_fragment(visit(rf), "contact", lambda: next(answers)) for _request in range(2)] == ["first", "second"]


def published_by_another_process() -> None:
    caches["pages"].set(page_cache.GENERATION, "theirs", timeout=None)


def test_what_another_process_publishes_is_noticed_after_a_second(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: now[0])
    page_cache.forget()
    PageCacheMiddleware(lambda request: page("old"))(rf.get("/x/"))
    published_by_another_process()
    draw = PageCacheMiddleware(lambda request: page("new"))
    for passed, seen in ((0.5, b"old"), (0.99, b"old"), (1.0, b"new")):
        now[0] = 100.0 + passed
        assert draw(rf.get("/x/")).content == seen


def test_addresses_without_end_do_not_fill_the_memory(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "MOST_PAGES", 3)
    draw = PageCacheMiddleware(lambda request: page("drawn"))
    for number in range(9):
        draw(rf.get(f"/{'/' * number}x/"))
    assert len(page_cache._memory.kept[1]) == 3


@pytest.mark.usefixtures("seeded")
def test_a_foreign_host_gets_no_kept_page_and_fills_none(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["portal.test", "other.test"]
    asked = Client(headers={"host": "evil.test"})
    assert asked.get("/").status_code == 400
    assert page_cache._memory.kept[1] == {}
    assert Client(headers={"host": "portal.test"}).get("/").status_code == 200
    for foreign in ("evil.test", "evil.test:80", "portal.test.evil.test", "portal.test@evil.test", "", "portal.test/x"):
        response = Client(headers={"host": foreign}).get("/")
        assert response.status_code == 400, foreign
        assert "ETag" not in response.headers
    assert {key.split("/")[2] for key in page_cache._memory.kept[1] if key.startswith("http")} == {"portal.test"}


@pytest.mark.usefixtures("seeded")
def test_what_a_request_says_of_another_host_changes_nothing(client: Client) -> None:
    telling = {"x-forwarded-host": "evil.test", "x-host": "evil.test", "forwarded": "host=evil.test", "x-original-url": "/en/"}
    first = client.get("/", headers={**telling, "accept-language": "en", "cookie": "django_language=en"})
    assert b"evil.test" not in first.content
    assert client.get("/").content == first.content


def test_each_host_of_ours_has_its_own_pages(rf: RequestFactory, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["one.test", "two.test"]
    for host in ("one.test", "two.test"):
        PageCacheMiddleware(lambda request: page(request.get_host()))(rf.get("/x/", headers={"host": host}))
    kept = PageCacheMiddleware(lambda request: page("drawn anew"))(rf.get("/x/", headers={"host": "one.test"}))
    assert kept.content == b"one.test"


def test_a_page_that_reads_cookies_is_not_kept(rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    def personal(request: HttpRequest) -> HttpResponse:
        response = page("of one visitor")
        response.headers["Vary"] = "Cookie"
        return response

    PageCacheMiddleware(personal)(rf.get("/x/"))
    assert PageCacheMiddleware(lambda request: page("of all"))(rf.get("/x/")).content == b"of all"
    assert caplog.messages == ["a page that reads its visitor's cookies is not kept: /x/"]


def test_an_error_is_not_kept(rf: RequestFactory) -> None:
    def failed(request: HttpRequest) -> HttpResponse:
        response = page("failed")
        response.status_code = 503
        return response

    PageCacheMiddleware(failed)(rf.get("/x/"))
    assert PageCacheMiddleware(lambda request: page("well"))(rf.get("/x/")).content == b"well"


def test_head_is_answered_from_what_get_kept_and_keeps_nothing(rf: RequestFactory) -> None:
    PageCacheMiddleware(lambda request: page(""))(rf.head("/x/"))
    assert PageCacheMiddleware(lambda request: page("whole"))(rf.get("/x/")).content == b"whole"


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("path", ["/;x.css", "/en/;a.css", "/student/entry/x.css", "/en/../", "/en//", "/en/%2e%2e/", "/EN/"])
def test_another_spelling_is_no_second_copy(client: Client, path: str) -> None:
    client.get(path)
    assert [key for key in page_cache._memory.kept[1] if key.startswith("http")] == []
