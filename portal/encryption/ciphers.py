"""Text that reading the database must not tell: AES-256-GCM with a key of FIELD_ENCRYPTION_KEYS.

What is kept says its key: `v1:<key id>:<base64url of nonce and ciphertext>`. The context, say the model, the field and
whose it is, is authenticated with it: a ciphertext that is moved to another row does not decrypt there.
"""

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION: Final = "v1"
NONCE_BYTES: Final = 12


class CannotDecrypt(Exception):
    """The text was changed, moved from another place, or encrypted with a key that is not here."""


class UnknownKey(CannotDecrypt):
    """The text names a key that FIELD_ENCRYPTION_KEYS does not hold."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"key {key_id!r} is not in FIELD_ENCRYPTION_KEYS")


def current_key_id() -> str:
    """The key that encrypts from now on."""
    return next(iter(settings.FIELD_ENCRYPTION_KEYS))


def prefix(key_id: str) -> str:
    """How everything begins that was encrypted with that key."""
    return f"{VERSION}:{key_id}:"


def encrypt(text: str, *, context: str) -> str:
    """The text, readable only with the key, and only for the same context."""
    key_id, nonce = current_key_id(), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(settings.FIELD_ENCRYPTION_KEYS[key_id]).encrypt(nonce, text.encode(), _associated(key_id, context))
    return prefix(key_id) + urlsafe_b64encode(nonce + sealed).decode()


def decrypt(stored: str, *, context: str) -> str:
    """What `encrypt` was given. Raises CannotDecrypt."""
    version, key_id, encoded = (*stored.split(":", 2), "", "")[:3]
    if version != VERSION:
        raise CannotDecrypt("this is not encrypted text")
    if key_id not in settings.FIELD_ENCRYPTION_KEYS:
        raise UnknownKey(key_id)
    try:
        raw = urlsafe_b64decode(encoded)
        if urlsafe_b64encode(raw).decode() != encoded:  # the decoder skips what is not of its alphabet
            raise ValueError("not written as `encrypt` writes")
        text = AESGCM(settings.FIELD_ENCRYPTION_KEYS[key_id]).decrypt(
            raw[:NONCE_BYTES], raw[NONCE_BYTES:], _associated(key_id, context)
        )
    except (binascii.Error, InvalidTag, ValueError) as error:
        raise CannotDecrypt(f"the text was changed or belongs elsewhere (key {key_id!r})") from error
    return text.decode()


def _associated(key_id: str, context: str) -> bytes:
    return f"{prefix(key_id)}{context}".encode()
