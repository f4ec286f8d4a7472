"""What a record is found by: every number of a person's papers, and the name in each order of its words.

Keys are cleaned in one way, so that a search is one look into an index whatever was typed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from portal.fields.names import characters

KEY_MAX: Final = 80
TEXT_MAX: Final = 200  # of what is looked at
# A shorter one would find half of all cases; a Chinese name may have two characters.
KEY_MIN: Final = 2
_NUMBER: Final = re.compile(r"_(no|id)$|^(mobile|phone)$|_(mobile|phone)$")
_NAMES: Final = ("chinese_name", "former_name", "english_name")
_MARKS: Final = re.compile(r"[\W_]+")
_TAIWAN: Final = re.compile(r"(?:00)?886(9[0-9]{8})")


def key_of(text: str) -> str:
    """How it is kept and looked for: characters without marks, one form of each; +886 912 345 678 as 0912345678."""
    key = _MARKS.sub("", characters(text[:TEXT_MAX]))[:KEY_MAX]
    mobile = _TAIWAN.fullmatch(key)
    return f"0{mobile[1]}" if mobile else key


def keys_of(numbers: Iterable[str], names: Iterable[str], *known: Mapping[str, Any]) -> set[str]:
    """The keys of these numbers and names, and of those that stand in `known` under names such as `student_no`."""
    said = chain(map(key_of, numbers), chain.from_iterable(map(_of_name, names)), chain.from_iterable(map(_said, known)))
    return {key for key in said if len(key) >= KEY_MIN}


def _said(known: Mapping[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        if isinstance(value, str) and value and name in _NAMES:
            yield from _of_name(value)
        elif isinstance(value, str) and value and _NUMBER.search(name):
            yield key_of(value)


def _of_name(name: str) -> Iterator[str]:
    """WANG, XIAO MING as WANGXIAOMING and XIAOMINGWANG; 王小明 also as 小明."""
    key, (first, *others) = key_of(name), _MARKS.sub(" ", name).strip().split() or [""]
    yield key
    yield key_of("".join((*others, first)))
    if not key.isascii():
        yield key[1:]
