"""What has to be said in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from portal.cms.seeding import Blocks, PageWords, blocks
from portal.home.seed_content.shape import StandardPageWords


class Paper(NamedTuple):
    """One line of 應檢附文件."""

    title: str
    note: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class ChinaStudentPageWords(PageWords):
    """說明頁 of 陸生. `documents` is keyed by the application; the values of `faq`, and what is not a table, are rich text."""

    card_text: str
    eligibility: str
    services: Mapping[str, str]
    steps: Mapping[str, str]
    documents: Mapping[str, Sequence[Paper]]
    document_rules: str
    fees: Mapping[str, int]
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
            "documents": self._document_groups(),
            "document_rules": self.document_rules,
            "fees": [("fee", {"item": item, "amount": amount, "note": ""}) for item, amount in self.fees.items()],
            "processing": self.processing,
            "faq": blocks("question", self.faq, names=("question", "answer")),
        }

    def _document_groups(self) -> Blocks:
        return [
            ("group", {"application": application, "documents": [paper._asdict() for paper in papers]})
            for application, papers in self.documents.items()
        ]
