"""The one place that counts."""

from django.db import transaction

from .models import Serial


def next_serial(name: str, *, start: int = 1) -> int:
    """The next number of the series `name`. Inside a transaction: a rollback gives the number back, so there are no gaps."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("next_serial needs a transaction")
    if (number := _counted_on(name)) is None:
        Serial.objects.get_or_create(name=name, defaults={"last": start - 1})
        number = _counted_on(name)
    assert number is not None  # noqa: S101  # its row is there
    return number


def _counted_on(name: str) -> int | None:
    """One more, in one statement, which locks the row until commit; None where the series has not begun."""
    table = Serial._meta.db_table
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET last = last + 1 WHERE name = %s RETURNING last', [name])  # noqa: S608  # our own
        row = cursor.fetchone()
    return row[0] if row else None
