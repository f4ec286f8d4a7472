"""What has to be said in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.cms.seeding import PageWords, blocks


@dataclass(frozen=True, kw_only=True)
class HomePageWords(PageWords):
    """首頁."""

    features: Mapping[str, str]

    def fields(self) -> dict[str, Any]:
        return {**super().fields(), "features": blocks("feature", self.features)}


@dataclass(frozen=True, kw_only=True)
class StandardPageWords(PageWords):
    """一般頁面, and 網站導覽: each part of the body is one block of rich text."""

    body: tuple[str, ...]

    def fields(self) -> dict[str, Any]:
        return {**super().fields(), "body": [("text", part) for part in self.body]}


@dataclass(frozen=True, kw_only=True)
class Words:
    """All that this package's pages say in one language."""

    home: HomePageWords
    entry_button: str
    student: str
    about: StandardPageWords
    privacy: StandardPageWords
    accessibility: StandardPageWords
    sitemap: StandardPageWords
