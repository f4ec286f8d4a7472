"""Every answer carries the headers: pages, kept pages, files, redirects, errors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from csp.middleware import CSPMiddleware
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.http import urlencode
from pytest_django import Settings

import portal.urls
from portal.accounts.models import User
from portal.cms import page_cache
from portal.core.security_headers import PolicyMiddleware
from portal.home.groups import EDITORS
from tests import people
from tests.architecture.access_table import ACCESS
from tests.architecture.test_access import Address, addresses
from tests.editors import client_of

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check(response: HttpResponseBase) -> None:
    for name, value in FIXED.items():
        assert response.headers[name] == value, name
    assert "camera=(), " in response.headers["Permissions-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
    assert (
        response.headers["X-Frame-Options"] == "DENY" or "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    )
    if response.streaming:
        list(response)  # to its end, which closes the file


def answer(request: HttpRequest, how: str) -> HttpResponse:
    if how == "429":
        return HttpResponse(status=429)
    raise {"400": BadRequest, "403": PermissionDenied, "500": RuntimeError}[how]


urlpatterns = [path("fails/<str:how>/", answer), *portal.urls.urlpatterns]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [a for a in addresses() if a.name in ACCESS], ids=lambda a: a.name)
def test_every_address_to_a_visitor(address: Address, client: Client) -> None:
    for response in (client.get(address.sample), client.post(address.sample)):
        check(response)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_failures(settings: Settings, client: Client, status: int) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response = client.get(f"/fails/{status}/")
    assert response.status_code == status
    check(response)


@pytest.mark.django_db
def test_a_missing_page_and_a_static_file_and_a_redirect(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal/portal.css").write_text("p {}")
    for address, status in {"/no/such/page/": 404, "/static/portal/portal.css": 200, "/verify": 301, "/%00/": 404}.items():
        response = client.get(address)
        assert response.status_code == status
        check(response)


@pytest.mark.parametrize("address", ["/", "/static/portal/portal.css", "/admin/", "/healthz/"])
def test_a_host_that_is_not_ours(address: str, settings: Settings) -> None:
    """No `django_db` mark: nothing is asked for it. Plain HTTP, where SecurityMiddleware would redirect, is no way round."""
    for redirects in (False, True):
        settings.SECURE_SSL_REDIRECT = redirects
        response = Client(headers={"host": "evil.test"}).get(address)
        assert response.status_code == 400
        check(response)


@pytest.fixture
def kept_pages(settings: Settings, tmp_path: Path) -> Iterator[None]:
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "pages": files}
    page_cache.forget()
    yield
    page_cache.forget()


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_pages")
def test_a_kept_page(client: Client) -> None:
    for _visit in range(2):
        check(client.get("/"))
    etag = client.get("/").headers.get("ETag")
    if etag:
        check(client.get("/", headers={"if-none-match": etag}))


@pytest.mark.django_db
def test_the_admin_has_a_policy_of_its_own() -> None:
    response = client_of(EDITORS).get("/admin/")
    check(response)
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["script-src-attr"].startswith("'unsafe-hashes' 'sha256-")
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self'"


def test_the_policy_that_is_written_once_is_the_librarys(settings: Settings) -> None:
    """Also with other settings, and not where an answer or a nonce asks for more, or the library may not write it."""

    def written(middleware: CSPMiddleware, *, nonce: str = "", **own: object) -> str | None:
        request, response = RequestFactory().get("/"), HttpResponse()
        vars(response).update(own)
        middleware.process_request(request)
        if nonce:
            request._csp_nonce = nonce
        return middleware.process_response(request, response).headers.get("Content-Security-Policy")

    ours, theirs = PolicyMiddleware(HttpResponse), CSPMiddleware(HttpResponse)
    asked = [{}, {"_csp_update": {"img-src": ["https://a.test"]}}, {}, {"nonce": "abc"}, {"_csp_exempt": True}]
    for policy in (
        settings.CONTENT_SECURITY_POLICY,
        {"DIRECTIVES": {"default-src": ["'self'"]}},
        {"EXCLUDE_URL_PREFIXES": ["/"]},
    ):
        settings.CONTENT_SECURITY_POLICY = policy
        assert [written(ours, **each) for each in asked] == [written(theirs, **each) for each in asked]
    response = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    assert ours.process_response(RequestFactory().get("/"), response).headers["Content-Security-Policy"] == "sandbox"


# What leads to another site, in each way of writing it.
HOSTILE = [
    "https://evil.test/",
    "//evil.test/",
    "/\\evil.test/",
    "\\\\evil.test",
    "javascript:alert(1)",
    "https:evil.test",
    " //evil.test",
    "/\t/evil.test/",
]


@pytest.mark.parametrize("wanted", HOSTILE)
def test_the_log_in_of_staff_leads_to_no_other_site(client: Client, officer: User, wanted: str) -> None:
    sent = {"username": officer.username, "password": people.PASSWORD, "next": wanted}
    response = client.post(f"/admin/login/?{urlencode({'next': wanted})}", sent)
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/_util/login/",
        "/en/_util/login/",
        "/_util/authenticate_with_password/1/1/",
        "/documents/authenticate_with_password/1/",
        "/admin/password_reset/",
        "/admin/password_reset/confirm/x/x/",
        "/images/x/1/original/",
    ],
)
def test_wagtails_other_log_in_pages_are_gone(client: Client, address: str) -> None:
    wanted = {"next": "//evil.test/"}
    for response in (client.get(address), client.get(address, wanted), client.post(address, wanted)):
        assert response.status_code == 404
