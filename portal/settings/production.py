"""Real parts. A missing or unsafe setting stops the start and is named."""

from django.core.exceptions import ImproperlyConfigured

from portal.encryption import keys as encryption_keys

from .base import *  # noqa: F403
from .base import (
    CELERY_BEAT_SCHEDULE,
    DATABASES,
    DEMO_APPS,
    DEMO_BAND,
    DEMO_SCHEDULE,
    DEMO_SHOWN_CODE,
    EMAIL_CONFIG,
    INSTALLED_APPS,
    PAYMENT_METHODS,
    SANDBANK_KEYS,
    STAFF_SECOND_FACTOR,
    UPLOAD_SANDBOX,
    env,
)


def _refuse(name: str, why: str) -> None:
    raise ImproperlyConfigured(f"{name} is unsafe: {why}")


# A staging machine may demonstrate on real parts; an agency never sets it.
DEMO = env.bool("DEMO", default=False)
_REQUIRED = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "ALLOWED_HOSTS", "BASE_URL"]
_REQUIRED += ["FIELD_ENCRYPTION_KEYS"]
# Said even if it is 0: a wrong guess would count all visitors as one, or believe what they say of themselves.
_REQUIRED.append("TRUSTED_PROXIES")
if DEMO:
    SITE_BAND, SECOND_FACTOR_SHOWN_CODE = DEMO_BAND, DEMO_SHOWN_CODE
    INSTALLED_APPS = [*INSTALLED_APPS, *DEMO_APPS]
    CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, **DEMO_SCHEDULE}
    _REQUIRED.append("SANDBANK_KEYS")
if _missing := [name for name in _REQUIRED if not env.str(name, default="")]:
    raise ImproperlyConfigured(f"production needs these environment variables: {', '.join(_missing)}")

# HTTPS everywhere but where a load test on loopback speaks plain HTTP to a demonstration.
_secure = not (DEMO and env.bool("PLAIN_HTTP", default=False))

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("demo-only-", "django-insecure-")):
    _refuse("SECRET_KEY", "use at least 50 random characters")
try:
    FIELD_ENCRYPTION_KEYS = encryption_keys.parse(env.str("FIELD_ENCRYPTION_KEYS"))
except ValueError as error:
    raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS is unsafe: {error}") from None
if _weakness := encryption_keys.weakness(FIELD_ENCRYPTION_KEYS):
    _refuse("FIELD_ENCRYPTION_KEYS", _weakness)
if "*" in ALLOWED_HOSTS:
    _refuse("ALLOWED_HOSTS", "name the hosts, not *")
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    _refuse("DATABASE_URL", "production keeps its data in PostgreSQL")
if not env.str("REDIS_URL").startswith(("redis://", "rediss://", "unix://")):
    _refuse("REDIS_URL", "name a Redis server")
if not env.str("CELERY_BROKER_URL").startswith(("redis://", "rediss://", "amqp://", "amqps://")):
    _refuse("CELERY_BROKER_URL", "name a Redis or RabbitMQ server")
if not EMAIL_CONFIG["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not DEMO:
    _refuse("EMAIL_URL", "emails must reach their readers: name an SMTP server")
if not env.str("BASE_URL").startswith("https://") and _secure:
    _refuse("BASE_URL", "it must begin with https://")
if "sandbank" in PAYMENT_METHODS.values() and not DEMO:
    _refuse("PAYMENT_METHODS", "the sandbank moves no money; name the gateway of each method (card=…)")
if any("not-a-secret" in key for key in SANDBANK_KEYS.values()):
    _refuse("SANDBANK_KEYS", "the demo's key is known to everybody")
if not STAFF_SECOND_FACTOR and not DEMO:
    _refuse("STAFF_SECOND_FACTOR", "the admin asks staff for a second factor")
if not UPLOAD_SANDBOX:
    _refuse("UPLOAD_SANDBOX", "files of strangers are decoded in a sandbox, or not at all")

SECURE_SSL_REDIRECT = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$", r"^payments/[a-z0-9-]+/(notify|return)/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
if _secure:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
