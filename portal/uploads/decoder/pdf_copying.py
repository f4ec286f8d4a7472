"""Copying a PDF's objects by a description of what they may be. What is not described is not copied.

A description is a function of the copier and the value that came: it gives a new value, or DROPPED.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import pikepdf

from .problems import ContentRefused, Reason

Kind = Callable[["Copier", Any], Any]
DROPPED: Final = object()
MAX_VALUES = 300_000
MAX_DEPTH = 80
MAX_TEXT = 64 * 1024


class Copier:
    """Copies into `target`; what was referred to twice is copied once for each kind of thing that it is taken for."""

    def __init__(self, target: pikepdf.Pdf) -> None:
        self.target = target
        self.copied: dict[tuple[tuple[int, int], Kind], Any] = {}
        self.values = 0
        self.depth = 0
        self.inflated = 0

    def copy(self, value: Any, kind: Kind) -> Any:
        """The copy, or DROPPED."""
        if value is None:
            return DROPPED
        self.values += 1
        if self.values > MAX_VALUES or self.depth > MAX_DEPTH:
            raise ContentRefused(Reason.TOO_COMPLEX)
        if not isinstance(value, pikepdf.Object) or not value.is_indirect:
            return self._below(value, kind)
        key = (value.objgen, kind)
        if key not in self.copied:
            copy = self._below(value, kind)
            self.copied.setdefault(key, copy)
        return self.copied[key]

    def _below(self, value: Any, kind: Kind) -> Any:
        self.depth += 1
        try:
            return kind(self, value)
        finally:
            self.depth -= 1

    def announce(self, value: pikepdf.Object, kind: Kind, copy: Any) -> None:
        """The copy that is being made, for what it refers to and what refers back."""
        if value.is_indirect:
            self.copied[value.objgen, kind] = copy


def number(copier: Copier, value: Any) -> Any:
    """A number; not true or false."""
    return value if isinstance(value, int | Decimal | float) and not isinstance(value, bool) else DROPPED


def boolean(copier: Copier, value: Any) -> Any:
    """True or false."""
    return value if isinstance(value, bool) else DROPPED


def name(copier: Copier, value: Any) -> Any:
    """A name."""
    return pikepdf.Name(str(value)) if isinstance(value, pikepdf.Name) else DROPPED


def text(copier: Copier, value: Any) -> Any:
    """A string, which in the places where it is allowed is only data."""
    if not isinstance(value, pikepdf.String):
        return DROPPED
    plain = bytes(value)
    return pikepdf.String(plain) if len(plain) <= MAX_TEXT else DROPPED


def one_of(*names: str) -> Kind:
    """One of these names."""

    def kind(copier: Copier, value: Any) -> Any:
        return pikepdf.Name(str(value)) if isinstance(value, pikepdf.Name) and str(value) in names else DROPPED

    return kind


def either(*kinds: Kind) -> Kind:
    """The first of the kinds that the value is."""

    def kind(copier: Copier, value: Any) -> Any:
        return next((copy for each in kinds if (copy := copier.copy(value, each)) is not DROPPED), DROPPED)

    return kind


def all_of(each: Kind) -> Kind:
    """An array of that kind; one wrong element, and it is dropped."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Array):
            return DROPPED
        copies = [copier.copy(item, each) for item in value]
        return DROPPED if DROPPED in copies else pikepdf.Array(copies)

    return kind


def some_of(each: Kind) -> Kind:
    """An array of those elements that are of that kind."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Array):
            return DROPPED
        return pikepdf.Array([copy for item in value if (copy := copier.copy(item, each)) is not DROPPED])

    return kind


def tuple_of(*kinds: Kind) -> Kind:
    """An array whose elements are of these kinds, one after the other; more elements are dropped."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Array) or len(value) < len(kinds):
            return DROPPED
        copies = [copier.copy(value[at], each) for at, each in enumerate(kinds)]
        return DROPPED if DROPPED in copies else pikepdf.Array(copies)

    return kind


def named(each: Kind) -> Kind:
    """A dictionary whose keys are anybody's and whose values are of that kind."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Dictionary) or isinstance(value, pikepdf.Stream):
            return DROPPED
        copies = {key: copier.copy(value[key], each) for key in value.keys()}  # noqa: SIM118  # not a dict
        return pikepdf.Dictionary({key: copy for key, copy in copies.items() if copy is not DROPPED})

    return kind


def record(fields: Mapping[str, Kind], *, needs: Mapping[str, str] | None = None, must: tuple[str, ...] = ()) -> Kind:
    """A dictionary of these keys, if it `needs` these names under these keys and has those it `must`."""

    def kind(copier: Copier, value: Any) -> Any:
        if not isinstance(value, pikepdf.Dictionary) or isinstance(value, pikepdf.Stream):
            return DROPPED
        if any(value.get(key) != wanted for key, wanted in (needs or {}).items()):
            return DROPPED
        new = pikepdf.Dictionary()
        if value.is_indirect:
            new = copier.target.make_indirect(new)
        copier.announce(value, kind, new)
        fill(copier, value, new, fields)
        if any(key not in new for key in must):
            copier.announce(value, kind, DROPPED)
            return DROPPED
        return new

    return kind


def fill(copier: Copier, value: Any, new: Any, fields: Mapping[str, Kind]) -> None:
    """Copy the keys that are described."""
    for key, kind in fields.items():
        if key in value and (copy := copier.copy(value[key], kind)) is not DROPPED:
            new[key] = copy
