"""Settings that hold everywhere. What differs between machines comes from the environment only."""

import logging
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from portal.core.site.defaults import *  # noqa: F403

from .addon import *  # noqa: F403
from .addon import (
    CONTENT_SECURITY_POLICY,
    LOGGING,
    PORTAL_APPS,
    PORTAL_CONTEXT_PROCESSORS,
    PORTAL_MIDDLEWARE,
    PORTAL_SQLITE_OPTIONS,
    beat_schedule,
    private_storages,
)
from .environment import Environment, unreadable

env = Environment()
ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.text("PORTAL_VAR", str(ROOT / "var")))

INSTALLED_APPS = [*PORTAL_APPS]

# Announced, not open: a demonstration shows how another category of students comes by adding a folder.
DEMO_BAND, DEMO_SHOWN_CODE = "portal/demo/band.html", "portal.demo.second_factor.code_of"
DEMO_APPS = ["portal.hk_macau_student", "portal.demo", "portal.sandbank"]
MIDDLEWARE = [*PORTAL_MIDDLEWARE]
if env.flag("QUERY_COUNT", default=False):
    MIDDLEWARE.insert(0, "portal.core.middleware.QueryCountMiddleware")
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PORTAL_CONTEXT_PROCESSORS},
    },
]
# Fields and error lists are drawn by templates/django/forms/, those of the admin's own forms too.
FORM_RENDERER = "portal.fields.rendering.FormRenderer"

_database = env.url("DATABASE_URL", schemes=("postgres", "postgresql", "sqlite"))
# The path of our own file is no address: whatever its folders are called, it stands as it is.
_file = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR / "portal.sqlite3")}
DATABASES: dict[str, Any] = {"default": Env.db_url_config(_database) if _database else _file}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = PORTAL_SQLITE_OPTIONS
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.url("REDIS_URL")
# A server that does not answer holds up a page for so many seconds.
_REDIS_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 2}
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "portal.core.site.caches.ForgivingRedisCache", "LOCATION": REDIS_URL, "OPTIONS": _REDIS_OPTIONS}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Which generation of the pages is the current one (cms.page_cache). A file, where there is no Redis: all processes see it.
    "pages": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "pages",
        "OPTIONS": _REDIS_OPTIONS,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR / "pages")},
}
PAGE_CACHE_SECONDS = env.number("PAGE_CACHE_SECONDS", default=PAGE_CACHE_SECONDS)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=STAFF_SECOND_FACTOR)
LOCALE_PATHS = [ROOT / "locale"]
STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR / "static"))
# An installed wheel has no such folders: they are portal.core's there (setup.py).
STATICFILES_DIRS = [folder for folder in [ROOT / "static"] if folder.is_dir()]
MEDIA_URL = "media/"
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR / "media"))
# Applicants' files and issued documents: never under MEDIA_ROOT, never served by address.
PRIVATE_ROOT = env.text("PRIVATE_ROOT", str(VAR / "private"))
STORAGES: dict[str, Any] = {
    **private_storages(PRIVATE_ROOT),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_SANDBOX = env.flag("UPLOAD_SANDBOX", default=UPLOAD_SANDBOX)
# The file whose locks say who decodes now, for all processes of this machine.
UPLOAD_LOCKS = env.text("UPLOAD_LOCKS", str(Path(PRIVATE_ROOT) / ".uploads.lock"))
_proxies = env.text("TRUSTED_PROXIES", "0")
if not re.fullmatch("[0-9]", _proxies):
    raise ImproperlyConfigured("TRUSTED_PROXIES is unsafe: say how many proxies of your own stand before the portal, 0 to 9")
TRUSTED_PROXIES = int(_proxies)
ACCEL_REDIRECT_PREFIX = env.text("ACCEL_REDIRECT_PREFIX", ACCEL_REDIRECT_PREFIX)
DOCUMENT_SIGNER = env.text("DOCUMENT_SIGNER", DOCUMENT_SIGNER)
DOCUMENT_SIGNERS_BEFORE = env.text("DOCUMENT_SIGNERS_BEFORE", DOCUMENT_SIGNERS_BEFORE)
DOCUMENT_TIMESTAMP_URL = env.text("DOCUMENT_TIMESTAMP_URL", DOCUMENT_TIMESTAMP_URL)
DOCUMENT_SAMPLE = env.flag("DOCUMENT_SAMPLE", default=DOCUMENT_SAMPLE)
BASE_URL = env.text("BASE_URL", "http://localhost:8000")
EMAIL_CONFIG = Env.email_url_config(env.url("EMAIL_URL", schemes=Env.EMAIL_SCHEMES, default="consolemail://"))
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "noreply@portal.example")
EMAIL_TIMEOUT = 10

