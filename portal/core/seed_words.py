"""What the pages of a fresh site say, one set of words for each language; editors change it in the admin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Blocks = list[tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class PageWords:
    """What every page says. `slug` is the same in all languages, so that addresses differ by the language alone.

    Only the landing pages, which stand side by side at the root of the tree and show theirs nowhere, have one each.
    """

    title: str
    slug: str
    introduction: str
    search_description: str

    def fields(self) -> dict[str, Any]:
        """The fields of the page's model."""
        return {
            "title": self.title,
            "slug": self.slug,
            "introduction": self.introduction,
            "search_description": self.search_description,
        }


def blocks(block: str, rows: Mapping[str, Any], *, names: tuple[str, str] = ("title", "text")) -> Blocks:
    """The rows as blocks of a StreamField, each a pair of fields."""
    return [(block, dict(zip(names, row, strict=True))) for row in rows.items()]
