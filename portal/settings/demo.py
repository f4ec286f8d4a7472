"""Everything on embedded parts: SQLite, tasks in-process, the sandbank, a mailbox page."""

from portal.encryption import keys as encryption_keys

from .base import *  # noqa: F403
from .base import (
    CELERY_BEAT_SCHEDULE,
    DEMO_APPS,
    DEMO_BAND,
    DEMO_SCHEDULE,
    DEMO_SHOWN_CODE,
    DOCUMENT_SIGNER,
    ECPAY_STAGE,
    INSTALLED_APPS,
    SANDBANK_URL,
    VAR,
    env,
)

DEBUG = False
DEMO = True
SITE_BAND, SECOND_FACTOR_SHOWN_CODE = DEMO_BAND, DEMO_SHOWN_CODE
# Not a secret: a demo protects nobody's data. Production refuses to start with it.
SECRET_KEY = env.text("SECRET_KEY", "demo-only-" + "0" * 50)
FIELD_ENCRYPTION_KEYS = encryption_keys.parse(env.text("FIELD_ENCRYPTION_KEYS") or encryption_keys.DEMO_KEYS)
DOCUMENT_SIGNER = DOCUMENT_SIGNER or str(VAR / "signing" / "signer.pem")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
INSTALLED_APPS = [*INSTALLED_APPS, *DEMO_APPS]
CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, **DEMO_SCHEDULE}
SANDBANK_KEYS = env.pairs("SANDBANK_KEYS", default={"demo-1": "sandbank-demo-key-not-a-secret"})
# ECPay's own published merchant, spoken to at the sandbank, or with ECPAY_STAGE at ECPay's stage.
ECPAY_MERCHANT_ID = env.text("ECPAY_MERCHANT_ID", "3002607")
ECPAY_HASH_KEY = env.text("ECPAY_HASH_KEY", "pwFHCqoQZGmho4w6")
ECPAY_HASH_IV = env.text("ECPAY_HASH_IV", "EkRm7iFT261dpevs")
ECPAY_URL = env.text("ECPAY_URL", "" if ECPAY_STAGE else f"{SANDBANK_URL}/ecpay")
# What the made-up channels take; the sandbank's pages say the same.
HANDLING_FEES = {"card": 0, "web_atm": 0, "virtual_account": 0, "store": 0, "egov_account": 10, "egov_atm": 15, "egov_card": 20}
# Emails are kept in the outbox and shown at /demo/mailbox/.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