# Without a broker documents are made in-process, after commit; emails are left to the schedule, for a mail server may be slow.
CELERY_BROKER_URL = env.url("CELERY_BROKER_URL", default="memory://localhost/")
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL.startswith("memory:")
CELERY_BEAT_SCHEDULE = beat_schedule(broker=not CELERY_TASK_ALWAYS_EAGER)
# Besides, where DEMO is on.
DEMO_SCHEDULE: dict[str, dict[str, Any]] = {
    "let the bank repeat its notices": {"task": "portal.sandbank.tasks.dispatch_due", "schedule": 5},
}

RECORDS_SOURCE = env.text("RECORDS_SOURCE", RECORDS_SOURCE)
RECORDS_URL = env.text("RECORDS_URL")
RECORDS_TOKEN = env.text("RECORDS_TOKEN")
PAYMENT_DEADLINE_DAYS = env.number("PAYMENT_DEADLINE_DAYS", default=PAYMENT_DEADLINE_DAYS)
SERIAL_START = env.number("SERIAL_START", default=SERIAL_START)
_FIVE = ("card", "web_atm", "virtual_account", "egov", "store")
PAYMENT_METHODS = env.pairs("PAYMENT_METHODS", default=dict.fromkeys(_FIVE, "sandbank"))
HANDLING_FEES = env.amounts("HANDLING_FEES")
VIRTUAL_ACCOUNT_SCHEME = env.text("VIRTUAL_ACCOUNT_SCHEME", VIRTUAL_ACCOUNT_SCHEME)
COLLECTION_CODE = env.text("COLLECTION_CODE", COLLECTION_CODE)
STORE_ITEM_CODE = env.text("STORE_ITEM_CODE", STORE_ITEM_CODE)
SANDBANK_URL = env.text("SANDBANK_URL", f"{BASE_URL}/sandbank")
SANDBANK_KEYS = env.pairs("SANDBANK_KEYS", default={})
ECPAY_MERCHANT_ID = env.text("ECPAY_MERCHANT_ID", ECPAY_MERCHANT_ID)
ECPAY_HASH_KEY = env.text("ECPAY_HASH_KEY", ECPAY_HASH_KEY)
ECPAY_HASH_IV = env.text("ECPAY_HASH_IV", ECPAY_HASH_IV)
ECPAY_STAGE = env.flag("ECPAY_STAGE", default=ECPAY_STAGE)
ECPAY_URL = env.text("ECPAY_URL", ECPAY_URL)
ECPAY_PAYMENTS = env.pairs("ECPAY_PAYMENTS", default=ECPAY_PAYMENTS)

WAGTAIL_SITE_NAME = "學生線上申辦系統"
WAGTAILADMIN_BASE_URL = BASE_URL
# Also where a form is redirected to: the banks.
_form_action = [*CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"], *env.names("PAYMENT_ORIGINS")]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**CONTENT_SECURITY_POLICY["DIRECTIVES"], "form-action": _form_action}}
_level = env.text("LOG_LEVEL", "INFO").upper()
if _level not in logging.getLevelNamesMapping():
    raise unreadable("LOG_LEVEL", "say DEBUG, INFO, WARNING or ERROR")
LOGGING = {**LOGGING, "root": {**LOGGING["root"], "level": _level}}
