"""System checks: what a site that installs the portal must have set itself, named one by one (docs/install-into-a-site.md).

What is asked for stands in portal.settings.addon, which our own settings take whole.
"""

import reprlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Info as CheckInfo
from django.core.checks import Warning as CheckWarning
from django.urls import NoReverseMatch, reverse

from portal.settings import addon

from . import origins
from .defaults import private_storages

PAGE: Final = "docs/install-into-a-site.md"
# With another value of these the portal is wrong or open: the setting, and what depends on it.
EXACT: Final = {
    "SESSION_ENGINE": "sessions know whose they are and end with the account",
    "LANGUAGE_CODE": "every string and page has 正體中文 for its source",
    "LANGUAGES": "words of laws and pages are kept in exactly these",
    "USE_I18N": "the address says the language",
    "USE_TZ": "deadlines are counted by the bank's and the office's time",
    "TIME_ZONE": "days of the law are days of Taipei",
    "FORMAT_MODULE_PATH": "amounts are grouped as bills print them",
    "CSRF_FAILURE_VIEW": "a form that was open too long is explained",
    "LOGIN_URL": "who is not logged in begins at the entry page",
    "DATA_UPLOAD_MAX_NUMBER_FILES": "a form has so many files at most",
    "CAPTCHA_LENGTH": "the pictures are drawn for it",
    "CAPTCHA_TIMEOUT": "used ones are forgotten after it",
    "CAPTCHA_IMAGE_SIZE": "the pages are laid out for it",
    "OTP_TOTP_THROTTLE_FACTOR": "the portal counts wrong codes itself",
    "OTP_STATIC_THROTTLE_FACTOR": "the portal counts wrong codes itself",
    "WAGTAIL_I18N_ENABLED": "pages are kept in three languages",
    "WAGTAIL_PASSWORD_RESET_ENABLED": "Wagtail's would serve students too, past the outbox and the captcha",
    "WAGTAILADMIN_USER_LOGIN_FORM": "staff are counted and slowed down when they log in",
    "WAGTAILIMAGES_IMAGE_FORM_BASE": "pictures are decoded in the sandbox",
    "WAGTAILIMAGES_EXTENSIONS": "an SVG can hold a script",
    "WAGTAILIMAGES_RENDITION_STORAGE": "drawn pictures are the only public files",
    "WAGTAILDOCS_DOCUMENT_FORM_BASE": "documents are screened",
    "WAGTAILDOCS_EXTENSIONS": "documents are PDF",
}
_UNSET: Final = object()


@register()
def user_model_is_ours(**kwargs: Any) -> list[CheckMessage]:
    """Accounts have categories, papers and log-ins of their own; another model of users has not."""
    if settings.AUTH_USER_MODEL == addon.AUTH_USER_MODEL:
        return []
    hint = (
        f'Say AUTH_USER_MODEL = "{addon.AUTH_USER_MODEL}" before the first migrate. A site whose accounts are kept in another '
        "model cannot take the portal in: give the portal a project and a database of its own beside it."
    )
    return [
        Error(f"the portal's accounts are {addon.AUTH_USER_MODEL}, not {settings.AUTH_USER_MODEL}", hint=hint, id="portal.E010")
    ]


@register()
def settings_are_said(**kwargs: Any) -> list[CheckMessage]:
    """Each setting of Django's, Wagtail's and the libraries' that the portal cannot do without."""
    return [
        Error(
            f"{name} is {'not set' if found is _UNSET else reprlib.repr(found)}, but {why}",
            hint=f"from portal.settings.addon import *, or {name} = {getattr(addon, name)!r}",
            id="portal.E011",
        )
        for name, why in EXACT.items()
        if (found := getattr(settings, name, _UNSET)) != getattr(addon, name)
    ]


