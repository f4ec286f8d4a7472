"""Append-only tables: rows are added and read; the database itself refuses to change or remove one."""

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
_UNGUARD = {
    "postgresql": ("DROP TRIGGER IF EXISTS {table}_append_only ON {table}",),
    "sqlite": ("DROP TRIGGER IF EXISTS {table}_no_update", "DROP TRIGGER IF EXISTS {table}_no_delete"),
}


def append_only(table: str) -> RunPython:
    """The migration operation that makes `table` append-only, on PostgreSQL and on SQLite.

    A later migration that alters the table must end with it again: SQLite remakes altered tables, without their triggers.
    """

    def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        unguard(apps, editor)
        _run(_GUARD, table, editor)

    def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(_UNGUARD, table, editor)

    return RunPython(guard, unguard)


def _run(statements: dict[str, tuple[str, ...]], table: str, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement.replace("{table}", table), params=None)
