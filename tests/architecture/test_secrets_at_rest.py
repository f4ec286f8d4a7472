"""Reading the database opens nothing: no cookie, link, password, key or code that a person was given stands in any table.

A new way to give one belongs into WAYS; an email with words of its own, and a column with such a name, do not pass without.
"""

import ast
import datetime as dt
import re
import zlib
from base64 import b32decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from portal.accounts.models import User
from portal.encryption.fields import EncryptedTextField
from portal.mail.models import OutgoingMail
from portal.mail.tasks import sweep
from portal.records.models import Applicant
from portal.review.groups import OFFICERS
from tests import people
from tests.accounts.steps import FORGOT, HOME, LOGIN, LOGOUT, NEW_PASSWORD, RESEND, TODO, log_in, register, submit
from tests.captcha.solving import key_in, solved
from tests.staff import CODES, KEY, email_to, fill_in, first_administrator, link_in

from .secrets_at_rest import readings, tables, tables_with
from .source import ROOT, modules

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PROFILE, PASSWORD = f"{HOME}/account/profile/", f"{HOME}/account/password/"
NEW, NEWER = "another long passphrase 7", "yet another passphrase 8"
# In an email, words so long are a link's token, or a one-time password.
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}")


class Browser(Client):
    """Remembers every cookie that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies_given: set[str] = set()

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        self.cookies_given.update(morsel.value for morsel in response.cookies.values() if len(morsel.value) >= 16)
        return response


@dataclass
class Visit:
    """Somebody uses the portal; what only they may know is written down."""

    clock: time_machine.Traveller
    student: Browser = field(default_factory=Browser)
    officer: Browser = field(default_factory=Browser)
    notified: set[str] = field(default_factory=lambda: {people.PASSWORD})

    def emails(self, kind: str) -> list[str]:
        """The tokens of the newest email of a kind that waits; whatever is long in any of them is a secret."""
        for email in OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED):
            self.notified.update(TOKEN.findall(email.body))
        return TOKEN.findall(OutgoingMail.objects.filter(kind=kind).latest("pk").body)

    @property
    def secrets(self) -> set[str]:
        return self.notified | self.student.cookies_given | self.officer.cookies_given


def _register(visit: Visit) -> None:
    register(visit.student)
    assert len(visit.emails("activation")) == 1


def _resend(visit: Visit) -> None:
    visit.clock.shift(dt.timedelta(minutes=3))
    submit(visit.student, RESEND, {"username": "xiaoming"})
    token = visit.emails("activation")[0]
    assert visit.student.post(f"{HOME}/activate/{token}/")["Location"] == LOGIN


def _log_in(visit: Visit) -> None:
    page = visit.student.get(LOGIN).content.decode()
    visit.notified.add(key_in(page))
    answer = {"username": "xiaoming", "password": people.PASSWORD, **solved(page)}
    assert visit.student.post(LOGIN, answer)["Location"] == TODO


def _email(visit: Visit) -> None:
    typed = {"email": "new@example.test", "mobile": "0912345678", "language": "zh-hant", "current_password": people.PASSWORD}
    visit.student.post(PROFILE, typed)
    token = visit.emails("email_confirm")[0]
    assert visit.student.post(f"{HOME}/account/email/{token}/")["Location"] == PROFILE


def _new_password(visit: Visit) -> None:
    visit.notified.add(NEW)
    typed = {"current_password": people.PASSWORD, "new_password": NEW, "new_password_again": NEW}
    assert visit.student.post(PASSWORD, typed)["Location"] == LOGIN


def _one_time_password(visit: Visit) -> None:
    submit(visit.student, FORGOT, {"username": "xiaoming"})
    password = visit.emails("one_time_password")[0]
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){4}", password)
    log_in(visit.student, password=password)
    assert visit.student.get(TODO)["Location"] == NEW_PASSWORD
    visit.notified.add(NEWER)
    assert visit.student.post(NEW_PASSWORD, {"new_password": NEWER, "new_password_again": NEWER})["Location"] == LOGIN


def _typed_too_late(visit: Visit) -> None:
    """What is typed when the log-in is over waits in the session."""
    visit.notified.add("a sentence for nobody else")
    visit.student.post(PROFILE, {"mobile": "a sentence for nobody else"})
    log_in(visit.student, password=NEWER)
    visit.student.post(LOGOUT)


def _new_staff(visit: Visit) -> None:
    """The mailed link, the password, the authenticator and the recovery codes."""
    fill_in(first_administrator().client, "newcomer", OFFICERS)
    email = email_to(User.objects.get(username="newcomer")).body
    link = link_in(email)
    visit.notified.update(TOKEN.findall(email))
    assert visit.officer.post(link, {"new_password": NEW, "new_password_again": NEW})["Location"] == link
    shown = KEY.search(visit.officer.get(link).content.decode())
    assert shown
    key = b32decode(shown[1].replace(" ", ""))
    visit.notified |= {shown[1], key.hex(), key.decode("latin-1")}
    assert tables_with(visit.secrets) == []  # while it is being set up, too
    codes = CODES.findall(visit.officer.post(link, {"code": f"{totp(key):06d}"}).content.decode())
    assert len(codes) == 8
    visit.notified.update(codes)
    assert visit.officer.get("/admin/").status_code == 200


WAYS: list[Callable[[Visit], None]] = [
    _register,
    _resend,
    _log_in,
    _email,
    _new_password,
    _one_time_password,
    _typed_too_late,
    _new_staff,
]


@pytest.fixture
def visit(settings: Settings, wang: Applicant) -> Iterator[Visit]:
    settings.DEMO, settings.STAFF_SECOND_FACTOR = False, True
    with time_machine.travel(NOON, tick=False) as clock:
        yield Visit(clock)


def test_no_secret_that_anybody_was_given_stands_in_any_table(visit: Visit) -> None:
    for way in WAYS:
        way(visit)
        assert tables_with(visit.secrets) == [], f"while the emails wait: {way.__name__}"
        sweep()
        assert tables_with(visit.secrets) == [], f"once they are sent: {way.__name__}"
    assert not OutgoingMail.objects.exclude(body="").exists()
    assert len(visit.secrets) > 25
    with_secrets = {path.stem for path in email_templates() if variables(path) - HARMLESS}
    assert with_secrets <= set(OutgoingMail.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    "written",
    [
        "before {secret} after",
        "{upper}",
        "{hex}",
        "{base64}",
        "{packed}",
        "{cookie}:1a2b3c:signature",
    ],
)
def test_the_search_finds_what_is_only_packed(written: str, db: None) -> None:
    """The control: each of these is a secret that is kept."""
    secret = "q7Xw2LmRz5Tn9Yb4-Hc6"
    forms = {
        "secret": secret,
        "upper": secret.replace("-", "").upper(),
        "hex": secret.encode().hex(),
        "base64": b64encode(f"say {secret}".encode()).decode(),
        "packed": b64encode(zlib.compress(f'{{"key": "{secret}"}}'.encode())).decode(),
        "cookie": "." + b64encode(zlib.compress(f'{{"key": "{secret}"}}'.encode())).decode().rstrip("="),
    }
    OutgoingMail.objects.create(kind="k", to="a@example.test", subject=written.format(**forms), next_attempt_at=timezone.now())
    assert tables_with([secret]) == [f"portal_mail_outgoingmail: {secret}"]


def test_bytes_are_searched_too_and_every_table(db: None) -> None:
    assert any("secret words" in text for text in readings(b"\x00secret words"))
    assert {"portal_mail_outgoingmail", "portal_sessions_accountsession", "otp_totp_totpdevice"} <= set(tables())


# -- emails ----------------------------------------------------------------------

# What emails may say that opens nothing.
HARMLESS = {
    "BASE_URL",
    "amount",
    "bill",
    "case",
    "failures",
    "fee",
    "kind",
    "line",
    "method",
    "name",
    "office",
    "payment",
    "receipt",
}
HARMLESS |= {"day", "draft", "ends_on", "until", "username", "when", "actor", "at", "member", "slot", "note", "remark", "refund"}
HARMLESS |= {"subject", "text"}  # of Wagtail's emails about workflows, which lead to pages of the admin
HARMLESS |= {"user.username"}


def email_templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates" / "portal" / "mail").glob("*.txt"))


def variables(path: Path) -> set[str]:
    """What an email prints: the name, of `user` with what is printed of them."""
    return set(re.findall(r"\{\{ *(user\.[A-Za-z_]+|[A-Za-z_]+)", path.read_text()))


# -- columns ----------------------------------------------------------------------

SMELLS = re.compile(r"key|token|secret|password|digest|session|challenge|response|body|cookie|credential|otp|pin$|seed|nonce")
KINDS = {"CharField", "TextField", "JSONField", "BinaryField", "SlugField", "UUIDField", "URLField"}
# The tests' own, and the index of public pages, pictures and documents, whose columns differ by database.
ELSEWHERE = {"page_type", "dummy_category", "wagtailsearch"}
# Why a reader of the column opens nothing with it. Encrypted columns need no line.
EXPLAINED = {
    "portal_sessions.AccountSession.session_key": "a digest of the cookie's key",
    "portal_accounts.User.password": "argon2id",
    "portal_accounts.ActivationLink.token_hash": "a digest of the email's token",
    "portal_accounts.EmailChange.token_hash": "a digest of the email's token",
    "portal_staff_login.SecondFactorReset.address_digest": "a keyed digest of an e-mail address",
    "portal_staff_login.SetUpLink.token_hash": "a digest of the email's token",
    "portal_accounts.OneTimePassword.digest": "a digest of a hundred random bits",
    "captcha.CaptchaStore.challenge": "proves within five minutes that somebody is a person; opens nothing",
    "captcha.CaptchaStore.response": "proves within five minutes that somebody is a person; opens nothing",
    "captcha.CaptchaStore.hashkey": "proves within five minutes that somebody is a person; opens nothing",
    "portal_cases.Case.draft_token": "the draft's owner alone opens it, logged in",
    "portal_forms.Draft.token": "the draft's owner alone opens it, logged in",
    "portal_throttling.QuotaUse.key": "a keyed digest of who or where from",
    "portal_home.SitemapPage.body": "a public page",
    "portal_home.StandardPage.body": "a public page",
    "otp_static.StaticToken.token": "a digest, keyed with SECRET_KEY, of eighty random bits",
    "otp_totp.TOTPDevice.key": "nobody writes this table: portal_staff_login.Authenticator",
    "portal_payments.LedgerEvent.business_key": "names an event",
    "portal_payments.Notice.body": "what a gateway signed, without a key of ours",
    "portal_records.LookupLog.key_hash": "a keyed digest",
    "portal_sandbank.Delivery.body": "what the demonstration's bank signed, without its key",
    "sessions.Session.session_key": "nobody writes this table: portal_sessions.AccountSession",
    "sessions.Session.session_data": "nobody writes this table: portal_sessions.AccountSession",
    "wagtailcore.CollectionViewRestriction.password": "shared passwords are off: WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS",
    "wagtailcore.Page.translation_key": "joins the languages of a page",
    "wagtailcore.PageViewRestriction.password": "shared passwords are off: WAGTAIL_PRIVATE_PAGES",
    "wagtailimages.Rendition.focal_point_key": "where a picture is cut",
}


def smelling() -> set[str]:
    fields = (field for model in apps.get_models(include_auto_created=True) for field in model._meta.local_concrete_fields)
    named = (found for found in fields if SMELLS.search(found.name) and found.get_internal_type() in KINDS)
    return {f"{found.model._meta.label}.{found.name}" for found in named if not isinstance(found, EncryptedTextField)}


def test_every_column_that_sounds_like_a_secret_says_why_it_is_none() -> None:
    assert {label for label in smelling() if label.split(".")[0] not in ELSEWHERE} == EXPLAINED.keys()


def test_nobody_writes_django_otps_table_in_clear(visit: Visit) -> None:
    _new_staff(visit)
    assert not TOTPDevice.objects.exists()
    naming = {module.name for module in modules() if "TOTPDevice" in ast.dump(module.tree)}
    assert naming == {"portal.staff_login.authenticators"}


def test_readers_of_a_page_share_no_password() -> None:
    assert django_settings.WAGTAIL_PRIVATE_PAGES == {"SHARED_PASSWORD": False}
    assert django_settings.WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS == {"SHARED_PASSWORD": False}
