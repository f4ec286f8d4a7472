"""The choices of a list, shared by all forms of a class: Django copies each of them, twice, for each form that is made."""

from collections.abc import Iterable, Iterator
from typing import Any, Self

from django import forms
from django.utils.choices import BaseChoiceIterator


class FixedChoices(BaseChoiceIterator):
    """Choices that nobody changes; a copy is the same object."""

    def __init__(self, choices: Iterable[Any]) -> None:
        self._choices = tuple(choices)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._choices)

    def __len__(self) -> int:
        return len(self._choices)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def share_choices(field: forms.Field) -> None:
    """Let the copies of a field share its choices, unless these are asked for anew each time. Who sets others has others."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField) and isinstance(field.choices, list):
        field.choices = FixedChoices(field.choices)
