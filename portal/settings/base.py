"""Settings that hold everywhere. What differs between machines comes from the environment only."""

import re
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.str("PORTAL_VAR", default=str(ROOT / "var")))

# What is ours, from the ground up; the direction of imports is in pyproject.toml (import-linter).
OUR_APPS = [
    "portal.core",
    "portal.encryption",
    "portal.throttling",
    "portal.cms",
    "portal.editorial",
    "portal.uploads",
    "portal.records",
    "portal.mail",
    "portal.office_calendar",
    "portal.captcha",
    "portal.sessions",
    "portal.accounts",
    "portal.staff_login",
    "portal.cases",
    "portal.forms",
    "portal.payments",
    "portal.home",
    "portal.student_entry",
    "portal.my_cases",
    "portal.downloads",
    "portal.review",
    "portal.china_student",
]
INSTALLED_APPS = [
    *OUR_APPS,
    "wagtail_modeladmin",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.forms",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.staff_login.users.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "captcha",
    "formtools",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
# Announced, not open: a demonstration shows how another category of students comes by adding a folder.
DEMO_BAND, DEMO_SHOWN_CODE = "portal/demo/band.html", "portal.demo.second_factor.code_of"
DEMO_APPS = ["portal.hk_macau_student", "portal.demo", "portal.sandbank"]
MIDDLEWARE = [
    # The first three write headers, onto files, kept pages and errors as well.
    "portal.core.security_headers.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.core.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.middleware.NoNulMiddleware",
    "portal.cms.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.sessions.middleware.ActivityMiddleware",
    "portal.core.middleware.LanguageAddressMiddleware",
    "portal.sessions.body_limits.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.staff_login.middleware.SecondFactorMiddleware",
    "portal.cms.admin_requests.AdminRequestMiddleware",
    "portal.core.middleware.ClosedViewsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
if env.bool("QUERY_COUNT", default=False):
    MIDDLEWARE.insert(0, "portal.core.middleware.QueryCountMiddleware")
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.core.context_processors.portal",
            ],
        },
    },
]
# Fields and error lists are drawn by templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: two writers queue up instead of failing half-way (payments.md rule 11).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Which generation of the pages is the current one (cms.page_cache). A file, where there is no Redis: all processes see it.
    "pages": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "pages"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR / "pages")},
}
# A kept page is thrown away by publishing, and after so many seconds at the latest.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=3600)

AUTH_USER_MODEL = "portal_accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.StudentBackend",
    "portal.accounts.backends.StaffBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.fields.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/student/entry/"
# After the password, staff give a code of their authenticator; production does not start without.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=True)
OTP_TOTP_ISSUER = "學生線上申辦系統"
# These would lock a device for everybody; staff_login.second_factor counts by network instead.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
SESSION_ENGINE = "portal.sessions.engine"
# How long a student's log-in goes on unused, and one of staff; eight hours at the longest (sessions.engine).
SESSION_COOKIE_AGE = 15 * 60
STAFF_SESSION_AGE = 30 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.core.views.csrf_failure"

# What encrypts columns that open something (encryption.fields): id -> key, the current one first. The environment names them.
FIELD_ENCRYPTION_KEYS: dict[str, bytes] = {}

