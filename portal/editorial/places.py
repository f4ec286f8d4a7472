"""Where guidance stands: at the head of each flow. Every package registers its own places in a module `places`.

A place is the name of an app in addresses, a dot, and what is there (`forms.permit`).
"""

from collections.abc import Mapping

_places: dict[str, str] = {}


def register(places: Mapping[str, str]) -> None:
    """Add places with what editors call them; raises ValueError when one is there already."""
    if taken := places.keys() & _places.keys():
        raise ValueError(f"places are registered twice: {', '.join(sorted(taken))}")
    _places.update(places)


def choices() -> list[tuple[str, str]]:
    """Every place with its name, for the admin."""
    return list(_places.items())
