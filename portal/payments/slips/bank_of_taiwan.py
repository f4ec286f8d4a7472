"""虛擬帳號 as the Bank of Taiwan has it: 代收類別 (6) + 自訂編號 (9) + a check digit in which the amount is."""

from typing import Final

from portal.fields.identifiers import check_digit

AMOUNT_MAX: Final = 10**10 - 1


def account(collection_code: str, number: str, amount: int) -> str:
    """The account of sixteen digits into which exactly that amount is paid. Raises ValueError."""
    if not (_is_number(collection_code, 6) and _is_number(number, 9)):
        raise ValueError(f"no account from {collection_code!r} and {number!r}")
    if not 0 < amount <= AMOUNT_MAX:
        raise ValueError(f"no account for {amount}")
    return collection_code + number + check_digit(f"{collection_code}{number}{amount:010d}")


def _is_number(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
