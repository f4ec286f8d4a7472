"""Append-only tables refuse change in the database itself."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState

from portal.core.append_only import append_only


def run(sql: str) -> list[tuple[object, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def notebook(transactional_db: None) -> Iterator[None]:
    """A guarded table with one row."""
    run("CREATE TABLE notebook (id integer PRIMARY KEY, line varchar(20))")
    run("INSERT INTO notebook VALUES (1, 'kept')")
    with connection.schema_editor() as editor:
        append_only("notebook").database_forwards("core", editor, ProjectState(), ProjectState())
    yield
    run("DROP TABLE notebook")


@pytest.mark.parametrize("sql", ["UPDATE notebook SET line = 'changed'", "DELETE FROM notebook"])
def test_a_row_is_neither_changed_nor_removed(notebook: None, sql: str) -> None:
    with pytest.raises(IntegrityError, match="notebook is append-only"):
        run(sql)
    assert run("SELECT line FROM notebook") == [("kept",)]


def test_a_row_is_added(notebook: None) -> None:
    run("INSERT INTO notebook VALUES (2, 'added')")
    assert run("SELECT line FROM notebook ORDER BY id") == [("kept",), ("added",)]


def test_the_migration_can_be_undone(notebook: None) -> None:
    with connection.schema_editor() as editor:
        append_only("notebook").database_backwards("core", editor, ProjectState(), ProjectState())
    run("DELETE FROM notebook")
    assert run("SELECT line FROM notebook") == []


@pytest.fixture
def journal(transactional_db: None) -> Iterator[None]:
    """A guarded table whose rows may go after ten days: one is old, one is not."""
    ago = "now() - interval '{} days'" if connection.vendor == "postgresql" else "datetime('now', '-{} days')"
    run("CREATE TABLE journal (id integer PRIMARY KEY, at timestamp)")
    run(f"INSERT INTO journal VALUES (1, {ago.format(11)}), (2, {ago.format(9)})")  # noqa: S608
    with connection.schema_editor() as editor:
        append_only("journal", kept=("at", 10)).database_forwards("core", editor, ProjectState(), ProjectState())
    yield
    run("DROP TABLE journal")


def test_a_journals_old_lines_may_go_and_its_young_ones_not(journal: None) -> None:
    with pytest.raises(IntegrityError, match="journal is append-only"):
        run("DELETE FROM journal")
    run("DELETE FROM journal WHERE id = 1")
    with pytest.raises(IntegrityError, match="journal is append-only"):
        run("DELETE FROM journal WHERE id = 2")
    assert run("SELECT id FROM journal") == [(2,)]


def test_not_even_an_old_line_is_changed(journal: None) -> None:
    with pytest.raises(IntegrityError, match="journal is append-only"):
        run("UPDATE journal SET at = at WHERE id = 1")
    with connection.schema_editor() as editor:
        append_only("journal", kept=("at", 10)).database_backwards("core", editor, ProjectState(), ProjectState())
    run("UPDATE journal SET at = at WHERE id = 1")
