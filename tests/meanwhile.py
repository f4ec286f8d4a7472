"""Somebody writes while something else is being read: before the first question to a table, from a connection of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, Final

from django.db import connection

# Who has to wait for the reader, as on SQLite, has not written by then.
PATIENCE: Final = 2.0


@contextmanager
def meanwhile(table: str, write: Callable[[], object]) -> Iterator[None]:
    """`write` is done, or waits, when the table is asked for the first time in here; it is done at the end."""

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
