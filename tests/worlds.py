"""What many tests need and what takes seconds to make (the pages of a fresh site, one of each thing) is made once a process.

The first test that asks has it made, in its own transaction, and the rows that came of it are remembered; the next ones get
these rows back, with the keys they had, in a small part of the time. Who asks when a table that the maker reads or writes is
not as it was then, or at another time, has it made anew. Signals are not sent for rows that come back, and files stay where
they were written.
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import time_machine
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

Rows = frozenset[tuple[Any, ...]]


@dataclass(frozen=True)
class Change:
    """What became of a table."""

    before: Rows
    after: Rows


@dataclass(frozen=True)
class Memory:
    """What a maker returned, the tables that it read and left alone, and what it did to those that it changed."""

    result: Any
    read: dict[type[models.Model], Rows]
    changes: dict[type[models.Model], Change]

    def holds(self) -> bool:
        """Whether the maker would find what it found then, and so do the same again."""
        before = {**self.read, **{model: change.before for model, change in self.changes.items()}}
        return all(_rows(model) == rows for model, rows in before.items())


# More than one where tests with some rows of their own asked first.
_memories: dict[tuple[str, int | None], list[Memory]] = defaultdict(list)
MOST_MEMORIES = 3


def seed_pages() -> None:
    """A fresh site with its first pages."""
    world("pages", lambda: call_command("seed_pages", verbosity=0))


def world(name: str, make: Callable[[], Any]) -> Any:
    """What `make` returns, with everything that it writes to the database."""
    memories = _memories[name, _moment()]
    for memory in memories:
        if memory.holds():
            _bring_back(memory.changes)
            return memory.result
    return _remembered(memories, make)


def _moment() -> int | None:
    """What the clock of a test that has gone to another time says."""
    return time.time_ns() if time_machine.escape_hatch.is_travelling() else None


def _remembered(memories: list[Memory], make: Callable[[], Any]) -> Any:
    if len(memories) == MOST_MEMORIES:
        return make()
    before = {model: _rows(model) for model in _models()}
    with _named_tables() as named:
        result = make()
    changes = {model: Change(rows, after) for model, rows in before.items() if (after := _rows(model)) != rows}
    read = {model: rows for model, rows in before.items() if model._meta.db_table in named and model not in changes}
    memories.append(Memory(result, read, changes))
    return result


@contextmanager
def _named_tables() -> Iterator[set[str]]:
    """Every word in quotes of what the database is asked meanwhile, the names of tables among them."""
    named: set[str] = set()

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        named.update(re.findall(r'"(\w+)"', sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield named


@cache
def _models() -> list[type[models.Model]]:
    """Not SQLite's index of words: triggers of Wagtail's fill it."""
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and not m._meta.proxy and not m._meta.db_table.endswith("_fts")]


def _bring_back(changes: dict[type[models.Model], Change]) -> None:
    """Foreign keys are looked at when the transaction ends: the order of the tables does not matter."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model, change in changes.items():
            _delete(cursor, model, change.before - change.after)
            _insert(cursor, model, change.after - change.before)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(changes)):
            cursor.execute(statement)


def _rows(model: type[models.Model]) -> Rows:
    """Each row as the database writes it, before Django or the driver makes an object of any value."""
    value = "+{}" if connection.vendor == "sqlite" else "{}::text"
    columns = ", ".join(value.format(column) for column in _columns(model))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {_quoted(model._meta.db_table)}")  # noqa: S608  # names of Django's
        return frozenset(cursor.fetchall())


def _delete(cursor: Any, model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    fields = [field.column for field in model._meta.local_concrete_fields]
    key = fields.index(model._meta.pk.column)
    statement = f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {_quoted(fields[key])} = %s"  # noqa: S608
    cursor.executemany(statement, [(row[key],) for row in rows])


def _insert(cursor: Any, model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    columns = _columns(model)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    cursor.executemany(statement, list(rows))


def _columns(model: type[models.Model]) -> list[str]:
    return [_quoted(field.column) for field in model._meta.local_concrete_fields]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
