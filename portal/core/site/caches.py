"""The cache that all processes share, on Redis."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """While Redis does not answer it is an empty cache that keeps nothing: people wait longer, and nobody is turned away.

    Whoever adds something then is the first. What the portal asks of its cache is here; the rest raises as before.
    """

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._asked(partial(super().add, key, value, timeout, version), True)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._asked(partial(super().get, key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._asked(partial(super().set, key, value, timeout, version), None)

    def delete(self, key: Any, version: Any = None) -> bool:
        return self._asked(partial(super().delete, key, version), False)

    def _asked(self, ask: Callable[[], T], otherwise: T) -> T:
        try:
            return ask()
        except (RedisError, OSError) as error:
            log.warning("the cache does not answer: %s", type(error).__name__)
            return otherwise
