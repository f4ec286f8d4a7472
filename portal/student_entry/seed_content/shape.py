"""What has to be said in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.cms.seeding import PageWords, blocks


@dataclass(frozen=True, kw_only=True)
class EntryPageWords(PageWords):
    """整合式單一入口形象頁."""

    steps: Mapping[str, str]

    def fields(self) -> dict[str, Any]:
        return {**super().fields(), "steps": blocks("step", self.steps)}
