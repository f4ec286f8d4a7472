"""Kinds of application made up for a test, and registered as long as it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.cases import kinds
from portal.cases.kinds import CaseKind


def like(model: CaseKind, **changes: Any) -> type[CaseKind]:
    """A kind that is in all else like that one."""
    return type("MadeUp", (type(model),), changes)


@contextmanager
def registered(kind: type[CaseKind]) -> Iterator[CaseKind]:
    """The category has this kind, in place of another one of its code."""
    key = (kind.category, kind.code)
    before = next((known for known in kinds.all_kinds() if (known.category, known.code) == key), None)
    if before:
        kinds.unregister(type(before))
    kinds.register(kind)
    try:
        yield kinds.get(*key)
    finally:
        kinds.unregister(kind)
        if before:
            kinds.register(type(before))
