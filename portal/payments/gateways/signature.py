"""The sandbank's signature: `t=<unix>,kid=<id>,v1=<hex>`, v1 = HMAC-SHA256(secret, t + "." + body)."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from portal.payments.protocol import Refused

HEADER = "X-Sandbank-Signature"
MAX_AGE = 300  # seconds between the two clocks
_FORM = re.compile(r"t=(?P<t>[0-9]{1,12}),kid=(?P<kid>[A-Za-z0-9_-]{1,40}),v1=(?P<v1>[0-9a-f]{64})", re.ASCII)


def sign(keys: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The signature with the first key; the others are still accepted, so that keys can be changed one after the other."""
    kid, secret = next(iter(keys.items()))
    t = str(int(now.timestamp()))
    return f"t={t},kid={kid},v1={digest(secret, t, body)}"


def verify(keys: Mapping[str, str], body: bytes, signature: str, now: datetime) -> None:
    """Raises Refused unless one of our keys signed these very bytes just now."""
    found = _FORM.fullmatch(signature)
    if not found:
        raise Refused("signature missing or malformed")
    if found["kid"] not in keys:
        raise Refused("unknown key")
    if not hmac.compare_digest(digest(keys[found["kid"]], found["t"], body), found["v1"]):
        raise Refused("wrong signature")
    if abs(now.timestamp() - int(found["t"])) > MAX_AGE:
        raise Refused("stale signature")


def digest(secret: str, t: str, body: bytes) -> str:
    """v1."""
    return hmac.new(secret.encode(), t.encode() + b"." + body, hashlib.sha256).hexdigest()
