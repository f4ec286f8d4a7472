"""Append-only tables: rows are added and read; the database itself refuses to change or remove one.

Where rows follow one another each may carry a digest of itself and of the one before (`link`): whoever gets round the database
is found out.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.migrations.state import StateApps

_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$""",
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)
_SQLITE = tuple(
    f"CREATE TRIGGER {{table}}_no_{verb} BEFORE {verb} ON {{table}} BEGIN SELECT RAISE(ABORT, '{{table}} is append-only'); END"
    for verb in ("update", "delete")
)
_GUARD = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}
# A journal that is kept for so many days: {column} is when a line was written, by the database's own clock.
_POSTGRESQL_UNTIL = (
    _POSTGRESQL[0],
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW"
    " WHEN (OLD.{column} > now() - interval '{days} days') EXECUTE FUNCTION refuse_change()",
)
_SQLITE_UNTIL = (
    _SQLITE[0],
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN OLD.{column} > datetime('now', '-{days} days')"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
)
_GUARD_UNTIL = {"postgresql": _POSTGRESQL_UNTIL, "sqlite": _SQLITE_UNTIL}
_UNGUARD = {
    "postgresql": (
        "DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        "DROP TRIGGER IF EXISTS {table}_kept ON {table}",
    ),
    "sqlite": ("DROP TRIGGER IF EXISTS {table}_no_update", "DROP TRIGGER IF EXISTS {table}_no_delete"),
}


def append_only(table: str, *, kept: tuple[str, int] | None = None) -> RunPython:
    """The migration operation that makes `table` append-only, on PostgreSQL and on SQLite.

    `kept=("at", 179)`: a row may be deleted, never changed, once its `at` is so many days ago.
    A later migration that alters the table must end with it again: SQLite remakes altered tables, without their triggers.
    """

    def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        unguard(apps, editor)
        if kept:
            _run(_GUARD_UNTIL, table, editor, column=kept[0], days=str(kept[1]))
        else:
            _run(_GUARD, table, editor)

    def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(_UNGUARD, table, editor)

    return RunPython(guard, unguard)


def _run(
    statements: Mapping[str, tuple[str, ...]], table: str, editor: BaseDatabaseSchemaEditor, *, column: str = "", days: str = ""
) -> None:
    for statement in statements[editor.connection.vendor]:
        filled = statement.replace("{table}", table).replace("{column}", column).replace("{days}", days)
        editor.execute(filled, params=None)


def link(previous: str, said: Mapping[str, Any]) -> str:
    """The digest (64 hex digits) of what a row says, given that of the row before it; "" stands before the first."""
    text = json.dumps(said, cls=_Exact, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read in here stood there at one moment, whatever is written meanwhile: rows, and what follows from them, agree.
    SQLite has no other way than to let nobody write so long.
    """
    connection = transaction.get_connection()
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Exact(DjangoJSONEncoder):
    """Times with all their microseconds, in UTC, as every database gives them back."""

    def default(self, o: Any) -> Any:
        if isinstance(o, dt.datetime):
            return o.astimezone(dt.UTC).isoformat(timespec="microseconds")
        return super().default(o)
