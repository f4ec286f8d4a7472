"""Everything on embedded parts: SQLite, tasks in-process, the sandbank, a mailbox page."""

from portal.encryption import keys as encryption_keys

from .base import *  # noqa: F403
from .base import CELERY_BEAT_SCHEDULE, DEMO_APPS, DEMO_BAND, DEMO_SCHEDULE, DEMO_SHOWN_CODE, INSTALLED_APPS, env

DEBUG = False
DEMO = True
SITE_BAND, SECOND_FACTOR_SHOWN_CODE = DEMO_BAND, DEMO_SHOWN_CODE
# Not a secret: a demo protects nobody's data. Production refuses to start with it.
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-" + "0" * 50)
FIELD_ENCRYPTION_KEYS = encryption_keys.parse(env.str("FIELD_ENCRYPTION_KEYS", default="") or encryption_keys.DEMO_KEYS)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
INSTALLED_APPS = [*INSTALLED_APPS, *DEMO_APPS]
CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, **DEMO_SCHEDULE}
SANDBANK_KEYS = env.dict("SANDBANK_KEYS", default={"demo-1": "sandbank-demo-key-not-a-secret"})
# Emails are kept in the outbox and shown at /demo/mailbox/.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
