"""Questions and documents that are asked only where another answer makes them necessary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OnlyIf:
    """Holds where the answer to `field` is one of `values`.

    A choice is its code, a tick box True or False (not answered is False); of several choices one among `values` is enough.
    """

    field: str
    values: frozenset[str | bool]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether it does; `answers` may be incomplete."""
        given = answers.get(self.field) or False
        return not self.values.isdisjoint(given if isinstance(given, list) else [given])

    @property
    def wanted(self) -> str:
        """The values for a script: `true` and `false` are a tick box's."""
        return " ".join(sorted(str(value).lower() if isinstance(value, bool) else value for value in self.values))


def only_if(field: str, *values: str | bool) -> OnlyIf:
    """Only where that answer is one of these."""
    return OnlyIf(field, frozenset(values))
