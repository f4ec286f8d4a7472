"""What has to be said in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.cms.seeding import PageWords, blocks
from portal.home.seed_content.shape import StandardPageWords

from ..category import CHINA_STUDENT


@dataclass(frozen=True, kw_only=True)
class ChinaStudentPageWords(PageWords):
    """說明頁 of 陸生. `document_notes` are by kind and document; the values of `faq`, and what is no list, are rich text."""

    card_text: str
    eligibility: str
    services: Mapping[str, str]
    steps: Mapping[str, str]
    document_notes: Mapping[str, str]
    document_rules: str
    processing: str
    faq: Mapping[str, str]
    leaving: StandardPageWords  # a page of its own below

    def fields(self) -> dict[str, Any]:
        return {
            **super().fields(),
            "card_text": self.card_text,
            "eligibility": self.eligibility,
            "services": blocks("service", self.services),
            "steps": blocks("step", self.steps),
            "document_notes": [
                ("note", {"line": f"{CHINA_STUDENT.slug}.{line}", "note": note}) for line, note in self.document_notes.items()
            ],
            "document_rules": self.document_rules,
            "processing": self.processing,
            "faq": blocks("question", self.faq, names=("question", "answer")),
        }
