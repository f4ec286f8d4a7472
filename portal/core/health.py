"""Is this portal ready to serve? Probes that /readyz/ asks; other packages add theirs with `@probe`."""

import functools
from collections.abc import Callable
from typing import Final

from celery import current_app
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import get_random_string
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from .files import private_storage

Probe = Callable[[], str]
_probes: dict[str, Probe] = {}
BROKER_PATIENCE: Final = 2  # seconds


def probe(name: str) -> Callable[[Probe], Probe]:
    """Register what answers "" when all is well, and otherwise says in a few words what is not. Never personal data."""

    def register(ask: Probe) -> Probe:
        _probes[name] = ask
        return ask

    return register


def readiness() -> dict[str, str]:
    """Every probe's answer."""
    return {name: _ask(ask) for name, ask in _probes.items()}


def _ask(ask: Probe) -> str:
    try:
        return ask()
    except (Error, OSError, OperationalError, RedisError) as problem:
        return type(problem).__name__


@probe("database")
def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def pending_migrations() -> int:
    """How many apps' newest migration the database has not seen."""
    return len(_newest_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@probe("migrations")
def _migrations() -> str:
    pending = pending_migrations()
    return f"{pending} pending" if pending else ""


@functools.cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """What the code brings; it does not change while the process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


@probe("cache")
def _cache() -> str:
    word = get_random_string(12)
    cache.set("readyz", word, timeout=60)
    return "" if cache.get("readyz") == word else "keeps nothing"


@probe("broker")
def _broker() -> str:
    """The portal goes on without; emails and papers then wait for the schedule."""
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
    return ""


@probe("storage")
def _storage() -> str:
    storage = private_storage()
    name = storage.save(f"readyz-{get_random_string(12)}", ContentFile(b"ready"))
    storage.delete(name)
    return ""
