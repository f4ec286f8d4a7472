"""FIELD_ENCRYPTION_KEYS as the environment gives it: `id=key,older=key`. The first key encrypts; all of them decrypt.

Settings import this, so it imports nothing of Django's. No message repeats a key.
"""

import binascii
import re
from base64 import b64encode, urlsafe_b64decode
from typing import Final

KEY_BYTES: Final = 32  # AES-256
KEY_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
HOW_TO_MAKE_ONE: Final = "openssl rand -base64 32"
# Of 32 random bytes fewer than so many different ones do not happen.
FEWEST_DIFFERENT_BYTES: Final = 20
# Not a secret: a demonstration protects nobody's data. Production refuses it.
DEMO_KEY: Final = b"demo-only: everybody knows this!"
DEMO_KEYS: Final = f"demo={b64encode(DEMO_KEY).decode()}"


def parse(text: str) -> dict[str, bytes]:
    """The keys by their ids, in order. Raises ValueError that says which one is wrong, and why."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, _equals, encoded = part.partition("=")
        if not KEY_ID.fullmatch(key_id):
            raise ValueError("write id=key, several by commas; an id is lower-case characters, digits, - and _")
        if key_id in keys:
            raise ValueError(f"two keys are called {key_id}")
        keys[key_id] = _decode(key_id, encoded)
    if not keys:
        raise ValueError("it names no key")
    return keys


def _decode(key_id: str, encoded: str) -> bytes:
    """Base64 of either alphabet, its padding given or not."""
    plain = encoded.strip().rstrip("=").translate(str.maketrans("+/", "-_"))
    try:
        key = urlsafe_b64decode(plain + "=" * (-len(plain) % 4)) if re.fullmatch(r"[\w-]+", plain, re.ASCII) else b""
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"key {key_id} is not {KEY_BYTES} bytes in base64; make one with: {HOW_TO_MAKE_ONE}")
    return key


def weakness(keys: dict[str, bytes]) -> str:
    """Why these keys protect nothing; "" when they do."""
    for key_id, key in keys.items():
        if key.startswith(b"demo-only") or b"not-a-secret" in key:
            return f"key {key_id} is the demonstration's, which everybody knows"
        if len(set(key)) < FEWEST_DIFFERENT_BYTES:
            return f"key {key_id} is not random; make one with: {HOW_TO_MAKE_ONE}"
    return "two ids name the same key" if len(set(keys.values())) < len(keys) else ""
