"""How merchants and this bank sign: `t=<unix>,kid=<id>,v1=<hex>`, v1 = HMAC-SHA256(secret, t + "." + body)."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

HEADER = "X-Sandbank-Signature"
MAX_AGE = 300
_FORM = re.compile(r"t=(?P<t>[0-9]{1,12}),kid=(?P<kid>[A-Za-z0-9_-]{1,40}),v1=(?P<v1>[0-9a-f]{64})", re.ASCII)


def sign(keys: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The signature with the first key."""
    kid, secret = next(iter(keys.items()))
    t = str(int(now.timestamp()))
    return f"t={t},kid={kid},v1={digest(secret, t, body)}"


def is_valid(keys: Mapping[str, str], body: bytes, signature: str, now: datetime) -> bool:
    """Whether one of the known keys signed these very bytes just now."""
    found = _FORM.fullmatch(signature)
    if not found or found["kid"] not in keys:
        return False
    right = hmac.compare_digest(digest(keys[found["kid"]], found["t"], body), found["v1"])
    return right and abs(now.timestamp() - int(found["t"])) <= MAX_AGE


def digest(secret: str, t: str, body: bytes) -> str:
    """v1."""
    return hmac.new(secret.encode(), t.encode() + b"." + body, hashlib.sha256).hexdigest()
