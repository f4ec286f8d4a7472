"""Password hashing that costs a test nothing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FastArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id at its cheapest; used by settings.test only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
