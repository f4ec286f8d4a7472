"""Real parts. A missing or unsafe setting stops the start and is named."""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from portal.core.site import origins
from portal.encryption import keys as encryption_keys
from portal.pdf import signing_keys

from .base import *  # noqa: F403
from .base import (
    BASE_URL,
    CELERY_BEAT_SCHEDULE,
    DATABASES,
    DEFAULT_FROM_EMAIL,
    DEMO_APPS,
    DEMO_BAND,
    DEMO_SCHEDULE,
    DEMO_SHOWN_CODE,
    DOCUMENT_SAMPLE,
    DOCUMENT_SIGNER,
    DOCUMENT_SIGNERS_BEFORE,
    ECPAY_HASH_IV,
    ECPAY_HASH_KEY,
    ECPAY_MERCHANT_ID,
    ECPAY_PUBLISHED_KEYS,
    ECPAY_STAGE,
    ECPAY_URL,
    EMAIL_CONFIG,
    INSTALLED_APPS,
    PAYMENT_METHODS,
    SANDBANK_KEYS,
    STAFF_SECOND_FACTOR,
    TRUSTED_PROXIES,
    UPLOAD_SANDBOX,
    VAR,
    env,
)


def _refuse(name: str, why: str) -> None:
    raise ImproperlyConfigured(f"{name} is unsafe: {why}")


# A staging machine may demonstrate on real parts; an agency never sets it.
DEMO = env.flag("DEMO", default=False)
_REQUIRED = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "ALLOWED_HOSTS", "BASE_URL"]
_REQUIRED += ["FIELD_ENCRYPTION_KEYS"]
# Said even if it is 0: a wrong guess would count all visitors as one, or believe what they say of themselves.
_REQUIRED.append("TRUSTED_PROXIES")
if DEMO:
    SITE_BAND, SECOND_FACTOR_SHOWN_CODE = DEMO_BAND, DEMO_SHOWN_CODE
    INSTALLED_APPS = [*INSTALLED_APPS, *DEMO_APPS]
    CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, **DEMO_SCHEDULE}
    _REQUIRED.append("SANDBANK_KEYS")
# A demonstration makes itself one.
DOCUMENT_SIGNER = DOCUMENT_SIGNER or (str(VAR / "signing" / "signer.pem") if DEMO else "")
_FOLDERS = ["STATIC_ROOT", "MEDIA_ROOT", "PRIVATE_ROOT"]
if not DEMO:
    _REQUIRED += ["DOCUMENT_SIGNER", "DEFAULT_FROM_EMAIL", *_FOLDERS]
if _missing := [name for name in _REQUIRED if not env.text(name)]:
    raise ImproperlyConfigured(f"production needs these environment variables: {', '.join(_missing)}")

# HTTPS everywhere but where a load test on loopback speaks plain HTTP to a demonstration.
_secure = not (DEMO and env.flag("PLAIN_HTTP", default=False))

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("demo-only-", "django-insecure-")):
    _refuse("SECRET_KEY", "use at least 50 random characters")
try:
    FIELD_ENCRYPTION_KEYS = encryption_keys.parse(env.text("FIELD_ENCRYPTION_KEYS"))
except ValueError as error:
    raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS is unsafe: {error}") from None
if _weakness := encryption_keys.weakness(FIELD_ENCRYPTION_KEYS):
    _refuse("FIELD_ENCRYPTION_KEYS", _weakness)
if "*" in ALLOWED_HOSTS:
    _refuse("ALLOWED_HOSTS", "name the hosts, not *")
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    _refuse("DATABASE_URL", "production keeps its data in PostgreSQL")
if not env.text("REDIS_URL").startswith(("redis://", "rediss://", "unix://")):
    _refuse("REDIS_URL", "name a Redis server")
if not env.text("CELERY_BROKER_URL").startswith(("redis://", "rediss://", "amqp://", "amqps://")):
    _refuse("CELERY_BROKER_URL", "name a Redis or RabbitMQ server")
if not (EMAIL_CONFIG["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and EMAIL_CONFIG["EMAIL_HOST"]) and not DEMO:
    _refuse("EMAIL_URL", "emails must reach their readers: name an SMTP server")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    _refuse("DEFAULT_FROM_EMAIL", "it is the sender of every email: name an e-mail address")
for _folder in _FOLDERS:
    if (_place := env.text(_folder)) and not Path(_place).is_absolute():
        _refuse(_folder, "where it lies depends on where a process was started: write the whole path")
if not BASE_URL.startswith("https://") and _secure:
    _refuse("BASE_URL", "it must begin with https://")
if not origins.is_origin(BASE_URL):
    _refuse("BASE_URL", origins.HOW)
if any(name.rpartition(".")[2] == "sandbank" for name in PAYMENT_METHODS.values()) and not DEMO:
    _refuse("PAYMENT_METHODS", "the sandbank moves no money; name the gateway of each method (card=…)")
if {ECPAY_HASH_KEY, ECPAY_HASH_IV} & ECPAY_PUBLISHED_KEYS and not DEMO:
    _refuse("ECPAY_HASH_KEY", "ECPay has published it for its stage: anybody could sign that a bill is paid")
if {"ecpay", "portal.payments.gateways.ecpay"} & set(PAYMENT_METHODS.values()) and not DEMO:
    if not (ECPAY_MERCHANT_ID and ECPAY_HASH_KEY and ECPAY_HASH_IV):
        _refuse("ECPAY_HASH_KEY", "ecpay carries payments: set ECPAY_MERCHANT_ID, ECPAY_HASH_KEY and ECPAY_HASH_IV")
    if ECPAY_STAGE or ECPAY_URL:
        _refuse("ECPAY_STAGE" if ECPAY_STAGE else "ECPAY_URL", "no money moves there")
if any("not-a-secret" in key for key in SANDBANK_KEYS.values()):
    _refuse("SANDBANK_KEYS", "the demo's key is known to everybody")
if not STAFF_SECOND_FACTOR and not DEMO:
    _refuse("STAFF_SECOND_FACTOR", "the admin asks staff for a second factor")
if not DEMO and (_weakness := signing_keys.weakness(DOCUMENT_SIGNER)):
    _refuse("DOCUMENT_SIGNER", _weakness)
if _weakness := signing_keys.unreadable_before(DOCUMENT_SIGNERS_BEFORE):
    _refuse("DOCUMENT_SIGNERS_BEFORE", _weakness)
if DEMO and not DOCUMENT_SAMPLE:
    _refuse("DOCUMENT_SAMPLE", "a demonstration issues samples only")
if not UPLOAD_SANDBOX:
    _refuse("UPLOAD_SANDBOX", "files of strangers are decoded in a sandbox, or not at all")

# Of several names of the site one is the pages'.
_is_allowed = validate_host(urlsplit(BASE_URL).hostname or "", ALLOWED_HOSTS)
if not _is_allowed and not DEMO:
    _refuse("BASE_URL", "its host is not in ALLOWED_HOSTS")
ONE_HOST = BASE_URL if _is_allowed else ""
SECURE_SSL_REDIRECT = _secure
# Without a proxy of our own the header is the visitor's word.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$", r"^payments/[a-z0-9-]+/(notify|return)/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
if _secure:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
