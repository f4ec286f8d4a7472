"""/healthz/, /readyz/, the pages of failure, and the header that counts queries."""

from pathlib import Path

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

from portal import urls as portal_urls
from portal.core import files, health
from portal.core.middleware import QueryCountMiddleware


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise {"400": BadRequest, "403": PermissionDenied, "500": RuntimeError, "suspicious": SuspiciousOperation}[how]


urlpatterns = [path("fail/<how>/", fail), *portal_urls.urlpatterns]


def test_healthz_says_ok_without_asking_the_database(client: Client) -> None:
    response = client.get("/healthz/")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client) -> None:
    response = client.get("/readyz/")
    answers = response.json()
    assert response.status_code == 200
    assert {answers["database"], answers["migrations"], answers["storage"]} == {"ok"}
    assert set(answers.values()) == {"ok"}


@pytest.mark.django_db
def test_a_pending_migration_is_not_ready(client: Client) -> None:
    name, migration = next(iter(sorted(leaf for leaf in health._newest_migrations() if leaf[0] == "portal_core")))
    MigrationRecorder(connection).record_unapplied(name, migration)
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 pending"


@pytest.mark.django_db
def test_a_private_storage_that_cannot_be_written_is_not_ready(client: Client, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a file").touch()
    private = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "a file"}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["storage"] == "FileExistsError"


@pytest.mark.django_db
def test_the_storage_probe_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    assert files.private_storage().listdir(".") == ([], [])
    assert health.readiness()["storage"] == ""
    assert files.private_storage().listdir(".") == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/no/such/page/", 404, "您要找的頁面或資料不存在，或您無權檢視。"),
        ("/fail/400/", 400, "無法處理這項要求"),
        ("/fail/suspicious/", 400, "無法處理這項要求"),
        ("/fail/403/", 403, "您無權檢視此頁面"),
        ("/fail/500/", 500, "系統暫時無法服務"),
    ],
)
def test_each_failure_has_a_page_in_the_portals_dress(address: str, status: int, words: str, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    assert words in response.content.decode()
    assert 'lang="zh-Hant-TW"' in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/verify/%00/",
        "/china-student/individual/cases/1%00/",
        "/china-student/individual/todo/?tab=%00",
        "/student/%00/",
        "/admin/?q=a%00",
    ],
)
def test_an_address_with_a_nul_is_a_missing_page(address: str, owner_client: Client) -> None:
    response = owner_client.get(address)
    assert response.status_code == 404
    assert "找不到頁面" in response.content.decode()


def test_the_page_of_a_broken_server_asks_the_database_for_nothing(settings: Settings) -> None:
    """No database mark: a query would be an error."""
    settings.ROOT_URLCONF = __name__
    response = Client(raise_request_exception=False).get("/fail/500/")
    assert "系統發生問題，我們已記錄並會處理。" in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_a_page_open_too_long_is_said() -> None:
    response = Client(enforce_csrf_checks=True).post("/verify/", {"code": "X"})
    assert response.status_code == 403
    assert "頁面已逾時" in response.content.decode()


@pytest.mark.django_db
def test_the_query_count_is_that_of_the_page(rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def two_queries(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")
        return HttpResponse()

    with django_assert_num_queries(2):
        response = QueryCountMiddleware(two_queries)(rf.get("/"))
    assert response["X-Query-Count"] == "2"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "language"), [("/verify/", "zh-hant"), ("/en/verify/", "en"), ("/zh-hans/verify/", "zh-hans")]
)
def test_the_address_says_the_language_and_nothing_else_does(address: str, language: str) -> None:
    client = Client(headers={"accept-language": "fr, en"})
    client.cookies["django_language"] = "en"
    response = client.get(f"{address}verify/")
    assert response["Content-Language"] == language
    assert "Accept-Language" not in response.get("Vary", "")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/zh-hant/verify/", "/en-us/verify/", "/fr/verify/"])
def test_a_language_that_the_site_does_not_speak_is_a_missing_page(address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.django_db
def test_a_page_under_another_name_of_the_site_is_at_the_one(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.ONE_HOST = ["portal.example", "old.example"], "https://portal.example"

    def ask(method: str, path: str, host: str) -> tuple[int, str]:
        response = Client(headers={"host": host}).generic(method, path)
        return response.status_code, response.headers.get("Location", "")

    assert ask("GET", "/verify/?code=A", "old.example") == (301, "https://portal.example/verify/?code=A")
    assert ask("HEAD", "/", "old.example") == (301, "https://portal.example/")
    assert ask("GET", "/verify/", "portal.example") == (200, "")
    assert ask("GET", "/healthz/", "old.example") == (200, "")
    assert ask("POST", "/payments/sandbank/notify/", "old.example")[0] == 400  # a gateway knows the name that it was given
    assert ask("GET", "/verify/", "evil.example")[0] == 400
    settings.ONE_HOST = ""
    assert ask("GET", "/verify/", "old.example") == (200, "")
