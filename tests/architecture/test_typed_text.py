"""Nothing typed is lost: refusals x addresses. Every address of the portal and its admin is in it, so a new page is, too.

Forms that send themselves, and a browser without network, are tests/e2e/test_typed.py's.
"""

import datetime as dt
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from portal.accounts.models import User
from portal.cms.admin_requests import EXPECTED
from portal.core.middleware import is_closed
from portal.core.site.typed import SECRETIVE
from portal.sessions import typed
from portal.sessions.engine import AccountSession
from portal.staff_login.middleware import EXEMPT_VIEWS
from portal.throttling.body_limits import _FOR_MACHINES
from portal.throttling.models import QuotaUse
from tests.staff import logged_in, make_administrator

from .access_table import ACCESS, DEMO, GATEWAY, PUBLIC, STUDENT
from .admin_world import World
from .test_access import Address, addresses
from .test_admin_access import addresses as admin_addresses

pytestmark = pytest.mark.django_db
TEXT = {"opinion": "照片不清楚，\n請重拍「正面」 <b>", "mobile": "0912345678", "hidden-0-id": "7"}
SECRETS = {"password": "secret-1", "new_password_again": "secret-2", "captcha_1": "secret-3"}
OURS = {"Origin": "http://testserver"}
# These show it in their own fields: tests/sessions, tests/forms/test_wizard.py, tests/my_cases/test_corrections.py.
SHOW_THEMSELVES = {"accounts:profile", "forms:step", "my_cases:correction"}


def takes_forms(address: Address) -> bool:
    """Whether its view may answer a POST with anything but 405."""
    view = getattr(address.view, "view_class", None)
    return address.name not in {"wagtail_serve", "wagtaildocs_serve"} and (view is None or hasattr(view, "post"))


PUBLIC_PATHS = {
    a.name: a.sample
    for a in addresses()
    if takes_forms(a) and ACCESS.get(a.name, GATEWAY) in {PUBLIC, DEMO} and not a.name.startswith("captcha-")
}
STUDENT_VIEWS = {a.name: a for a in addresses() if ACCESS.get(a.name) == STUDENT}
STUDENT_PATHS = {name: a.sample for name, a in STUDENT_VIEWS.items()}
ADMIN_PATHS = {
    a.name or a.route: path
    for a in admin_addresses()
    if takes_forms(a)
    and not is_closed(a.name)
    and a.name not in EXEMPT_VIEWS
    and not SECRETIVE.match(path := World({}).fill(a.name, a.route))
}


