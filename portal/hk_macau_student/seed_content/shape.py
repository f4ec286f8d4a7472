"""What has to be said in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.cms.seeding import PageWords, blocks


@dataclass(frozen=True, kw_only=True)
class HkMacauStudentPageWords(PageWords):
    """說明頁 of 港澳僑生. The values of `faq` are rich text."""

    card_text: str
    faq: Mapping[str, str]

    def fields(self) -> dict[str, Any]:
        return {
            **super().fields(),
            "card_text": self.card_text,
            "faq": blocks("question", self.faq, names=("question", "answer")),
        }
