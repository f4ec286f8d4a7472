"""What the database is asked: somebody else writes between two questions, or nothing is written at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, Final

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Who has to wait for the reader, as on SQLite, has not written by then.
PATIENCE: Final = 2.0


@contextmanager
def meanwhile(table: str, write: Callable[[], object]) -> Iterator[None]:
    """Somebody writes, from a connection of their own, before the table is asked for the first time in here; where they have to
    wait for the reader, afterwards.
    """

    def run() -> None:
        write()
        connection.close()

    thread = Thread(target=run)

    def ask(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if not thread.ident and f'FROM "{table}"' in sql:
            thread.start()
            thread.join(PATIENCE)
        return execute(sql, *args)

    with connection.execute_wrapper(ask):
        yield
    thread.join()


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """In here the database is only asked."""
    with CaptureQueriesContext(connection) as asked:
        yield
    assert [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
