"""CheckMacValue 檢查碼: ECPay's signature over the fields of a form.

As its documentation has it, not as its Python package does it, which leaves `~` as it is.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus

FIELD: Final = "CheckMacValue"
# What .NET leaves as it is besides A-Z, a-z and 0-9; Python leaves `~` of its own accord.
_KEPT: Final = "-_.!*()"


def check_mac_value(fields: Mapping[str, str], key: str, iv: str) -> str:
    """Over every field but itself, empty ones too, sorted without regard to case."""
    signed = sorted(((name, value) for name, value in fields.items() if name != FIELD), key=lambda field: field[0].lower())
    text = "&".join([f"HashKey={key}", *(f"{name}={value}" for name, value in signed), f"HashIV={iv}"])
    return hashlib.sha256(_encoded(text).encode()).hexdigest().upper()


def is_right(fields: Mapping[str, str], key: str, iv: str) -> bool:
    """Whether the fields carry their own CheckMacValue; compared in constant time."""
    return hmac.compare_digest(fields.get(FIELD, "").encode(), check_mac_value(fields, key, iv).encode())


def _encoded(text: str) -> str:
    return quote_plus(text, safe=_KEPT).replace("~", "%7e").lower()
