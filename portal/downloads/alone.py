"""One process at a time, on however many machines: a paper that a worker draws is not drawn a second time beside it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.cache import cache

HELD: Final = 10  # seconds at most: whoever was killed lets go then
PATIENCE: Final = 6  # seconds; then one goes on beside the other, which does no harm but work
_EACH: Final = 0.05


@contextmanager
def alone(what: str, *, patience: float = PATIENCE) -> Iterator[bool]:
    """In here nobody else is at `what`, as far as patience goes. Whether one was the first: after others it may be done."""
    key, until = f"alone-{what}", time.monotonic() + patience
    is_first = holds = cache.add(key, True, HELD)
    while not holds and time.monotonic() < until:
        time.sleep(_EACH)
        holds = cache.add(key, True, HELD)
    try:
        yield is_first
    finally:
        if holds:
            cache.delete(key)
