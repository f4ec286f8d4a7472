"""Which characters can stand on our papers. Forms ask here: nothing loads WeasyPrint, which takes most of a second."""

import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

# In order of preference; static/portal/pdf/document.css names the same. One face, because each costs 70 ms to cut down.
FAMILIES: Final = ("Noto Sans CJK TC", "HanaMinA", "HanaMinB")
# A line of a paper runs from left to right, and nothing in it turns it round.
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_DIRECTIONS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Of the characters without a shape only these are left out where a line is drawn; the others become boxes.
_LEFT_OUT: Final = frozenset("\t\n\r\u00ad\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff")
# Is set from two, of which HanaMinA has one.
_SARA_AM: Final = "\u0e33"
_MARKS_MOST: Final = 2  # ế; more of them run into the lines above
_NAMED: Final = 5  # in one message


def undrawable(text: str) -> list[str]:
    """The characters of the text that no paper shows as they are, each once."""
    alone = (c for c in dict.fromkeys(text) if _turns_the_line(c) or not (_draws_nothing(c) or _has_glyph(c)))
    return list(dict.fromkeys([*alone, *_heaped(text)]))


def described(characters: Sequence[str]) -> str:
    """Characters for a message: 😀（U+1F600）、U+202E."""
    named = [f"{c}（{code_point(c)}）" if _is_shown(c) else code_point(c) for c in characters[:_NAMED]]
    return "、".join(named) + ("…" if len(characters) > _NAMED else "")


def code_point(character: str) -> str:
    """U+1F600."""
    return f"U+{ord(character):04X}"


def spelled_out(text: str) -> str:
    """The text with what no paper shows written as its code point: IMG（U+1F600）.jpg."""
    missing = {ord(character): f"（{code_point(character)}）" for character in undrawable(text)}
    return text.translate(missing)


def missing_families() -> list[str]:
    """The families that are not installed here."""
    return [family for family in FAMILIES if _file_of(family) is None]


@cache
def characters_of(family: str) -> frozenset[int]:
    """The code points of an installed font, without its private ones; nothing if it is not installed."""
    file = _file_of(family)
    if file is None:
        return frozenset()
    path, index = file
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(code for code in font.getBestCmap() if unicodedata.category(chr(code)) != "Co")


def _file_of(family: str) -> tuple[str, int] | None:
    question = ["fc-match", "--format=%{family[0]}\t%{file}\t%{index}", f"{family}:weight=80"]
    try:
        answer = subprocess.run(question, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own constants
    except FileNotFoundError:
        return None
    found, path, index = answer.split("\t")
    return (path, int(index)) if found == family else None


def _has_glyph(character: str) -> bool:
    """Whether a font has it; the rarer fonts are opened for what the first one has not."""
    if _is_emoji(character) or character == _SARA_AM or unicodedata.category(character) == "Cf":
        return False
    return any(ord(character) in characters_of(family) for family in FAMILIES)


def _heaped(text: str) -> Iterator[str]:
    """Combining marks above or below one character that has enough of them."""
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_MOST:
            yield character


def _draws_nothing(character: str) -> bool:
    return character in _LEFT_OUT or _selects_a_variant(character) or unicodedata.category(character) == "Zs"


def _turns_the_line(character: str) -> bool:
    return character in _DIRECTIONS or unicodedata.bidirectional(character) in _RIGHT_TO_LEFT


def _selects_a_variant(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_emoji(character: str) -> bool:
    """Pango draws these with whatever coloured font the machine has, not with ours."""
    return "\U0001f000" <= character <= "\U0001faff"


def _is_shown(character: str) -> bool:
    return character.isprintable() and not _turns_the_line(character)
