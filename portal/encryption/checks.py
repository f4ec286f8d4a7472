"""`manage.py check`: without keys nothing that is encrypted can be written or read."""

from typing import Any

from django.conf import settings
from django.core import checks

from .keys import HOW_TO_MAKE_ONE, KEY_BYTES


@checks.register(checks.Tags.security)
def check_encryption_keys(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """FIELD_ENCRYPTION_KEYS names at least one key, and each is one of AES-256."""
    keys = settings.FIELD_ENCRYPTION_KEYS
    if keys and all(len(key) == KEY_BYTES for key in keys.values()):
        return []
    hint = f"FIELD_ENCRYPTION_KEYS=2026=$({HOW_TO_MAKE_ONE})"
    return [checks.Error("FIELD_ENCRYPTION_KEYS holds no usable key", hint=hint, id="core.E002")]
