"""Where guidance stands: at the head of each flow. Every package registers its own places in a module `places`.

A place is the name of an app in addresses, a dot, and what is there (`forms.permit`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.categories import StrOrPromise


@dataclass(frozen=True)
class Place:
    """What editors call it, and what a preview shows around it: the page's title, the part of the page, and the look there."""

    name: str
    page: StrOrPromise
    section: StrOrPromise = ""
    css_class: str = "guidance"


_places: dict[str, Place] = {}


def register(places: Mapping[str, Place]) -> None:
    """Add places; raises ValueError when one is there already."""
    if taken := places.keys() & _places.keys():
        raise ValueError(f"places are registered twice: {', '.join(sorted(taken))}")
    _places.update(places)


def choices() -> list[tuple[str, str]]:
    """Every place with its name, for the admin."""
    return [(key, place.name) for key, place in _places.items()]


def get(key: str) -> Place | None:
    """The place, if any package still has it."""
    return _places.get(key)