class Repeated(HTMLParser):
    """The hidden fields of each form, by its address."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.here: dict[str, str] | None = None
        self.feed(response.content.decode())  # type: ignore[attr-defined]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.here = self.forms.setdefault(said.get("action") or "", {})
        elif tag == "input" and said.get("type") == "hidden" and self.here is not None:
            self.here[said["name"] or ""] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None


def is_repeated(response: HttpResponseBase, path: str) -> bool:
    """The answer holds all that was typed, to be sent again to where it was meant for, and no password."""
    form = Repeated(response).forms.get(path, {})
    names = form.keys() - {"csrfmiddlewaretoken", *EXPECTED.values()}  # those are given to Wagtail's form where they are missing
    html = response.content.decode()  # type: ignore[attr-defined]
    shown = "照片不清楚，\n請重拍「正面」 &lt;b&gt;" in html  # to be read, too
    return names == TEXT.keys() and {n: form[n] for n in names} == TEXT and shown and "secret-" not in html


def lost(client: Client, paths: dict[str, str], status: int) -> list[tuple[str, int]]:
    """The addresses that answer otherwise than with that status and what was typed; 405 of one that takes no form."""
    posted = {**TEXT, **SECRETS}
    answers = {name: client.post(path, posted, headers=OURS) for name, path in paths.items()}
    asked = {name: each for name, each in answers.items() if each.status_code != 405}
    assert len(asked) > len(paths) / 3
    good = {name for name, each in asked.items() if each.status_code == status and is_repeated(each, paths[name])}
    return [(name, each.status_code) for name, each in asked.items() if name not in good]


def test_there_are_addresses_to_go_through() -> None:
    assert {"accounts:register", "verification:verify"} <= PUBLIC_PATHS.keys()
    assert {"my_cases:correction", "payments:method-details"} <= STUDENT_PATHS.keys()
    assert {"review:decision", "cashier:payment", "records-clerks:correct", "wagtailadmin_pages:edit"} <= ADMIN_PATHS.keys()


# A token that is too old


def test_a_stale_token() -> None:
    paths = {**PUBLIC_PATHS, **STUDENT_PATHS, **ADMIN_PATHS}
    assert lost(Client(enforce_csrf_checks=True), {n: p for n, p in paths.items() if not SECRETIVE.match(p)}, 403) == []


def test_what_was_typed_goes_back_with_a_token_that_is_taken(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, backend="portal.accounts.backends.StudentBackend")
    path = STUDENT_PATHS["accounts:profile"]
    typed = {"email": owner.email, "mobile": "0987654321", "language": "zh-hant"}
    form = Repeated(client.post(path, typed, headers=OURS)).forms[path]
    assert client.post(path, form, headers=OURS).status_code == 302
    owner.refresh_from_db()
    assert owner.mobile == "0987654321"


def test_of_a_form_on_another_site_nothing_is_repeated(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client.post(PUBLIC_PATHS["verification:typed"], TEXT, headers=headers)
        assert (response.status_code, "0912345678" in response.content.decode()) == (403, False)


# A log-in that is over


def test_after_a_log_out_elsewhere(owner: User) -> None:
    """The browser has forgotten whose it was: what was typed stays in the tab, and nothing of it is written down."""
    assert lost(Client(), {**STUDENT_PATHS, **ADMIN_PATHS}, 403) == []
    assert not AccountSession.objects.exists()


def test_with_the_password_alone_the_text_waits_for_the_second_factor() -> None:
    administrator = make_administrator()
    client = Client()
    client.force_login(administrator, backend="portal.accounts.backends.StaffBackend")
    path = ADMIN_PATHS["cashier:payment"]
    response = client.post(path, TEXT)
    assert response["Location"] == f"/admin/second-factor/?next={path.replace('/', '%2F')}"
    assert client.session[typed.KEY]["account"] == administrator.pk


def ended(user: User, key: str) -> Client:
    """A browser with the key of a log-in that has ended."""
    AccountSession.objects.filter(account=user).update(expire_date=timezone.now())
    QuotaUse.objects.all().delete()
    client = Client()
    client.cookies["sessionid"] = key
    return client


def not_led_back(user: User, key: str, paths: dict[str, str], log_in: Any) -> Iterator[tuple[str, str]]:
    """Where a form of an ended log-in is not there again after the next one."""
    for name, path in paths.items():
        client = ended(user, key)
        response = client.post(path, {**TEXT, **SECRETS})
        if response.status_code == 405:
            continue
        if response.status_code != 302 or not response["Location"].endswith(f"?next={path.replace('/', '%2F')}"):
            yield name, f"{response.status_code} instead of the log-in"
            continue
        kept = client.session[typed.KEY]
        log_in(client)
        session = client.session
        session[typed.KEY] = kept
        session.save()
        if not is_repeated(client.get(path), path):
            yield name, "not there after the log-in"
        elif client.post(path, {typed.DROP: "1"}).status_code != 302 or typed.KEY in client.session:
            yield name, "not dropped"


def test_an_ended_log_in_of_a_student(owner: User) -> None:
    browser = logged_in(owner)
    fresh = browser.cookies["sessionid"].value

    def log_in(client: Client) -> None:
        client.force_login(owner, backend="portal.accounts.backends.StudentBackend")

    paths = {name: path for name, path in STUDENT_PATHS.items() if name not in SHOW_THEMSELVES | {"accounts:new-password"}}
    assert list(not_led_back(owner, fresh, paths, log_in)) == []
    assert {name for name, a in STUDENT_VIEWS.items() if hasattr(a.view, "shows_typed")} == SHOW_THEMSELVES


def test_an_ended_log_in_of_staff() -> None:
    administrator = make_administrator()
    key = logged_in(administrator).cookies["sessionid"].value
    fresh = logged_in(administrator).cookies["sessionid"].value
    future = timezone.now() + dt.timedelta(hours=1)

    def log_in(client: Client) -> None:
        AccountSession.objects.filter(account=administrator).update(expire_date=future)
        client.cookies["sessionid"] = fresh

    assert list(not_led_back(administrator, key, ADMIN_PATHS, log_in)) == []


def test_nobody_else_is_shown_it(owner: User, stranger: User) -> None:
    key, path = logged_in(owner).cookies["sessionid"].value, STUDENT_PATHS["payments:list"]
    client = ended(owner, key)
    client.post(path, TEXT)
    client.force_login(stranger, backend="portal.accounts.backends.StudentBackend")
    assert "照片不清楚" not in client.get(path).content.decode()


def test_the_number_of_a_payer_is_not_written_down(owner: User) -> None:
    client = ended(owner, logged_in(owner).cookies["sessionid"].value)
    response = client.post(STUDENT_PATHS["payments:method-details"], {"payer_id": "A123456789"})
    assert (response.status_code, 'value="A123456789"' in response.content.decode()) == (403, True)
    assert typed.KEY not in client.session


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "cors"}, {"X-Requested-With": "XMLHttpRequest"}], ids=["fetch", "xhr"])
def test_a_script_is_notified_that_the_log_in_is_over(headers: dict[str, str]) -> None:
    """Not led to a page that it would take for its answer."""
    paths = {**STUDENT_PATHS, **ADMIN_PATHS}
    answers = {name: Client().post(path, TEXT, headers=headers) for name, path in paths.items()}
    wrong = [(n, a.status_code) for n, a in answers.items() if a.status_code != 405 and (a.status_code, a.content) != (401, b"")]
    assert wrong == []


@pytest.mark.parametrize("mode", ["cors", "nested-navigate"], ids=["script", "frame"])
def test_what_the_page_asks_by_itself_forgets_nobody(owner: User, mode: str) -> None:
    """How much time is left is asked by a script, or shown in a frame, before what is typed is sent."""
    client, path = ended(owner, logged_in(owner).cookies["sessionid"].value), STUDENT_PATHS["payments:list"]
    client.get(reverse("accounts:session", args=["china-student"]), headers={"Sec-Fetch-Mode": mode})
    client.post(path, TEXT)
    assert client.session[typed.KEY]["path"] == path


# A body that is too big


def test_a_body_that_is_too_big(owner: User, settings: Settings) -> None:
    """Of who is logged in. What a visitor sends beyond the limit is read by nobody (docs/security.md)."""
    student, administrator = logged_in(owner), logged_in(make_administrator())
    settings.BODY_LIMIT, settings.BODY_LIMITS = 100, []
    paths = {name: path for name, path in STUDENT_PATHS.items() if not _FOR_MACHINES.match(path)}
    assert lost(student, paths, 413) == []
    assert lost(administrator, ADMIN_PATHS, 413) == []


# An error of ours


class Broken:
    """A middleware that breaks every view."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        raise RuntimeError("broken on purpose")


def test_an_error_of_ours(owner: User, settings: Settings) -> None:
    student, administrator = logged_in(owner), logged_in(make_administrator())
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Broken"]
    public = {name: path for name, path in PUBLIC_PATHS.items() if not SECRETIVE.match(path)}
    for client, paths in (
        (Client(), public),
        (student, STUDENT_PATHS),
        (administrator, ADMIN_PATHS),
    ):
        client.raise_request_exception = False
        assert lost(client, paths, 500) == []
