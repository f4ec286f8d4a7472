"""What people type, paste, or an input method writes, as it is kept: one function for every field, search and import.

Nobody sees direction marks, zero widths, controls and blanks that are no blanks, and nobody means them; full-width characters
are the usual ones. How much more is put right hangs on what the text is (`Shape`), and a field's shape follows from
what the field is, so that a new field is cleaned without asking for it (tests/fields/test_typed.py).
"""

import enum
import re
import unicodedata
from typing import Any, Final

from django import forms


class Shape(enum.Enum):
    """What a text is. PROSE has lines; VALUE is a number, a date, an address, a 帳號: no punctuation stands at its ends.

    EXACT is a password or a search: nothing is taken off its ends.
    """

    PROSE = "prose"
    LINE = "line"
    VALUE = "value"
    EXACT = "exact"


# No value is longer with all its blanks; the work is never more than that. Lines and prose are measured by their fields first.
VALUE_MAX: Final = 1100
# Unicode counts these among the characters that draw something; they draw a blank, or nothing.
_DRAW_NOTHING: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_WIDE_BLANK: Final = "\u3000"
# What an input method adds before or after a value; a line may end in a full stop, but not in these.
_AT_ENDS: Final = {Shape.VALUE: ",，、;；:：.。．｡!！?？\"'“”‘’「」『』<>《》〈〉()（）", Shape.LINE: ",，、;；"}
_HYPHENS: Final = re.compile(r"[\u00ad\u058a\u05be\u2010-\u2015\u2043\u2212\u30fb\u30fc\ufe58\ufe63\uff0d\u2500]")


def cleaned(text: str, shape: Shape) -> str:
    """The text as it is kept. Cleaning twice is cleaning once: what stood apart may come together, so it is looked at again."""
    text = text[:VALUE_MAX] if shape is Shape.VALUE else text
    while (again := _once(text, shape)) != text:
        text = again
    return text


def _once(text: str, shape: Shape) -> str:
    if shape is Shape.PROSE:
        return _prose(text)
    if shape is Shape.LINE:
        seen = unicodedata.normalize("NFC", visible(text if text.isascii() else _half_width(text)))
    else:
        seen = unicodedata.normalize("NFKC", visible(unicodedata.normalize("NFKC", text), variants=False))
    return seen if shape is Shape.EXACT else _without_ends(" ".join(seen.split()), shape)


def value(text: str) -> str:
    """A number, a date, an address, a 帳號 or a search."""
    return cleaned(text, Shape.VALUE)


def line(text: str) -> str:
    """One line of text."""
    return cleaned(text, Shape.LINE)


def with_hyphens(text: str) -> str:
    """Every dash that a keyboard or a word processor writes as the one hyphen."""
    return _HYPHENS.sub("-", text)


def visible(text: str, *, variants: bool = True) -> str:
    """The text without what nobody sees in it: controls, zero widths, directions, blanks that pass for text.

    `variants`: the selector of a Han character's form stays with it, for papers draw it so.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    for character in text:
        kept.append(_visible(character, after=kept[-1] if kept and variants else ""))
    return "".join(kept)


def shape_of(field: forms.Field) -> Shape | None:
    """How what is typed into that field is cleaned; None: nobody types there. A field may say so itself by `shape`."""
    if hasattr(field, "shape"):
        said: Shape | None = field.shape
        return said
    if field.disabled or isinstance(field.widget, forms.HiddenInput):
        return None
    if isinstance(field, forms.EmailField | forms.DateField | forms.IntegerField):
        return Shape.VALUE
    if not isinstance(field, forms.CharField):
        return None
    if isinstance(field.widget, forms.PasswordInput):
        return Shape.EXACT
    return Shape.PROSE if isinstance(field.widget, forms.Textarea) else Shape.LINE


def cleaned_for(field: forms.Field, typed: Any) -> Any:
    """What was typed into that field, cleaned as the field asks for."""
    shape = shape_of(field)
    return cleaned(typed, shape) if shape and isinstance(typed, str) else typed


def _prose(text: str) -> str:
    """Lines stay lines, and punctuation is as it was typed: 「，」 is right in a sentence."""
    if not text.isascii():
        text = _half_width(text.replace("\u2028", "\n").replace("\u2029", "\n"))
    seen = visible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return unicodedata.normalize("NFC", seen).strip()


def _half_width(text: str) -> str:
    """Letters, digits and blanks in their usual forms; punctuation and symbols stay."""
    return "".join(map(_usual, unicodedata.normalize("NFC", text)))


def _usual(character: str) -> str:
    if character.isascii() or character == _WIDE_BLANK or unicodedata.category(character) not in _FOLDED:
        return character
    return unicodedata.normalize("NFKC", character)


_FOLDED: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Zs"})


def _visible(character: str, *, after: str) -> str:
    """The character as a line of text keeps it, or nothing."""
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return character if after and unicodedata.category(after) == "Lo" else ""
    category = unicodedata.category(character)
    if category in {"Zl", "Zp", "Cc"} and character.isspace():
        return character if character in "\t\n\r" else " "
    return "" if category in {"Cc", "Cf", "Cs"} or character in _DRAW_NOTHING else character


def _without_ends(text: str, shape: Shape) -> str:
    if shape is Shape.LINE:
        return text.rstrip(_AT_ENDS[shape] + " ")
    return text.strip(_AT_ENDS[shape] + " ")
