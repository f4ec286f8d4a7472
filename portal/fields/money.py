"""Amounts as receipts write them, and as the law does."""

_DIGITS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "萬", "億", "兆")
_AS_IN_LAW = str.maketrans("壹貳參肆伍陸柒捌玖仟佰拾", "一二三四五六七八九千百十")


def capital_amount(amount: int) -> str:
    """An amount of New Taiwan dollars in capital numerals: 新臺幣 壹仟零貳拾元整."""
    return f"新臺幣 {_numerals(amount)}元整"


def law_amount(amount: int) -> str:
    """A number as laws and the manual write it: 一千, 二千六百."""
    return _numerals(amount).translate(_AS_IN_LAW)


def _numerals(amount: int) -> str:
    if not 0 <= amount < 10 ** (4 * len(_GROUPS)):
        raise ValueError(f"no capital numerals for {amount}")
    written, gap = "", False
    for power in reversed(range(len(_GROUPS))):
        group = amount // 10_000**power % 10_000
        if group:
            skipped = bool(written) and (gap or group < 1000)
            written += ("零" if skipped else "") + _four_digits(group) + _GROUPS[power]
        gap = not group
    return written or "零"


def _four_digits(number: int) -> str:
    """A number below ten thousand; zeros between two digits are written once."""
    written, gap = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit != "0":
            written += ("零" if gap and written else "") + _DIGITS[int(digit)] + place
        gap = digit == "0"
    return written
