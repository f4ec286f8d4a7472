"""Production takes everything from the environment, and refuses what is missing or unsafe by name."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.encryption import keys as encryption_keys
from portal.pdf import signing_keys

SAFE = {
    "SECRET_KEY": "k3Jw9-vXq2Lm8Rz5Tn7Yb4Hc6Gd1Fs0PaUeOiKjMxNzBvCrWtQy",
    "DATABASE_URL": "postgres://portal:word@db.example/portal",
    "REDIS_URL": "redis://cache.example/0",
    "CELERY_BROKER_URL": "amqp://portal:word@broker.example//",
    "EMAIL_URL": "smtp+tls://portal:word@mail.example:587",
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "FIELD_ENCRYPTION_KEYS": ("b=YkjnW6pW7sQv4VVcX8oLm1p0hD3xq2RzTfUeGi5aKcE=,a=9sLqvE1o0uJkTn5bYw3RrXcZp7d2MhGf8aVi4tBxSyQ"),
    "TRUSTED_PROXIES": "1",
    "DOCUMENT_SIGNER": signing_keys.self_signed("an agency"),
    "DEFAULT_FROM_EMAIL": "學生線上申辦系統 <noreply@portal.example>",
    "STATIC_ROOT": "/var/lib/portal/static",
    "MEDIA_ROOT": "/var/lib/portal/media",
    "PRIVATE_ROOT": "/var/lib/portal/private",
}
TWO_BROKERS = "amqp://me:word@one.example//;amqp://me:word@two.example//"
DEMONSTRATION = {"DEMO": "1", "SANDBANK_KEYS": "a=5f1c2e7b"}


def variables() -> Iterator[tuple[str, str]]:
    """Each variable that base and production read, and as what: `text`, `flag`, `number`, …"""
    for module in ("base", "production"):
        for call in ast.walk(ast.parse(Path(f"portal/settings/{module}.py").read_text(encoding="utf-8"))):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="env"), attr=reader), args=[ast.Constant(value=name), *_]):
                    yield name, reader


@pytest.fixture(autouse=True)
def only_the_given_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _reader in variables():
        monkeypatch.delenv(name, raising=False)
    for module in ("base", "production"):
        monkeypatch.delitem(sys.modules, f"portal.settings.{module}", raising=False)


def production(monkeypatch: pytest.MonkeyPatch, **changes: str) -> ModuleType:
    for name, value in {**SAFE, "PAYMENT_METHODS": "card=bank", **changes}.items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("portal.settings.production")


def test_a_complete_environment_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production(monkeypatch)
    assert settings.DATABASES["default"]["HOST"] == "db.example"
    assert settings.CACHES["default"]["LOCATION"] == "redis://cache.example/0"
    assert settings.CELERY_TASK_ALWAYS_EAGER is False
    assert (settings.EMAIL_HOST, settings.EMAIL_USE_TLS) == ("mail.example", True)
    assert (settings.DEBUG, settings.DEMO) == (False, False)
    assert (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME) == ("__Host-sessionid", "__Host-csrftoken")
    assert not set(settings.DEMO_APPS) & set(settings.INSTALLED_APPS)
    assert (settings.STAFF_SECOND_FACTOR, settings.UPLOAD_SANDBOX) == (True, True)


def test_the_first_key_encrypts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(production(monkeypatch).FIELD_ENCRYPTION_KEYS) == ["b", "a"]


def test_the_second_factor_cannot_be_turned_off_but_in_a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="STAFF_SECOND_FACTOR is unsafe: the admin asks staff for a second factor"):
        production(monkeypatch, STAFF_SECOND_FACTOR="off")
    monkeypatch.delitem(sys.modules, "portal.settings.base", raising=False)
    assert production(monkeypatch, STAFF_SECOND_FACTOR="off", **DEMONSTRATION).STAFF_SECOND_FACTOR is False


def test_the_sandbox_of_uploads_cannot_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="UPLOAD_SANDBOX is unsafe"):
        production(monkeypatch, UPLOAD_SANDBOX="off", **DEMONSTRATION)


@pytest.mark.parametrize("name", sorted(SAFE))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for other, word in SAFE.items():
        if other != name:
            monkeypatch.setenv(other, word)
    if value is not None:
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"production needs these environment variables: {name}$"):
        importlib.import_module("portal.settings.production")


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY, DATABASE_URL, REDIS_URL, CELERY_BROKER_URL, EMAIL_URL"):
        importlib.import_module("portal.settings.production")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "demo-only-" + "0" * 50),
        ("SECRET_KEY", "django-insecure-" + SAFE["SECRET_KEY"]),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "portal.example,*"),
        ("DATABASE_URL", "sqlite:////var/portal.sqlite3"),
        ("REDIS_URL", "locmem://"),
        ("CELERY_BROKER_URL", "memory://"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "dummymail://"),
        ("BASE_URL", "http://portal.example"),
        ("BASE_URL", "https://other.example"),
        ("BASE_URL", "https://portal.example/"),
        ("BASE_URL", "https://portal.example/portal"),
        ("BASE_URL", "https://Portal.example"),
        ("BASE_URL", "https://portal.example:443"),
        ("BASE_URL", "https://portal.example:99999"),
        ("EMAIL_URL", "smtp://"),
        ("DEFAULT_FROM_EMAIL", "the portal"),
        ("STATIC_ROOT", "static"),
        ("MEDIA_ROOT", "media"),
        ("PRIVATE_ROOT", "private"),
        ("DOCUMENT_SIGNER", "/no/such/file.pem"),
        ("DOCUMENT_SIGNER", signing_keys.self_signed(signing_keys.DEMO_NAME)),
        ("DOCUMENT_SIGNERS_BEFORE", "/no/such/file.pem"),
        ("FIELD_ENCRYPTION_KEYS", ","),
        ("FIELD_ENCRYPTION_KEYS", SAFE["SECRET_KEY"]),
        ("FIELD_ENCRYPTION_KEYS", "a=c2hvcnQ="),
        ("FIELD_ENCRYPTION_KEYS", encryption_keys.DEMO_KEYS),
        ("FIELD_ENCRYPTION_KEYS", f"{SAFE['FIELD_ENCRYPTION_KEYS']},{encryption_keys.DEMO_KEYS}"),
        ("FIELD_ENCRYPTION_KEYS", "a=" + "A" * 43),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "10.0.0.1"),
        ("PAYMENT_METHODS", "card=sandbank"),
        ("PAYMENT_METHODS", "card=portal.payments.gateways.sandbank"),
        ("SANDBANK_KEYS", "demo-1=sandbank-demo-key-not-a-secret"),
        ("ECPAY_HASH_KEY", "pwFHCqoQZGmho4w6"),
    ],
)
def test_an_unsafe_value_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} is unsafe: "):
        production(monkeypatch, **{name: value})


# What cannot be read as what it is, with a word in it that no message repeats.
ILLEGIBLE = {
    "flag": ["maybe-hush", "2"],
    "number": ["ten-hush", "-3", "1.5", "１４"],
    "pairs": ["hush", "card=", "=hush", "card=bank,hush"],
    "amounts": ["hush", "card=hush", "card=-5", "card=1.5"],
    "url": [
        "scheme://host:hush/0",
        "scheme://me:hu/sh@host/0",
        "scheme://me:hu#sh@host/0",
        "scheme://me:hu?sh@host/0",
        "a://[hush",
        "scheme://me:hu;sh@host/0",
        "scheme://me:word@host/0;scheme://me:hu/sh@host/0",
    ],
}
WRONG = [(name, value) for name, reader in sorted(set(variables())) for value in ILLEGIBLE.get(reader, [])]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_cannot_be_read_is_named_and_not_shown(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} cannot be read: ") as refusal:
        production(monkeypatch, **{**DEMONSTRATION, name: value})
    assert "hu" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "portal"),
        ("DATABASE_URL", "mysql://portal@host/portal"),
        ("EMAIL_URL", "mail.example"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_is_unknown_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} cannot be read: "):
        production(monkeypatch, **{name: value})


def test_variables_are_read_in_one_place() -> None:
    """By `env`, whose readers name what is wrong; none is left to fail without its name."""
    assert {"flag", "number", "pairs", "amounts", "url", "names", "text"} == {reader for _name, reader in variables()}
    sources = {path.name: path.read_text(encoding="utf-8") for path in Path("portal/settings").glob("*.py")}
    assert [name for name, source in sources.items() if "os.environ" in source or "getenv" in source] == ["environment.py"]


@pytest.mark.parametrize(
    ("name", "value", "setting", "expected"),
    [
        ("ALLOWED_HOSTS", " portal.example , www.portal.example,", "ALLOWED_HOSTS", ["portal.example", "www.portal.example"]),
        ("BASE_URL", " https://portal.example ", "BASE_URL", "https://portal.example"),
        ("CELERY_BROKER_URL", TWO_BROKERS, "CELERY_BROKER_URL", TWO_BROKERS),
        ("SECRET_KEY", "$" + SAFE["SECRET_KEY"], "SECRET_KEY", "$" + SAFE["SECRET_KEY"]),
        ("DOCUMENT_SAMPLE", "", "DOCUMENT_SAMPLE", True),
        ("DOCUMENT_SAMPLE", " Off ", "DOCUMENT_SAMPLE", False),
        ("PAYMENT_DEADLINE_DAYS", "", "PAYMENT_DEADLINE_DAYS", 14),
        ("PAYMENT_METHODS", " card = bank , ", "PAYMENT_METHODS", {"card": "bank"}),
        ("HANDLING_FEES", "card=0, egov_account=10", "HANDLING_FEES", {"card": 0, "egov_account": 10}),
        ("VIRTUAL_ACCOUNT_SCHEME", "", "VIRTUAL_ACCOUNT_SCHEME", "portal.payments.slips.bank_of_taiwan.account"),
    ],
)
def test_what_is_read(name: str, value: str, setting: str, expected: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert getattr(production(monkeypatch, **{name: value}), setting) == expected


@pytest.mark.parametrize("folder", ["job@2", "day #1", "what?", "50%41"])
def test_the_folder_of_data_may_have_any_name(folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path / folder))
    settings = importlib.import_module("portal.settings.base")
    assert settings.DATABASES["default"]["NAME"] == str(tmp_path / folder / "portal.sqlite3")


def test_a_password_may_have_any_character(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production(
        monkeypatch,
        DATABASE_URL="postgres://portal:p%40ss%2Fw%23rd%25+@db.example:5433/portal?sslmode=require",
        EMAIL_URL="smtp+tls://me:p%40ss%2Fw%23rd%25+@mail.example:587",
    )
    database = settings.DATABASES["default"]
    assert (database["PASSWORD"], database["HOST"], database["PORT"]) == ("p@ss/w#rd%+", "db.example", 5433)
    assert (settings.EMAIL_HOST_PASSWORD, settings.EMAIL_HOST) == ("p@ss/w#rd%+", "mail.example")


OWN_ECPAY = {"ECPAY_MERCHANT_ID": "3900001", "ECPAY_HASH_KEY": "k1", "ECPAY_HASH_IV": "v1", "PAYMENT_METHODS": "card=ecpay"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ECPAY_HASH_IV": "EkRm7iFT261dpevs"}, "ECPAY_HASH_KEY is unsafe: ECPay has published it"),
        ({"ECPAY_MERCHANT_ID": ""}, "ECPAY_HASH_KEY is unsafe: ecpay carries payments"),
        ({"ECPAY_HASH_KEY": ""}, "ECPAY_HASH_KEY is unsafe: ecpay carries payments"),
        (
            {"ECPAY_HASH_KEY": "", "PAYMENT_METHODS": "card=portal.payments.gateways.ecpay"},
            "ECPAY_HASH_KEY is unsafe: ecpay carries payments",
        ),
        ({"ECPAY_HASH_IV": ""}, "ECPAY_HASH_KEY is unsafe: ecpay carries payments"),
        ({"ECPAY_STAGE": "on"}, "ECPAY_STAGE is unsafe: no money moves there"),
        ({"ECPAY_URL": "https://elsewhere.example"}, "ECPAY_URL is unsafe: no money moves there"),
    ],
    ids=str,
)
def test_88_ecpay_without_keys_of_ones_own_is_refused(changes: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{why}"):
        production(monkeypatch, **OWN_ECPAY | changes)


def test_88_ecpay_with_keys_of_ones_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production(monkeypatch, **OWN_ECPAY, ECPAY_PAYMENTS="card=Credit,store=CVS")
    assert (settings.ECPAY_MERCHANT_ID, settings.ECPAY_URL) == ("3900001", "")
    assert settings.ECPAY_PAYMENTS == {"card": "Credit", "store": "CVS"}


def test_no_proxy_is_said_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert production(monkeypatch, TRUSTED_PROXIES="0").TRUSTED_PROXIES == 0


def test_plain_http_is_for_demonstrations_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="BASE_URL is unsafe"):
        production(monkeypatch, PLAIN_HTTP="1", BASE_URL="http://localhost:8000")


def test_a_demonstration_on_real_parts_may_speak_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production(
        monkeypatch, **DEMONSTRATION, PLAIN_HTTP="1", BASE_URL="http://localhost:8000", EMAIL_URL="dummymail://"
    )
    assert "portal.sandbank" in settings.INSTALLED_APPS
    assert settings.SESSION_COOKIE_SECURE is False


def test_a_demonstration_needs_the_banks_keys_and_repeats_its_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"environment variables: SANDBANK_KEYS$"):
        production(monkeypatch, DEMO="1")
    settings = production(monkeypatch, **DEMONSTRATION, PAYMENT_METHODS="card=sandbank")
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "portal.sandbank.tasks.dispatch_due" in tasks


def test_an_agency_names_the_gateway_of_each_method_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert production(monkeypatch).PAYMENT_METHODS == {"card": "bank"}


def test_no_method_at_all_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert production(monkeypatch, PAYMENT_METHODS="").PAYMENT_METHODS == {}


def test_an_agency_that_names_no_method_is_notified(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=r"^PAYMENT_METHODS is unsafe: the sandbank moves no money"):
        importlib.import_module("portal.settings.production")