# The source language of every string is Traditional Chinese (docs/adr).
LANGUAGE_CODE = "zh-hant"
# The address says the language: 正體中文 without a prefix, /en/, /zh-hans/.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hant", "正體中文"), ("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Taipei"
USE_TZ = True
DATE_FORMAT = "Y/m/d"
FORMAT_MODULE_PATH = ["portal.settings.formats"]

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR / "static"))
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR / "media"))
# Applicants' files and issued documents: never under MEDIA_ROOT, never served by address.
PRIVATE_ROOT = env.str("PRIVATE_ROOT", default=str(VAR / "private"))
_PRIVATE_STORAGE = "portal.core.files.PrivateFileSystemStorage"
STORAGES: dict[str, Any] = {
    # What Wagtail keeps: editors' documents and the originals of their pictures. They have no address of their own.
    "default": {"BACKEND": _PRIVATE_STORAGE, "OPTIONS": {"location": f"{PRIVATE_ROOT}/editors"}},
    "private": {"BACKEND": _PRIVATE_STORAGE, "OPTIONS": {"location": PRIVATE_ROOT}},
    # The only public files: pictures drawn from originals, under MEDIA_ROOT.
    "renditions": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Ten megabytes is what a student may send (experience.md section 1); the server shrinks it.
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
# Files are decoded in a process that may touch nothing (uploads.decoding); off is for developers on systems other than Linux.
UPLOAD_SANDBOX = env.bool("UPLOAD_SANDBOX", default=True)
# Seconds until the sender is answered, waiting for a turn included. A file that is too much uses up its CPU time before.
UPLOAD_ANSWER_SECONDS = 4.6
# The file whose locks say who decodes now, for all processes of this machine.
UPLOAD_LOCKS = env.str("UPLOAD_LOCKS", default=str(Path(PRIVATE_ROOT) / ".uploads.lock"))
# How many bytes a request's body may have (throttling.body_limits); deploy/nginx says the same numbers, a test compares them.
BODY_LIMIT = 256 * 1024
# Pattern of the address, bytes, and whether a visitor who is not logged in gets BODY_LIMIT there. The first match holds.
BODY_LIMITS: list[tuple[str, int, bool]] = [
    (r"/payments/", 16 * 1024, False),
    # Two files of one line of 應檢附文件, or some small ones of the whole form, and what was typed.
    (r"(/en|/zh-hans)?/[a-z0-9-]+/individual/apply/[a-z0-9-]+/[A-Za-z0-9_-]+/form/", 2 * UPLOAD_MAX_BYTES + 1024 * 1024, True),
    (r"/admin/(images|documents)/", UPLOAD_MAX_BYTES + 1024 * 1024, True),
    # A long page of the CMS, with all its blocks.
    (r"/admin/", 2 * 1024 * 1024, True),
]
# Of a form without its files. Django counts this after the body was let in.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long page of the CMS has some thousand
DATA_UPLOAD_MAX_NUMBER_FILES = 30

# How many proxies of our own stand before the portal; throttles count the visitor's address, not theirs.
_proxies = env.str("TRUSTED_PROXIES", default="").strip() or "0"
if not re.fullmatch("[0-9]", _proxies):
    raise ImproperlyConfigured("TRUSTED_PROXIES is unsafe: say how many proxies of your own stand before the portal, 0 to 9")
TRUSTED_PROXIES = int(_proxies)
# Where the web server takes private files from after X-Accel-Redirect; empty: Django sends them itself.
ACCEL_REDIRECT_PREFIX = env.str("ACCEL_REDIRECT_PREFIX", default="")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
EMAIL_CONFIG = env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@portal.example")
EMAIL_TIMEOUT = 10

# Without a broker documents are made in-process, after commit; emails are left to the schedule, for a mail server may be slow.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="memory://localhost/")
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL.startswith("memory:")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = TIME_ZONE
# A broker that is down does not hold up a page: one more try at once, then the sweep finds what was meant for it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2}
# What `celery beat` starts, and `manage.py run_schedule` where there is no broker; seconds between two starts.
# With a broker a worker is notified at once, and these find only what it missed.
_SWEEP, _EMAILS = (5, 1) if CELERY_TASK_ALWAYS_EAGER else (60, 60)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "send the emails that wait": {"task": "portal.mail.tasks.sweep", "schedule": _SWEEP, "options": {"expires": _SWEEP - 1}},
    "write the emails that were asked for": {
        "task": "portal.accounts.tasks.write_requested_emails",
        "schedule": _EMAILS,
        "options": {"expires": 55},
    },
    "forget accounts that were never opened": {
        "task": "portal.accounts.tasks.purge",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "ask about payments whose notice never came": {
        "task": "portal.payments.tasks.ask_pending",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "end cases that were not paid for in time": {
        "task": "portal.payments.tasks.end_unpaid",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "end cases that were not corrected in time": {
        "task": "portal.cases.tasks.end_uncorrected",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "tell the records of permits that they do not know of": {
        "task": "portal.cases.tasks.record_permits",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "remind of deadlines": {
        "task": "portal.cases.tasks.remind",
        "schedule": 3600,
        "options": {"expires": 3590},
    },
    "forget the sessions that are over": {
        "task": "portal.accounts.tasks.clear_sessions",
        "schedule": 600,
        "options": {"expires": 590},
    },
    # What is kept how long: docs/security.md.
    "forget spooled uploads of killed workers": {
        "task": "portal.core.tasks.sweep_temporary_files",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "forget counted tries and used quotas": {
        "task": "portal.throttling.tasks.purge",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "forget what the admin left half-done": {
        "task": "portal.cms.tasks.purge",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "forget set-up links that ended": {
        "task": "portal.staff_login.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3590},
    },
    "forget questions to the records": {
        "task": "portal.records.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3590},
    },
    "forget emails that were sent long ago": {
        "task": "portal.mail.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3590},
    },
    "forget drafts that nobody goes on with": {
        "task": "portal.forms.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3590},
    },
    "forget notices that booked nothing": {
        "task": "portal.payments.tasks.purge_notices",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "say which office calendar is missing": {
        "task": "portal.office_calendar.tasks.watch",
        "schedule": 86400,
        "options": {"expires": 86390},
    },
    "sweep up printed documents without a row": {
        "task": "portal.downloads.tasks.sweep_files",
        "schedule": 86400,
        "options": {"expires": 86390},
    },
    "publish what editors planned": {
        "task": "portal.home.tasks.publish_scheduled",
        "schedule": 5,
        "options": {"expires": 4},
    },
}
# Besides, where DEMO is on.
DEMO_SCHEDULE: dict[str, dict[str, Any]] = {
    "let the bank repeat its notices": {"task": "portal.sandbank.tasks.dispatch_due", "schedule": 5},
}

# A demonstration shows made-up people, their passwords and emails, and pays at the sandbank.
DEMO = False
# A demonstration's: what stands above every page, and what tells the codes of its made-up staff.
SITE_BAND = ""
SECOND_FACTOR_SHOWN_CODE = ""
RECORDS_SOURCE = env.str("RECORDS_SOURCE", default="portal.records.local.LocalSource")
PAYMENT_DEADLINE_DAYS = env.int("PAYMENT_DEADLINE_DAYS", default=14)
# Numbers given by this portal begin here each year, above those the agency's counters give.
SERIAL_START = env.int("SERIAL_START", default=5_000_001)
# method code -> gateway code
PAYMENT_METHODS: dict[str, str] = env.dict("PAYMENT_METHODS", default={"card": "sandbank"})
SANDBANK_URL = env.str("SANDBANK_URL", default=f"{BASE_URL}/sandbank")
SANDBANK_KEYS: dict[str, str] = env.dict("SANDBANK_KEYS", default={})

WAGTAIL_SITE_NAME = "學生線上申辦系統"
WAGTAILADMIN_BASE_URL = BASE_URL
# A password that readers of a page share would stand in clear in the database; who may read is a matter of log-ins and groups.
WAGTAIL_PRIVATE_PAGES = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
# Staff read 正體中文 unless they choose English in their account; all of them work in one time zone.
WAGTAILADMIN_PERMITTED_LANGUAGES = [(code, name) for code, name in LANGUAGES if code in {"zh-hant", "en"}]
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Wagtail's would serve students too, past the outbox and the captcha.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "portal.staff_login.forms.StaffLogInForm"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = True
# A page without a translation is shown in the source language under the other languages' addresses (an alias).
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# No SVG: it can hold a script. Renditions are WebP, AVIF and JPEG (templates/components/picture.html).
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.uploads.picture_forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
# PDF only, by name and by content (uploads.document_forms); sent as a download by cms.document_views.
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.uploads.document_forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
TAGGIT_CASE_INSENSITIVE = True

CAPTCHA_LENGTH = 5
CAPTCHA_TIMEOUT = 5
CAPTCHA_IMAGE_SIZE = (250, 80)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # 登入狀態, where scripts are off.
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # Also where a form is redirected to: the banks.
        "form-action": [SELF, *env.list("PAYMENT_ORIGINS", default=[])],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
# The admin's (docs/adr/0023-the-admins-policy-and-editors-files.md).
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    # The tool that crops pictures asks whether a browser knows of touch by an attribute with this very text: `return;`.
    "script-src-attr": ["'unsafe-hashes'", "'sha256-i+qr4lq34KgNHiW62lWi9aInEBwiEOrfCzaNPCvkqD8='"],
    # The editor of rich text writes styles into the page.
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    # The preview of a page.
    "frame-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}
X_FRAME_OPTIONS = "DENY"  # Wagtail's preview says SAMEORIGIN for itself.
SECURE_REFERRER_POLICY = "same-origin"

# One handler for everything that speaks, and what it writes is masked: no case, draft, code or person (core.logs).
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "portal.core.logs.MaskingFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's own handlers write as they like, and one of them by mail.
        **{name: {"handlers": [], "level": "INFO", "propagate": True} for name in ("django", "django.server")},
        # These tell each step of theirs.
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf", "django_tasks")},
    },
}
