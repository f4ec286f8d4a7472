"""應檢附文件 and 費用 of a 說明頁: the kinds of its category say what and how much, editors write notes beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from portal.cases import kinds, slots
from portal.cases.kinds import CaseKind, DocumentSlot, Fee
from portal.core import categories
from portal.core.categories import StrOrPromise

Notes = Mapping[str, str]  # by the key of the line
Choices = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class DocumentLine:
    """One document of a kind. An editor's `note` stands in place of what the form says of it."""

    slot: DocumentSlot
    note: StrOrPromise

    @property
    def is_required(self) -> bool:
        """Of everybody."""
        return self.slot.required and not self.slot.condition


@dataclass(frozen=True)
class DocumentGroup:
    """應檢附文件 of one kind."""

    kind: CaseKind
    lines: list[DocumentLine]


@dataclass(frozen=True)
class FeeLine:
    """One fee that may come out."""

    fee: Fee
    note: str


def document_groups(category: str, notes: Notes, today: date) -> list[DocumentGroup]:
    """What each kind asks for on that day, those that editors added included."""
    return [
        DocumentGroup(kind, [DocumentLine(slot, notes.get(_key(kind, slot.code)) or slot.help) for slot in slots.of(kind, today)])
        for kind in kinds.of_category(category)
    ]


def fee_lines(category: str, notes: Notes) -> list[FeeLine]:
    """What each kind costs."""
    return [
        FeeLine(fee, notes.get(_key(kind, number), ""))
        for kind in kinds.of_category(category)
        for number, fee in enumerate(kind.fees, start=1)
    ]


def document_choices() -> Choices:
    """Which document a note is about: the kinds' own, for one of the editors has words of its own."""
    today = timezone.localdate()
    return _choices(
        (kind, (_key(kind, slot.code), f"{kind.name}：{slot.label}"))
        for kind in kinds.all_kinds()
        for slot in slots.Slots(kind, today)
    )


def fee_choices() -> Choices:
    """Which fee a note is about."""
    return _choices(
        (kind, (_key(kind, number), f"{kind.name}：{fee.item}"))
        for kind in kinds.all_kinds()
        for number, fee in enumerate(kind.fees, start=1)
    )


def _key(kind: CaseKind, line: str | int) -> str:
    return f"{kind.key}.{line}"


def _choices(lines: Iterable[tuple[CaseKind, tuple[str, str]]]) -> Choices:
    """By category."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, choice in lines:
        found.setdefault(str(categories.get(kind.category).name), []).append(choice)
    return list(found.items())
