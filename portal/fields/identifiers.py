"""Numbers of people and papers: how they are cleaned, checked, made and masked."""

import re
import unicodedata

from .typed import value, with_hyphens

_BLANKS_AND_HYPHENS = re.compile(r"[\s-]+")

# More than any number of ours with all its blanks; unicodedata takes seconds for a megabyte.
CODE_MAX = 200

_CHARACTER_VALUES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33],
        strict=True,
    )
)
# A to D stand in the second place of numbers given before 2021, 8 and 9 in those given since.
_UI_NO = re.compile(r"[A-Z][A-D89][0-9]{8}")
# 身分證字號 of a national.
_NATIONAL_ID = re.compile(r"[A-Z][12][0-9]{8}")
_UI_NO_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1, 1)

_PERMIT_NO = re.compile(r"[0-9]{12}")


def clean_code(text: str) -> str:
    """A number as it is kept: half-width, upper case, without blanks and hyphens. What is longer than any number is cut first."""
    shown = text[:CODE_MAX]
    # Again until nothing changes: what stood apart may have come together.
    while (again := value(_BLANKS_AND_HYPHENS.sub("", with_hyphens(value(shown))).upper())) != shown:
        shown = again
    return shown


def is_ui_no(text: str) -> bool:
    """Whether it is a 統一證號, of the old or the new format, with the right check digit."""
    return bool(_UI_NO.fullmatch(text)) and _is_checked(text)


def is_national_id(text: str) -> bool:
    """Whether it is a 身分證字號 with the right check digit."""
    return bool(_NATIONAL_ID.fullmatch(text)) and _is_checked(text)


def _is_checked(text: str) -> bool:
    first = _CHARACTER_VALUES[text[0]]
    second = int(text[1]) if text[1].isdigit() else _CHARACTER_VALUES[text[1]] % 10
    digits = [second, *map(int, text[2:])]
    total = first // 10 + first % 10 * 9 + sum(d * w for d, w in zip(digits, _UI_NO_WEIGHTS, strict=True))
    return total % 10 == 0


def is_permit_no(text: str) -> bool:
    """Whether it has the form of a 許可證號 or 收件號: twelve digits."""
    return bool(_PERMIT_NO.fullmatch(text))


def whole_permit_no(text: str, *, roc_year: int) -> str:
    """A 許可證號 as it was typed, cleaned; a short one as staff write it (the year first, zeros appended) is made whole."""
    number = clean_code(text)
    is_short = number.isascii() and number.isdigit() and 4 <= len(number) < 12 and number.startswith("1")
    return number.ljust(12, "0") if is_short and int(number[:3]) <= roc_year else number


def check_digit(body: str) -> str:
    """The last digit of a 收件號 whose first eleven are `body`: weights 1, 3, 7 repeated, sum modulo 10."""
    return str(sum(int(d) * (1, 3, 7)[i % 3] for i, d in enumerate(body)) % 10)


def case_no(*, roc_year: int, digit: str, serial: int) -> str:
    """The 收件號 of the `serial`th case of a kind (`digit`) in a year: ROC year, kind, serial, check digit."""
    body = f"{roc_year:03d}{digit}{serial:07d}"
    if len(body) != 11 or not body.isascii() or not body.isdigit():
        raise ValueError(f"no receipt number of twelve digits from year {roc_year}, digit {digit!r}, serial {serial}")
    return body + check_digit(body)


def mask(text: str) -> str:
    """A number for papers that strangers may see: the first and last three characters; of a short one the first only."""
    head, tail = (text[:3], text[-3:]) if len(text) > 8 else (text[:1], "")
    return head + "*" * (len(text) - len(head) - len(tail)) + tail


def masked_name(name: str) -> str:
    """王小明 as 王○明: the first and the last character; of a name of two only the first."""
    characters = unicodedata.normalize("NFC", name)
    return characters[:1] + "○" * max(len(characters) - 2, 1) + (characters[-1] if len(characters) > 2 else "")
