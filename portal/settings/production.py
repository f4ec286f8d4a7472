"""Real parts. A missing or unsafe setting stops the start and is named."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, env

_REQUIRED = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "ALLOWED_HOSTS", "BASE_URL"]
_missing = [name for name in _REQUIRED if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured(f"production needs these environment variables: {', '.join(_missing)}")

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("demo-only-", "django-insecure-")):
    raise ImproperlyConfigured("SECRET_KEY is unsafe: use at least 50 random characters")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is unsafe: name the hosts, not *")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# A staging machine may demonstrate on real parts; an agency never sets it.
DEMO = env.bool("DEMO", default=False)
if DEMO:
    INSTALLED_APPS = [*INSTALLED_APPS, "portal.sandbank"]

# HTTPS everywhere but where a load test on loopback speaks plain HTTP to a demonstration.
_secure = not (DEMO and env.bool("PLAIN_HTTP", default=False))
SECURE_SSL_REDIRECT = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$", r"^payments/[a-z0-9-]+/(notify|return)/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
if _secure:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
