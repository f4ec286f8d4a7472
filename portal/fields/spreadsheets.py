"""Tables that people open in a spreadsheet program: what a person typed is never a formula there."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any, Final

# What a cell begins with that a spreadsheet would compute; some take the full-width signs, too.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

_SAVE_AS: Final = "請在試算表軟體另存為「CSV UTF-8（逗號分隔）」後再匯入"


def cell(value: Any) -> Any:
    """The value, text that would be computed marked as text. Numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_csv(rows: Iterable[Iterable[Any]]) -> bytes:
    """The rows in UTF-8 with its mark, by which Excel knows it."""
    out = StringIO()
    csv.writer(out).writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def why_no_csv(head: bytes) -> str:
    """What the first bytes of a file show it to be instead of CSV, with the way out; "" where they show nothing."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return f"這是試算表的活頁簿，不是 CSV 檔。{_SAVE_AS}"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:2]:
        return f"這個檔案是 UTF-16 文字。{_SAVE_AS}"
    first = head.partition(b"\n")[0]
    return f"這個檔案以定位字元分欄，不是逗號。{_SAVE_AS}" if b"\t" in first and b"," not in first else ""
