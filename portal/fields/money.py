"""Amounts as receipts write them."""

_DIGITS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "萬", "億", "兆")


def capital_amount(amount: int) -> str:
    """An amount of New Taiwan dollars in capital numerals: 新臺幣 壹仟零貳拾元整."""
    if not 0 <= amount < 10 ** (4 * len(_GROUPS)):
        raise ValueError(f"no capital numerals for {amount}")
    written, gap = "", False
    for power in reversed(range(len(_GROUPS))):
        group = amount // 10_000**power % 10_000
        if group:
            skipped = bool(written) and (gap or group < 1000)
            written += ("零" if skipped else "") + _four_digits(group) + _GROUPS[power]
        gap = not group
    return f"新臺幣 {written or '零'}元整"


def _four_digits(number: int) -> str:
    """A number below ten thousand; zeros between two digits are written once."""
    written, gap = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit != "0":
            written += ("零" if gap and written else "") + _DIGITS[int(digit)] + place
        gap = digit == "0"
    return written
