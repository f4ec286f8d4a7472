"""The demo's parts, made quick and strict; DATABASE_URL and REDIS_URL name real servers."""

import atexit
import shutil
import tempfile

from .base import CACHES, DATABASES, STORAGES
from .demo import *  # noqa: F403
from .demo import INSTALLED_APPS

# The page type and the category of docs/add-a-page-type.md and add-a-category.md.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.page_type", "tests.dummy_category"]
_scratch = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and the live server need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": f"{_scratch}/test.sqlite3"}
PRIVATE_ROOT, MEDIA_ROOT = f"{_scratch}/private", f"{_scratch}/media"
DOCUMENT_SIGNER = f"{_scratch}/signer.pem"
UPLOAD_LOCKS = f"{_scratch}/uploads.lock"
# A machine that runs tests has other work besides; tests of this limit set it.
UPLOAD_ANSWER_SECONDS = 30
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT
STORAGES["default"]["OPTIONS"]["location"] = f"{PRIVATE_ROOT}/editors"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A page is drawn anew for every test; those of the page cache take a real one.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# The real hash, made cheap: what is tested is the flow, not argon2id's cost.
PASSWORD_HASHERS = ["tests.hashers.FastArgon2PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
