"""Settings that hold everywhere. What differs between machines comes from the environment only."""

import re
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

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

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.str("PORTAL_VAR", default=str(ROOT / "var")))

INSTALLED_APPS = [*PORTAL_APPS]

# Announced, not open: a demonstration shows how another category of students comes by adding a folder.
DEMO_BAND, DEMO_SHOWN_CODE = "portal/demo/band.html", "portal.demo.second_factor.code_of"
DEMO_APPS = ["portal.hk_macau_student", "portal.demo", "portal.sandbank"]
MIDDLEWARE = [*PORTAL_MIDDLEWARE]
if env.bool("QUERY_COUNT", default=False):
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

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = PORTAL_SQLITE_OPTIONS
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
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
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=PAGE_CACHE_SECONDS)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=STAFF_SECOND_FACTOR)
LOCALE_PATHS = [ROOT / "locale"]
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR / "static"))
# An installed wheel has no such folders: they are portal.core's there (setup.py).
STATICFILES_DIRS = [folder for folder in [ROOT / "static"] if folder.is_dir()]
MEDIA_URL = "media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR / "media"))
# Applicants' files and issued documents: never under MEDIA_ROOT, never served by address.
PRIVATE_ROOT = env.str("PRIVATE_ROOT", default=str(VAR / "private"))
STORAGES: dict[str, Any] = {
    **private_storages(PRIVATE_ROOT),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_SANDBOX = env.bool("UPLOAD_SANDBOX", default=UPLOAD_SANDBOX)
# The file whose locks say who decodes now, for all processes of this machine.
UPLOAD_LOCKS = env.str("UPLOAD_LOCKS", default=str(Path(PRIVATE_ROOT) / ".uploads.lock"))
_proxies = env.str("TRUSTED_PROXIES", default="").strip() or "0"
if not re.fullmatch("[0-9]", _proxies):
    raise ImproperlyConfigured("TRUSTED_PROXIES is unsafe: say how many proxies of your own stand before the portal, 0 to 9")
TRUSTED_PROXIES = int(_proxies)
ACCEL_REDIRECT_PREFIX = env.str("ACCEL_REDIRECT_PREFIX", default=ACCEL_REDIRECT_PREFIX)
DOCUMENT_SIGNER = env.str("DOCUMENT_SIGNER", default=DOCUMENT_SIGNER)
DOCUMENT_SIGNERS_BEFORE = env.str("DOCUMENT_SIGNERS_BEFORE", default=DOCUMENT_SIGNERS_BEFORE)
DOCUMENT_TIMESTAMP_URL = env.str("DOCUMENT_TIMESTAMP_URL", default=DOCUMENT_TIMESTAMP_URL)
DOCUMENT_SAMPLE = env.bool("DOCUMENT_SAMPLE", default=DOCUMENT_SAMPLE)
BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
EMAIL_CONFIG = env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@portal.example")
EMAIL_TIMEOUT = 10

# Without a broker documents are made in-process, after commit; emails are left to the schedule, for a mail server may be slow.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="memory://localhost/")
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL.startswith("memory:")
CELERY_BEAT_SCHEDULE = beat_schedule(broker=not CELERY_TASK_ALWAYS_EAGER)
# Besides, where DEMO is on.
DEMO_SCHEDULE: dict[str, dict[str, Any]] = {
    "let the bank repeat its notices": {"task": "portal.sandbank.tasks.dispatch_due", "schedule": 5},
}

RECORDS_SOURCE = env.str("RECORDS_SOURCE", default=RECORDS_SOURCE)
RECORDS_URL = env.str("RECORDS_URL", default="")
RECORDS_TOKEN = env.str("RECORDS_TOKEN", default="")
PAYMENT_DEADLINE_DAYS = env.int("PAYMENT_DEADLINE_DAYS", default=PAYMENT_DEADLINE_DAYS)
SERIAL_START = env.int("SERIAL_START", default=SERIAL_START)
_FIVE = ("card", "web_atm", "virtual_account", "egov", "store")
PAYMENT_METHODS = env.dict("PAYMENT_METHODS", default=dict.fromkeys(_FIVE, "sandbank"))
HANDLING_FEES = {name: int(fee) for name, fee in env.dict("HANDLING_FEES", default={}).items()}
VIRTUAL_ACCOUNT_SCHEME = env.str("VIRTUAL_ACCOUNT_SCHEME", default=VIRTUAL_ACCOUNT_SCHEME)
COLLECTION_CODE = env.str("COLLECTION_CODE", default=COLLECTION_CODE)
STORE_ITEM_CODE = env.str("STORE_ITEM_CODE", default=STORE_ITEM_CODE)
SANDBANK_URL = env.str("SANDBANK_URL", default=f"{BASE_URL}/sandbank")
SANDBANK_KEYS = env.dict("SANDBANK_KEYS", default={})
ECPAY_MERCHANT_ID = env.str("ECPAY_MERCHANT_ID", default=ECPAY_MERCHANT_ID)
ECPAY_HASH_KEY = env.str("ECPAY_HASH_KEY", default=ECPAY_HASH_KEY)
ECPAY_HASH_IV = env.str("ECPAY_HASH_IV", default=ECPAY_HASH_IV)
ECPAY_STAGE = env.bool("ECPAY_STAGE", default=ECPAY_STAGE)
ECPAY_URL = env.str("ECPAY_URL", default=ECPAY_URL)
ECPAY_PAYMENTS = env.dict("ECPAY_PAYMENTS", default=ECPAY_PAYMENTS)

WAGTAIL_SITE_NAME = "學生線上申辦系統"
WAGTAILADMIN_BASE_URL = BASE_URL
# Also where a form is redirected to: the banks.
_form_action = [*CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"], *env.list("PAYMENT_ORIGINS", default=[])]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**CONTENT_SECURITY_POLICY["DIRECTIVES"], "form-action": _form_action}}
LOGGING = {**LOGGING, "root": {**LOGGING["root"], "level": env.str("LOG_LEVEL", default="INFO")}}
