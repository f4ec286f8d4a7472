"""主要功能: the menu of who is logged in as a student. Every package registers its entries in a module `menu`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise, StudentCategory


@dataclass(frozen=True)
class Link:
    """One address: `view` as `reverse` knows it, `args` after the category. `corrects_records`: there a student asks for what the
    agency's records say of them to be changed.
    """

    label: StrOrPromise
    view: str
    args: tuple[str, ...] = ()
    corrects_records: bool = False

    def address(self, category: StudentCategory) -> str:
        return reverse(self.view, args=[category, *self.args])


@dataclass(frozen=True)
class Entry:
    """One entry. Without `links` it is a link to `view`; with them a list that opens, shown as current on all of `views`.

    `views` holds names of views, or of whole apps; `place` orders the entries as the manual does.
    """

    place: int
    label: StrOrPromise
    views: frozenset[str]
    view: str = ""
    links: Callable[[StudentCategory], Iterable[Link]] | None = None


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    """Add an entry; raises ValueError when its place is taken."""
    if any(one.place == entry.place for one in _entries):
        raise ValueError(f"place {entry.place} of the menu is taken")
    _entries.append(entry)
    _entries.sort(key=lambda one: one.place)


def entries() -> tuple[Entry, ...]:
    """All entries, in order."""
    return tuple(_entries)


register(
    Entry(
        50,
        _("帳號維護"),
        frozenset({"accounts:password", "accounts:profile", "accounts:sessions"}),
        links=lambda category: (
            Link(_("密碼修改"), "accounts:password"),
            Link(_("基本資料維護"), "accounts:profile"),
            Link(_("登入中的裝置"), "accounts:sessions"),
        ),
    )
)
