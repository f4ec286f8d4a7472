"""The three barcodes of a convenience store 超商代收: last day and item, 銷帳編號, and amount with two check characters."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from portal.fields.dates import roc_year

# Digits stand for themselves, A-I and J-R for 1-9, S-Z for 2-9.
_VALUES: Final = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", map(int, "012345678912345678912345678923456789"), strict=True))
_ODD: Final = {0: "A", 10: "B"}
_EVEN: Final = {0: "X", 10: "Y"}
AMOUNT_MAX: Final = 10**9 - 1


def barcodes(*, pay_until: date, item_code: str, number: str, amount: int) -> tuple[str, str, str]:
    """The three strings of a slip. 應繳月日 in the third is the last day. Raises ValueError."""
    if not (re.fullmatch(r"[0-9A-Z]{3}", item_code) and re.fullmatch(r"[0-9A-Z]{1,16}", number)):
        raise ValueError(f"no barcodes from {item_code!r} and {number!r}")
    first = f"{roc_year(pay_until) % 100:02d}{pay_until:%m%d}{item_code}"
    second = number.rjust(16, "0")
    return first, second, third(first, second, f"{pay_until:%m%d}", amount)


def third(first: str, second: str, month_and_day: str, amount: int) -> str:
    """The third barcode: 應繳月日, the two check characters over all three, and the amount."""
    if not 0 < amount <= AMOUNT_MAX:
        raise ValueError(f"no barcode for {amount}")
    written = f"{amount:09d}"
    parts = (first, second, month_and_day + written)
    odd, even = (_sum(part[start::2] for part in parts) % 11 for start in (0, 1))
    return month_and_day + _ODD.get(odd, str(odd)) + _EVEN.get(even, str(even)) + written


def _sum(parts: Iterable[str]) -> int:
    return sum(_VALUES[character] for part in parts for character in part)
