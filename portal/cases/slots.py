"""應檢附文件 of a form and of a case: what the kind declares, what editors added to it, what an officer asked one case for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from .kinds import ASKED, Answers, CaseKind, DocumentSlot
from .models import AddedSlot, Case
from .snapshots import slot_as_json


@dataclass(frozen=True)
class Slots:
    """Every document that a kind may ask for on a day, in the order of the form: its own, then those that editors added."""

    kind: CaseKind
    today: date
    added: tuple[DocumentSlot, ...] = ()

    def __iter__(self) -> Iterator[DocumentSlot]:
        return iter((*self.kind.documents, *self.added))

    def asked(self, answers: Answers) -> tuple[DocumentSlot, ...]:
        """Those that these answers ask for, required or optional. `answers` may be incomplete."""
        return (*self.kind.required_documents(answers, self.today), *self.added)


def of(kind: CaseKind, today: date) -> Slots:
    """What the kind asks for on that day; one question to the database."""
    begun = Q(starts_on=None) | Q(starts_on__lte=today)
    not_over = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = AddedSlot.objects.filter(begun, not_over, live=True)
    return Slots(kind, today, tuple(row.slot for row in rows if kind.key in row.kinds))


def proved_by(case: Case) -> dict[str, tuple[str, ...]]:
    """Which answers stand on a document, by the code of its slot: as the kind has it now, for it is only a help for the eye."""
    return {slot.code: slot.proves for slot in case.kind.documents if slot.proves}


def reuse_days(kind: CaseKind) -> dict[str, int]:
    """For how many days after being sent a document's files are offered again, by the code of its slot; others are left out."""
    return {slot.code: slot.reuse_days for slot in kind.documents if slot.reuse_days}


def of_case(case: Case, today: date) -> Slots:
    """What the case may be asked for: its kind's own, and the others that it keeps (what editors had added, officers asked)."""
    own = {slot.code for slot in case.kind.documents}
    return Slots(case.kind, today, tuple(slot for slot in case.document_slots if slot.code not in own))


def kept(slots: Slots) -> list[dict[str, Any]]:
    """All of them as a case keeps them."""
    return [slot_as_json(slot) for slot in slots]


def is_asked_already(case: Case, label: str) -> bool:
    """Whether a line of the case's 應檢附文件 has that name: then a remark says what is wrong with it."""
    return any(label in slot["label"].values() for slot in case.slots)


def with_asked(case: Case, label: str) -> list[dict[str, Any]]:
    """What the case keeps, and the document of that name besides; without a name nothing more.

    A name has the same code each time: what was uploaded before the officer took the 退補 back is there when it is asked again.
    """
    kept: list[dict[str, Any]] = case.slots
    if not label:
        return kept
    names = list(dict.fromkeys([*case.returns.exclude(asked="").order_by("pk").values_list("asked", flat=True), label]))
    return [*kept, slot_as_json(DocumentSlot(f"{ASKED}{names.index(label) + 1}", label))]


def without_asked(case: Case, label: str) -> list[dict[str, Any]]:
    """What the case keeps once the 退補 that asked for that document is taken back."""
    return [slot for slot in case.slots if not (slot["code"].startswith(ASKED) and label in slot["label"].values())]
