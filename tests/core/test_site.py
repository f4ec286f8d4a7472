"""Each thing that a site must set itself is named by a check, with a hint; our own settings pass them all."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from celery.schedules import crontab
from django.conf import global_settings
from django.conf import settings as ours
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from portal.core.files import PrivateFileSystemStorage
from portal.core.site import checks, defaults
from portal.settings import addon

CACHE = "django.core.cache.backends"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
LOCALE = "django.middleware.locale.LocaleMiddleware"
NO_PROCESSORS = [{**ours.TEMPLATES[0], "OPTIONS": {"context_processors": addon.PORTAL_CONTEXT_PROCESSORS[:-1]}}]
PUBLIC = {**ours.STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.sqlite3"}}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"AUTH_USER_MODEL": "auth.User"}, "portal.E010", "the portal's accounts are portal_accounts.User, not auth.User"),
    ({"INSTALLED_APPS": ours.INSTALLED_APPS[1:]}, "portal.E012", "INSTALLED_APPS lacks portal.core"),
    ({"INSTALLED_APPS": [*ours.INSTALLED_APPS[1:], "portal.core"]}, "portal.E013", "in another order"),
    ({"INSTALLED_APPS": [*ours.INSTALLED_APPS, "django.contrib.admin"]}, "portal.E014", "asks for no second factor"),
    ({"MIDDLEWARE": ours.MIDDLEWARE[1:]}, "portal.E015", f"MIDDLEWARE lacks {addon.PORTAL_MIDDLEWARE[0]}"),
    ({"MIDDLEWARE": ours.MIDDLEWARE[::-1]}, "portal.E016", "MIDDLEWARE has the portal's in another order"),
    ({"MIDDLEWARE": [*ours.MIDDLEWARE, LOCALE]}, "portal.E017", "the address alone says the language"),
    ({"AUTHENTICATION_BACKENDS": [MODEL_BACKEND]}, "portal.E018", "lacks portal.accounts.backends.StudentBackend"),
    ({"AUTHENTICATION_BACKENDS": [*ours.AUTHENTICATION_BACKENDS, MODEL_BACKEND]}, "portal.E018", "has Django's ModelBackend"),
    ({"TEMPLATES": NO_PROCESSORS}, "portal.E019", "lacks the context processors portal.core.context_processors.portal"),
    ({"PRIVATE_ROOT": ""}, "portal.E020", "PRIVATE_ROOT is not set"),
    ({"PRIVATE_ROOT": f"{ours.MEDIA_ROOT}/private"}, "portal.E021", "which the web server shows"),
    *(({"ACCEL_REDIRECT_PREFIX": prefix}, "portal.E028", f"is '{prefix}'") for prefix in ("private", "/private", "private/")),
    ({"STORAGES": PUBLIC}, "portal.W020", "STORAGES['default'] is public"),
    ({"CACHES": {"default": ours.CACHES["default"]}}, "portal.E022", "CACHES lacks pages"),
    (
        {"CACHES": {**ours.CACHES, "default": {"BACKEND": f"{CACHE}.locmem.LocMemCache"}}},
        "portal.W022",
        "each process has a default",
    ),
    ({"ROOT_URLCONF": "tests.bench.bare.urls"}, "portal.E023", "tests.bench.bare.urls lacks the addresses of portal.urls"),
    ({"ROOT_URLCONF": "tests.core.moved_urls"}, "portal.E024", "the admin is at /cms/"),
    ({"BASE_URL": ""}, "portal.E025", "neither BASE_URL nor WAGTAILADMIN_BASE_URL is set"),
    *(
        ({"BASE_URL": url}, "portal.E027", f"BASE_URL is '{url}': addresses behind it would not be found")
        for url in ("https://a.example/", "https://a.example/b", "https://A.example", "https://a.example:443", "a.example", "//a")
    ),
    ({"PAYMENT_METHODS": {}}, "portal.I021", "what is approved cannot be paid"),
    *(
        ({"CELERY_BEAT_SCHEDULE": {"at night": entry}}, "portal.E029", "CELERY_BEAT_SCHEDULE['at night'] says ")
        for entry in ({"task": "t", "schedule": crontab(hour=3)}, {"task": "t", "schedule": timedelta(hours=1)}, {"task": "t"})
    ),
    ({"DATABASES": SQLITE}, "portal.E026", "SQLite begins transactions without a lock"),
]
CHECKS = [check for check in vars(checks).values() if hasattr(check, "tags")]


def say(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> list[CheckMessage]:
    """What all checks of this module say with these settings."""
    for name, value in changes.items():
        monkeypatch.setattr(ours, name, value)
    return [message for check in CHECKS for message in check(app_configs=None)]


def test_our_own_settings_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(CHECKS) == 13
    assert say(monkeypatch) == []


@pytest.mark.parametrize(("changes", "number", "words"), WRONG, ids=[f"{next(iter(row[0]))}-{row[1]}" for row in WRONG])
def test_what_is_wrong_is_named(changes: dict[str, Any], number: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [message] = say(monkeypatch, **changes)
    assert (message.id, bool(message.hint)) == (number, True)
    assert words in message.msg


@pytest.mark.parametrize("name", checks.EXACT)
def test_a_setting_that_must_be_ours_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [message] = say(monkeypatch, **{name: "another"})
    assert message.id == "portal.E011"
    assert message.msg.startswith(f"{name} is 'another', but ")


def test_every_setting_that_we_read_has_a_default() -> None:
    """Django's, the addon's, or ours: no line of the portal meets a setting that a site has not heard of."""
    site = SimpleNamespace(STORAGES={}, WAGTAILADMIN_BASE_URL="https://site.example")
    defaults.fill_in(site)
    known = {*vars(site), *vars(addon), *dir(global_settings), "ROOT_URLCONF"}
    files = [path for path in (ours.ROOT / "portal").rglob("*.py") if "settings" not in path.parts]
    read = {name for path in files for name in re.findall(r"\bsettings\.([A-Z][A-Z_]+)", path.read_text())}
    assert len(read) > 40
    assert read - known == set()


def test_a_site_keeps_what_it_says() -> None:
    site = SimpleNamespace(
        STORAGES={"private": {"BACKEND": "its.own"}},
        PRIVATE_ROOT="/srv/private",
        BASE_URL="https://portal.example",
        PAYMENT_DEADLINE_DAYS=30,
    )
    defaults.fill_in(site)
    assert (site.PAYMENT_DEADLINE_DAYS, site.STORAGES["private"]) == (30, {"BACKEND": "its.own"})
    assert (site.SANDBANK_URL, site.UPLOAD_LOCKS) == ("https://portal.example/sandbank", "/srv/private/.uploads.lock")
    assert site.STORAGES["renditions"] == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_private_files_without_a_place_are_written_nowhere() -> None:
    with pytest.raises(ImproperlyConfigured, match="PRIVATE_ROOT is not set"):
        PrivateFileSystemStorage("").save("photo.jpg", ContentFile(b"photo"))