@register()
def apps_are_installed(**kwargs: Any) -> list[CheckMessage]:
    """All of them, ours first: Django takes the first template of a name."""
    apps = list(settings.INSTALLED_APPS)
    found: list[CheckMessage] = []
    if missing := [app for app in addon.PORTAL_APPS if app not in apps]:
        found.append(_error("E012", f"INSTALLED_APPS lacks {', '.join(missing)}", "INSTALLED_APPS = portal_apps(INSTALLED_APPS)"))
    elif _out_of_order(apps, addon.PORTAL_APPS):
        hint = "INSTALLED_APPS = portal_apps(INSTALLED_APPS)"
        found.append(_error("E013", "INSTALLED_APPS has the portal's apps in another order: templates would be hidden", hint))
    if "django.contrib.admin" in apps:
        why = "django.contrib.admin asks for no second factor and writes past the portal's operations"
        found.append(_error("E014", why, "take it out of INSTALLED_APPS and its address out of the urls"))
    return found


@register(Tags.security)
def middleware_is_in_order(**kwargs: Any) -> list[CheckMessage]:
    """Safety depends on the order: headers outside of all, limits before a body is read, the second factor before views."""
    middleware = list(settings.MIDDLEWARE)
    hint = "MIDDLEWARE = portal_middleware(MIDDLEWARE)"
    if missing := [each for each in addon.PORTAL_MIDDLEWARE if each not in middleware]:
        return [_error("E015", f"MIDDLEWARE lacks {', '.join(missing)}", hint)]
    if _out_of_order(middleware, addon.PORTAL_MIDDLEWARE):
        return [_error("E016", "MIDDLEWARE has the portal's in another order", hint)]
    if "django.middleware.locale.LocaleMiddleware" in middleware:
        why = "LocaleMiddleware listens to cookies, but the address alone says the language"
        return [_error("E017", why, "take it out of MIDDLEWARE")]
    return []


@register(Tags.security)
def backends_are_guarded(**kwargs: Any) -> list[CheckMessage]:
    """Students and staff log in by backends of their own, which are counted; Django's is not."""
    backends = list(settings.AUTHENTICATION_BACKENDS)
    missing = [each for each in addon.AUTHENTICATION_BACKENDS if each not in backends]
    if not missing and "django.contrib.auth.backends.ModelBackend" not in backends:
        return []
    why = f"lacks {', '.join(missing)}" if missing else "has Django's ModelBackend, which lets students in where staff log in"
    return [_error("E018", f"AUTHENTICATION_BACKENDS {why}", f"AUTHENTICATION_BACKENDS = {addon.AUTHENTICATION_BACKENDS}")]


@register()
def templates_know_the_portal(**kwargs: Any) -> list[CheckMessage]:
    """The first engine draws our pages."""
    engine: dict[str, Any] = settings.TEMPLATES[0] if settings.TEMPLATES else {}
    processors = engine.get("OPTIONS", {}).get("context_processors", [])
    missing = [each for each in addon.PORTAL_CONTEXT_PROCESSORS if each not in processors]
    if not missing:
        return []
    return [
        _error("E019", f"TEMPLATES lacks the context processors {', '.join(missing)}", "add PORTAL_CONTEXT_PROCESSORS to them")
    ]


@register(Tags.security)
def files_are_kept_apart(**kwargs: Any) -> list[CheckMessage]:
    """Applicants' files have a place, and no address."""
    if not settings.PRIVATE_ROOT:
        return [
            _error("E020", "PRIVATE_ROOT is not set: applicants' files have no place", 'PRIVATE_ROOT = "/srv/portal/private"')
        ]
    private = Path(settings.PRIVATE_ROOT).resolve()
    for public in filter(None, (settings.MEDIA_ROOT, settings.STATIC_ROOT)):
        if private.is_relative_to(Path(public).resolve()):
            return [_error("E021", f"PRIVATE_ROOT lies in {public}, which the web server shows", "choose a folder of its own")]
    prefix = settings.ACCEL_REDIRECT_PREFIX
    if prefix and not (len(prefix) > 2 and prefix.startswith("/") and prefix.endswith("/")):
        why = f"ACCEL_REDIRECT_PREFIX is {prefix!r}: the web server would look for private files somewhere else"
        return [_error("E028", why, "it begins and ends with /, as /private/ in deploy/nginx")]
    if settings.STORAGES["default"]["BACKEND"] != private_storages("")["default"]["BACKEND"]:
        hint = "STORAGES = {**STORAGES, **private_storages(PRIVATE_ROOT)}"
        why = "STORAGES['default'] is public: originals of pictures and documents that were unpublished stay open"
        return [CheckWarning(why, hint=hint, id="portal.W020")]
    return []


