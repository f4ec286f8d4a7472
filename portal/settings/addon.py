"""What Django, Wagtail and the libraries have to know wherever the portal runs: here, and on any site that installs it.

`from portal.settings.addon import *` in a site's settings, then its own over it (docs/install-into-a-site.md). Settings of
the portal's own stand in portal.core.site.defaults; what each site must say itself is named by portal.core.site.checks.
"""

from collections.abc import Iterable
from typing import Any

from csp.constants import NONE, SELF

from portal.core.site.defaults import UPLOAD_MAX_BYTES
from portal.core.site.defaults import private_storages as private_storages

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
    "portal.overview",
    "portal.china_student",
]
PORTAL_APPS = [
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
# Of these one is replaced by ours, and one would write past the portal's own operations, without a second factor.
REPLACED_APPS = ["wagtail.users", "django.contrib.admin"]
PORTAL_MIDDLEWARE = [
    # The first three write headers, onto files, kept pages and errors as well.
    "portal.core.security_headers.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.core.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.middleware.NoNulMiddleware",
    "portal.core.middleware.CanonicalHostMiddleware",
    "portal.cms.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.sessions.middleware.ActivityMiddleware",
    "portal.core.middleware.LanguageAddressMiddleware",
    "portal.sessions.body_limits.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.staff_login.middleware.StaffTypedMiddleware",
    "portal.staff_login.middleware.SecondFactorMiddleware",
    "portal.cms.admin_requests.AdminRequestMiddleware",
    "portal.core.middleware.ClosedViewsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
PORTAL_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "wagtail.contrib.settings.context_processors.settings",
    "portal.core.context_processors.portal",
]
# IMMEDIATE: two writers queue up instead of failing half-way (payments.md rule 11).
PORTAL_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}

AUTH_USER_MODEL = "portal_accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.StudentBackend",
    "portal.accounts.backends.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.fields.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "portal.fields.passwords.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/student/entry/"
OTP_TOTP_ISSUER = "學生線上申辦系統"
# These would lock a device for everybody; staff_login.second_factor counts by network instead.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
SESSION_ENGINE = "portal.sessions.engine"
# How long a student's log-in goes on unused; eight hours at the longest (sessions.engine).
SESSION_COOKIE_AGE = 15 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.core.views.csrf_failure"

# The source language of every string is Traditional Chinese (docs/adr).
LANGUAGE_CODE = "zh-hant"
# The address says the language: 正體中文 without a prefix, /en/, /zh-hans/.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hant", "正體中文"), ("en", "English"), ("zh-hans", "简体中文")]
USE_I18N = True
TIME_ZONE = "Asia/Taipei"
USE_TZ = True
DATE_FORMAT = "Y/m/d"
FORMAT_MODULE_PATH = ["portal.settings.formats"]

# Of a form without its files. Django counts this after the body was let in.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long page of the CMS has some thousand
DATA_UPLOAD_MAX_NUMBER_FILES = 30

# Without a broker documents are made in-process, after commit, and `manage.py run_schedule` does the rest.
CELERY_BROKER_URL = "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = TIME_ZONE
# Whatever hangs is ended, and done again by the schedule: before Redis, after an hour, hands it to somebody else as well.
CELERY_TASK_TIME_LIMIT = 30 * 60
# A broker that is down does not hold up a page: one more try at once, then the sweep finds what was meant for it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2}

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
# HEIC is what telephones take; the form makes a JPEG of it before anything is kept.
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "heic", "heif", "hif"]
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

CONTENT_SECURITY_POLICY: dict[str, Any] = {
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
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
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
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers write as they like, and one of them by mail.
        **{name: {"handlers": [], "level": "INFO", "propagate": True} for name in ("django", "django.server")},
        # These tell each step of theirs.
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf", "django_tasks")},
    },
}


def portal_apps(apps: Iterable[str]) -> list[str]:
    """The portal's apps and the site's: ours first, so that Django finds our templates before those they replace."""
    return [*PORTAL_APPS, *(app for app in apps if app not in {*PORTAL_APPS, *REPLACED_APPS})]


def portal_middleware(middleware: Iterable[str]) -> list[str]:
    """The portal's middleware in its order, then the site's own."""
    return [*PORTAL_MIDDLEWARE, *(each for each in middleware if each not in PORTAL_MIDDLEWARE)]


def beat_schedule(*, broker: bool) -> dict[str, dict[str, Any]]:
    """What `celery beat` starts, and `manage.py run_schedule` where there is no broker; seconds between two starts.

    With a broker a worker is notified at once, and these find only what it missed.
    """
    sweep, emails = (60, 60) if broker else (5, 1)
    return {
        "send the emails that wait": {"task": "portal.mail.tasks.sweep", "schedule": sweep, "options": {"expires": sweep - 1}},
        "write the emails that were asked for": {
            "task": "portal.accounts.tasks.write_requested_emails",
            "schedule": emails,
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
        "let slips expire that nobody paid": {
            "task": "portal.payments.tasks.end_slips",
            "schedule": 600,
            "options": {"expires": 590},
        },
        "write about slips that lapse and receipts that are ready": {
            "task": "portal.payments.tasks.remind",
            "schedule": 3600,
            "options": {"expires": 3590},
        },
        "end cases that were not corrected in time": {
            "task": "portal.cases.tasks.end_uncorrected",
            "schedule": 600,
            "options": {"expires": 590},
        },
        "take over the agency's files that clerks sent in": {
            "task": "portal.records.tasks.import_queued",
            "schedule": sweep,
            "options": {"expires": max(sweep - 1, 1)},
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
        "remind of drafts that are about to go": {
            "task": "portal.forms.tasks.remind",
            "schedule": 21600,
            "options": {"expires": 21590},
        },
        "forget the sessions that are over": {
            "task": "portal.accounts.tasks.clear_sessions",
            "schedule": 600,
            "options": {"expires": 590},
        },
        "make the permits and receipts that a killed worker left out": {
            "task": "portal.downloads.tasks.make_missing",
            "schedule": 300,
            "options": {"expires": 290},
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
        "sweep up slips without an attempt": {
            "task": "portal.payments.tasks.sweep_slips",
            "schedule": 21600,
            "options": {"expires": 21590},
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


CELERY_BEAT_SCHEDULE = beat_schedule(broker=False)
