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
