"""What has to be said in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.seed_words import PageWords, blocks


@dataclass(frozen=True, kw_only=True)
class EntryPageWords(PageWords):
    """整合式單一入口形象頁."""

    steps: Mapping[str, str]

    def fields(self) -> dict[str, Any]:
        return {**super().fields(), "steps": blocks("step", self.steps)}


@dataclass(frozen=True, kw_only=True)
class NoticeWords:
    """公告: `level` is info or warning, `text` is rich text."""

    level: str
    title: str
    text: str

    def fields(self) -> dict[str, Any]:
        """What the notice's model takes."""
        return {"level": self.level, "title": self.title, "text": self.text}


@dataclass(frozen=True, kw_only=True)
class Words:
    """All that this package's pages say in one language."""

    entry: EntryPageWords
    notices: tuple[NoticeWords, ...]
