"""代收: what merchants let the bank collect at its counter and in stores, and how the bank checks a code by itself."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import desk

MERCHANT: Final = "student-permits"
STORE_MAX: Final = 20_000
# After so many working days the merchant hears of it.
REPORTED_AFTER: Final = {"virtual_account": 1, "store": 2}
_WEIGHTS: Final = (1, 3, 7)
_VALUES: Final = "0123456789" + "ABCDEFGHI" + "JKLMNOPQR"
_CENTURY: Final = 100


@dataclass(frozen=True)
class Contract:
    """A merchant with a collection code of this bank, and where he is notified."""

    merchant: str
    notify_url: str


@dataclass(frozen=True)
class Collected:
    """What a code says that was read or typed in."""

    account: str
    amount: int
    method: str
    contract: Contract


def at_the_counter(account: str, amount: int) -> Collected:
    """臨櫃: an account, and how much is laid down. Raises ValidationError with what the teller says."""
    if not re.fullmatch(r"\d{16}", account, re.ASCII):
        raise ValidationError(_("虛擬帳號為 16 位數字。"))
    contract = _contract(account[:6])
    if check_digit(account[:15], amount) != account[15]:
        raise ValidationError(_("帳號檢查碼不符：帳號有誤，或金額與應繳金額不同。"))
    return Collected(account, amount, "virtual_account", contract)


def in_a_store(first: str, second: str, third: str, *, now: datetime) -> Collected:
    """超商: the three barcodes as the till reads them. Raises ValidationError with what its screen says."""
    shapes = ((first, r"\d{6}[0-9A-Z]{3}"), (second, r"[0-9A-Z]{16}"), (third, r"\d{4}[0-9ABXY]{2}\d{9}"))
    for place, (text, shape) in enumerate(shapes, start=1):
        if not re.fullmatch(shape, text, re.ASCII):
            raise ValidationError(_("第 %(place)s 段條碼格式不符。"), params={"place": place})
    if check_characters(first, second, third[:4] + third[6:]) != third[4:6]:
        raise ValidationError(_("條碼檢查碼不符，請重新掃描。"))
    if first[6:] != settings.STORE_ITEM_CODE:
        raise ValidationError(_("查無此代收項目。"))
    if _due(first[:6], now) < timezone.localdate(desk.clock(now)):
        raise ValidationError(_("已逾繳費期限，超商不受理。"))
    amount = int(third[6:])
    if not 0 < amount <= STORE_MAX:
        raise ValidationError(_("金額超過超商代收上限。"))
    return Collected(second, amount, "store", _contract(second[:6]))


def check_digit(number: str, amount: int) -> str:
    """The last digit of an account: weights 1, 3, 7 over code, number and the amount of ten digits."""
    digits = f"{number}{amount:010d}"
    return str(sum(int(digit) * _WEIGHTS[place % 3] for place, digit in enumerate(digits)) % 10)


def check_characters(first: str, second: str, third: str) -> str:
    """The two check characters over the three strings, the third without its two places."""
    sums = [0, 0]
    for text in (first, second, third):
        for place, character in enumerate(text):
            sums[place % 2] += _value(character)
    odd, even = (total % 11 for total in sums)
    return {0: "A", 10: "B"}.get(odd, str(odd)) + {0: "X", 10: "Y"}.get(even, str(even))


def _value(character: str) -> int:
    if character >= "S":
        return ord(character) - ord("S") + 2
    place = _VALUES.index(character)
    return place if place < 10 else (place - 10) % 9 + 1


def _contract(code: str) -> Contract:
    if code != settings.COLLECTION_CODE:
        raise ValidationError(_("非本行代收之帳號。"))
    return Contract(MERCHANT, f"{settings.BASE_URL}/payments/sandbank/notify/")


def _due(text: str, now: datetime) -> date:
    """民國 yyMMdd, of the century that is nearest."""
    this_year = timezone.localdate(now).year - 1911
    years = range(int(text[:2]), this_year + _CENTURY, _CENTURY)
    year = min(years, key=lambda each: abs(each - this_year))
    try:
        return date(year + 1911, int(text[2:4]), int(text[4:]))
    except ValueError:
        raise ValidationError(_("第 %(place)s 段條碼格式不符。"), params={"place": 1}) from None
