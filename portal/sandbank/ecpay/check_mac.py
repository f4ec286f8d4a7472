"""CheckMacValue, as ECPay reckons it."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.conf import settings

NAME: Final = "CheckMacValue"
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!*()")
_SPACE: Final = ord(" ")


def reckon(fields: Mapping[str, str], key: str, iv: str) -> str:
    """Over all fields but itself, in the order of their names in lower case."""
    text = f"HashKey={key}"
    for name in sorted(fields, key=str.lower):
        if name != NAME:
            text += f"&{name}={fields[name]}"
    encoded = "".join(_encoded(byte) for byte in f"{text}&HashIV={iv}".encode())
    return hashlib.sha256(encoded.lower().encode()).hexdigest().upper()


def _encoded(byte: int) -> str:
    if byte in _PLAIN:
        return chr(byte)
    return "+" if byte == _SPACE else f"%{byte:02X}"


def read(body: bytes) -> dict[str, str] | None:
    """The fields of a merchant's form, or None: not whole, not his, or not of our merchant. Without keys there is none."""
    if not (settings.ECPAY_MERCHANT_ID and settings.ECPAY_HASH_KEY and settings.ECPAY_HASH_IV):
        return None
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=60)
    except ValueError:
        return None
    fields = dict(pairs)
    right = reckon(fields, settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV)
    is_his = fields.get("MerchantID") == settings.ECPAY_MERCHANT_ID and hmac.compare_digest(
        fields.get(NAME, "").encode(), right.encode()
    )
    return fields if is_his and len(fields) == len(pairs) else None


def write(fields: Mapping[str, str], *, key: str = "") -> bytes:
    """A signed form. `key` is somebody else's."""
    mac = reckon(fields, key or settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV)
    return urlencode({**fields, NAME: mac}).encode()
