"""Password hashing that costs a test nothing, or counts, or tells its time."""

import time

from django.contrib.auth.hashers import Argon2PasswordHasher


class FastArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id at its cheapest; used by settings.test only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


class CountingHasher(FastArgon2PasswordHasher):
    """Counts how often it works."""

    calls = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).calls += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        type(self).calls += 1
        return super().verify(password, encoded)


class TimedHasher(Argon2PasswordHasher):
    """The real one, which says how long it worked; for the bench."""

    seconds = 0.0

    def verify(self, password: str, encoded: str) -> bool:
        started = time.perf_counter()
        found = super().verify(password, encoded)
        type(self).seconds += time.perf_counter() - started
        return found