@register()
def pages_have_a_cache(**kwargs: Any) -> list[CheckMessage]:
    """All processes must see that something was published, and what another one is at."""
    found: list[CheckMessage] = []
    if "pages" not in settings.CACHES:
        hint = "a cache that all processes see, such as Redis or a folder (FileBasedCache)"
        found.append(_error("E022", "CACHES lacks pages, by which processes tell each other that something was published", hint))
    if settings.CACHES["default"]["BACKEND"].endswith(".LocMemCache"):
        why = "each process has a default cache of its own: a form that is sent twice is taken for two"
        found.append(CheckWarning(why, hint="Redis, or DatabaseCache and createcachetable", id="portal.W022"))
    return found


@register()
def addresses_are_there(**kwargs: Any) -> list[CheckMessage]:
    """The portal's addresses stand at the root: its guards go by them."""
    hint = "urlpatterns = [..., *portal_urls], with from portal.urls import urlpatterns as portal_urls, in the ROOT_URLCONF"
    try:
        found = reverse("wagtailadmin_home"), reverse("core:healthz")
    except NoReverseMatch:
        return [_error("E023", f"{settings.ROOT_URLCONF} lacks the addresses of portal.urls", hint)]
    if found != ("/admin/", "/healthz/"):
        return [_error("E024", f"the admin is at {found[0]}, but the second factor and the limits guard /admin/", hint)]
    return []


@register()
def site_has_an_address(**kwargs: Any) -> list[CheckMessage]:
    """Emails and printed codes lead to it."""
    if settings.BASE_URL:
        why = f"BASE_URL is {settings.BASE_URL!r}: addresses behind it would not be found"
        return [] if origins.is_origin(settings.BASE_URL) else [_error("E027", why, origins.HOW)]
    hint = 'WAGTAILADMIN_BASE_URL = "https://portal.example", or BASE_URL where they differ'
    return [_error("E025", "neither BASE_URL nor WAGTAILADMIN_BASE_URL is set: emails would lead nowhere", hint)]


@register()
def something_can_be_paid(**kwargs: Any) -> list[CheckMessage]:
    """Which gateway carries which method only the agency knows."""
    if settings.PAYMENT_METHODS:
        return []
    hint = f"a gateway for each method of payment: docs/adr/0004-method-and-gateway.md ({PAGE})"
    return [CheckInfo("PAYMENT_METHODS is empty: what is approved cannot be paid", hint=hint, id="portal.I021")]


@register()
def sqlite_waits(**kwargs: Any) -> list[CheckMessage]:
    """Two writers queue up instead of failing half-way."""
    database = settings.DATABASES["default"]
    if "sqlite3" not in database["ENGINE"] or database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE":
        return []
    hint = 'DATABASES["default"]["OPTIONS"] = PORTAL_SQLITE_OPTIONS'
    return [_error("E026", "SQLite begins transactions without a lock: two people who send at once may fail", hint)]


@register()
def schedule_counts_in_seconds(**kwargs: Any) -> list[CheckMessage]:
    """A task of the site's own among the portal's: run_schedule and 系統狀態 reckon with seconds, and know no crontab."""
    hint = '"schedule": 3600, so many seconds between two starts'
    return [
        _error("E029", f"CELERY_BEAT_SCHEDULE[{name!r}] says {entry.get('schedule')!r}, not a number of seconds", hint)
        for name, entry in getattr(settings, "CELERY_BEAT_SCHEDULE", {}).items()
        if not isinstance(entry.get("schedule"), int | float) or entry["schedule"] <= 0
    ]


def _out_of_order(found: Sequence[str], wanted: Iterable[str]) -> bool:
    places = [found.index(each) for each in wanted]
    return places != sorted(places)


def _error(number: str, text: str, hint: str) -> Error:
    return Error(text, hint=f"{hint} ({PAGE})", id=f"portal.{number}")
