"""How the test database is made quickly and put back as it was: the plumbing of conftest.py, nothing that a test asks for.

A test that commits ends in Django's flush, which takes a second, and takes away what the migrations wrote (Wagtail's root
page, the groups). So on SQLite the file that they made is kept and put back instead, which also saves the next run the
quarter of a minute that they take. Elsewhere Django's serialized rollback brings the rows back (conftest.py).
"""

import functools
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase


@functools.cache
def template() -> Path:
    """The SQLite file as the migrations leave it; its name changes with everything that could change it."""
    root = settings.ROOT
    sources = ["requirements/dev.txt", "portal/settings/*.py", "portal/*/migrations/*.py", "portal/*/groups.py"]
    files = [path for pattern in sources for path in sorted(root.glob(pattern))]
    digest = hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()
    return Path(settings.VAR, "test-templates", f"{digest[:16]}.sqlite3")


def copy_template() -> bool:
    """Begin with a copy of the template, if there is one."""
    if connection.vendor != "sqlite" or not template().exists():
        return False
    shutil.copyfile(template(), settings.DATABASES["default"]["TEST"]["NAME"])
    return True


def keep_template() -> None:
    """Keep the database that the migrations have just made."""
    if connection.vendor != "sqlite" or template().exists():
        return
    template().parent.mkdir(parents=True, exist_ok=True)
    draft = template().with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    copy = sqlite3.connect(draft)
    connection.connection.backup(copy)
    copy.close()
    draft.replace(template())


def empty_cache() -> None:
    """On Redis each test has keys of its own (conftest.py), and emptying it would take those of the tests beside it."""
    if not settings.REDIS_URL:
        cache.clear()


@pytest.fixture(scope="session", autouse=True)
def put_back() -> Iterator[None]:
    """A test that committed leaves the SQLite database as the migrations made it."""
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test_case: restore())
        yield


def restore() -> None:
    """Put the SQLite database back to what was kept."""
    with closing(sqlite3.connect(template())) as kept:
        connection.ensure_connection()
        kept.backup(connection.connection)
    ContentType.objects.clear_cache()


def refill() -> None:
    """Put the rows of the migrations back where a flush has just taken them away."""
    connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
    ContentType.objects.clear_cache()
