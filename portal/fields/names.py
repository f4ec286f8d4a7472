"""Names of people: their characters, by which they are compared; their marks; and which Han characters are simplified.

The characters stand in data files and in ranges of Unicode written down here: no old character set and no interpreter's own
Unicode decides what a name is (data/README.md says where they come from).
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from .typed import line, value, with_hyphens

_DATA: Final = Path(__file__).with_name("data")
# Han characters: 〇, the unified ones with their extensions A to J, and what is compatible with them.
_HAN: Final = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x33479))
# One list of what stands between the parts of a name, as different keyboards write it. Blanks do, too.
DOTS: Final = "·‧・･•∙⋅᛫●．.。｡˙ꞏ⸱⸳\u0387\u2024"
APOSTROPHES: Final = "'’‘‛ʼʻʽ`´＇′ˈꞌ\u02b9\u055a"
_COMMAS: Final = ",，、;；"
SEPARATORS: Final = frozenset(DOTS + APOSTROPHES + _COMMAS + "-_/")
_DOT: Final = re.compile(rf"\s*[{re.escape(DOTS)}]+\s*")
_APOSTROPHE: Final = re.compile(rf"[{re.escape(APOSTROPHES)}]")
_COMMA: Final = re.compile(r"\s*,\s*")


def characters(name: str) -> str:
    """By what names are compared and searched: their characters, in capitals, without marks and blanks.

    Glyph variants, and simplified and traditional forms of one character, are one.
    """
    plain = value(with_hyphens(_without_marks(restored(name)))).upper()
    return "".join(_same().get(each, each) for each in _without_marks(plain))


def _without_marks(text: str) -> str:
    return "".join(each for each in text if not (each in SEPARATORS or each.isspace()))


def chinese(name: str) -> str:
    """A Chinese name as it is kept: one kind of dot between its parts, no blanks, no private code points."""
    return re.sub(r"\s+", "" if _is_mostly_han(name) else " ", _DOT.sub("·", line(restored(name)))).strip("· ")


def latin(name: str) -> str:
    """A name in Latin script as papers write it: capitals, straight apostrophes, one blank after a comma."""
    plain = with_hyphens(_APOSTROPHE.sub("'", line(name)))
    return _COMMA.sub(", ", value(plain).upper().translate(_MIDDLE_DOTS)).strip()


def restored(text: str) -> str:
    """The text with the characters that older GB18030 fonts kept at private code points: U+E863 is 䶮."""
    return text.translate(_private())


def is_han(character: str) -> bool:
    """Whether it is a Han character, rare ones included."""
    return any(first <= ord(character) <= last for first, last in _HAN)


def is_name_in_han(name: str) -> bool:
    """Whether Han characters and dots between them are all there is."""
    return bool(name) and all(is_han(each) or each in DOTS for each in name)


def simplified(name: str) -> str:
    """Those of its characters that only the simplified script has, each once."""
    return "".join(dict.fromkeys(each for each in name if each in _traditional()))


def traditional(name: str) -> str:
    """The name as the traditional script most likely writes it."""
    return "".join(_traditional().get(each, each) for each in name)


# What stands between the given name and the father's is a blank on the travel document.
_MIDDLE_DOTS: Final = {ord(dot): " " for dot in DOTS if dot not in ".．"}


def _is_mostly_han(name: str) -> bool:
    return any(map(is_han, name))


def _rows(file: str) -> Iterator[list[str]]:
    with (_DATA / file).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        yield from rows


@cache
def _traditional() -> dict[str, str]:
    return dict(_rows("simplified.csv"))


@cache
def _same() -> dict[str, str]:
    return {character: row[0][0] for row in _rows("variants.csv") for character in row[0]}


@cache
def _private() -> dict[int, str]:
    return {int(code, 16): character for code, character in _rows("private_use.csv")}
