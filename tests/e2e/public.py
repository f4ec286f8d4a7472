"""The addresses that everybody may open, in every language; and the pages that only a failure shows."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults
from playwright.sync_api import Page, Route

from portal.core.languages import front_page

LANGUAGES = [code for code, _name in settings.LANGUAGES]
COMPONENTS = "demo/components/"
# Below `/`, `/en/`, `/zh-hans/`. A new public page is one line here.
ADDRESSES = [
    "",
    "student/entry/",
    "student/entry/china-student/",
    "china-student/individual/login/",
    "china-student/individual/register/",
    "china-student/individual/resend-activation/",
    "china-student/individual/forgot-password/",
    "china-student/individual/account/email/no-such-link/",
    "student/entry/hk-macau-student/",
    "hk-macau-student/individual/login/",
    "hk-macau-student/individual/register/",
    "verify/",
    "demo/",
    "demo/mailbox/",
    COMPONENTS,
    "no/such/page/",
]
FAILURES: dict[str, Callable[..., HttpResponse]] = {
    "400": lambda request: defaults.bad_request(request, Exception()),
    "403": lambda request: defaults.permission_denied(request, Exception()),
    "500": defaults.server_error,
}


def addresses(language: str) -> list[str]:
    """Every public address in that language."""
    return [front_page(language) + address for address in ADDRESSES]


def show_failure(page: Page, site: str, status: str, language: str) -> None:
    """The page of that failure at an address of the site, with the site's own files around it."""
    path = f"{front_page(language)}failure-{status}/"
    with translation.override(language):
        response = FAILURES[status](RequestFactory().get(path))

    def answer(route: Route) -> None:
        route.fulfill(status=response.status_code, body=response.content, content_type="text/html; charset=utf-8")

    page.route(site + path, answer)
    page.goto(site + path)
