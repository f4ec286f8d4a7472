"""Emptying the database between tests that use real transactions."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper


@pytest.fixture(scope="session", autouse=True)
def flush_empties_append_only_tables() -> Iterator[None]:
    """Let the test runner's flush, and nothing else, empty append-only tables on SQLite.

    PostgreSQL truncates, which row triggers do not see; SQLite deletes, which they refuse. So there the flush takes the
    triggers away first and puts the very same ones back, in its one transaction.
    """
    operations = DatabaseWrapper.ops_class
    sql_flush = operations.sql_flush

    def without_triggers(self: Any, *args: Any, **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%is append-only%'")
            triggers = cursor.fetchall()
        drop = [f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers]
        return [*drop, *sql_flush(self, *args, **options), *(sql for _, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", without_triggers)
        yield
