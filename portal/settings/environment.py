"""The environment, read one variable at a time.

What cannot be read is named together with what it should look like, and never shown: it may hold a password.
"""

import os
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

YES: Final = frozenset({"on", "true", "yes", "1"})
NO: Final = frozenset({"off", "false", "no", "0"})
ENCODED: Final = (
    "write scheme://user:password@host:port/name, with each character of user and password but A-Z, a-z and 0-9 as %XX"
)


class Environment:
    """Variables by name. Space around a value is no part of it."""

    def text(self, name: str, default: str = "") -> str:
        """As it stands; an empty one is as good as none."""
        return os.environ.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """On or off. A word that is neither is no answer, least of all the less safe one."""
        said = self.text(name).lower()
        if said and said not in YES | NO:
            raise unreadable(name, "say on or off")
        return said in YES if said else default

    def number(self, name: str, *, default: int) -> int:
        """A whole number, not below 0."""
        said = self.text(name, str(default))
        if not (said.isascii() and said.isdecimal()):
            raise unreadable(name, "say a whole number")
        return int(said)

    def names(self, name: str, *, default: Collection[str] = ()) -> list[str]:
        """Several by commas."""
        return _parts(self.text(name)) or [*default]

    def pairs(self, name: str, *, default: Mapping[str, str]) -> dict[str, str]:
        """`name=value`, several by commas. An empty one says that there are none."""
        if name not in os.environ:
            return dict(default)
        pairs = [[side.strip() for side in part.partition("=")] for part in _parts(self.text(name))]
        if not all(all(pair) for pair in pairs):
            raise unreadable(name, "write name=value, several by commas")
        return {left: right for left, _equals, right in pairs}

    def amounts(self, name: str) -> dict[str, int]:
        """`name=amount`, several by commas; the amounts are whole numbers."""
        pairs = self.pairs(name, default={})
        if not all(amount.isascii() and amount.isdecimal() for amount in pairs.values()):
            raise unreadable(name, "write name=amount, several by commas, each amount a whole number")
        return {each: int(amount) for each, amount in pairs.items()}

    def url(self, name: str, *, schemes: Collection[str] = (), default: str = "") -> str:
        """The address of a server, with what stands before the colon one of `schemes`, if there are any; several by semicolons,
        as Celery takes brokers.
        """
        said = self.text(name, default)
        for each in filter(None, said.split(";")):
            scheme = _scheme(name, each)
            if schemes and scheme not in schemes:
                raise unreadable(name, f"it begins with one of {', '.join(f'{known}://' for known in schemes)}")
        return said


def unreadable(name: str, how: str) -> ImproperlyConfigured:
    """The error that names the variable, and says how it is written."""
    return ImproperlyConfigured(f"{name} cannot be read: {how}")


def _scheme(name: str, address: str) -> str:
    """What stands before the colon, if the rest can be an address, too."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises where it is no number
    except ValueError:
        raise unreadable(name, ENCODED) from None
    # A password with one of these ends the name of the host too soon, and something else is asked.
    if parts.fragment or "@" in parts.path + parts.query:
        raise unreadable(name, ENCODED)
    return parts.scheme


def _parts(text: str) -> list[str]:
    return [part for part in map(str.strip, text.split(",")) if part]
