"""Kinds of application 申請類別: manifests that a category pack registers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.module_loading import import_string

from portal.core.categories import StrOrPromise
from portal.office_calendar.periods import OfficeCalendar
from portal.records.protocol import ApplicantRecord, PermitRecord, Refusal

from .reasons import COMMON, RejectReason

Rule = Callable[[ApplicantRecord, PermitRecord, date, OfficeCalendar], Refusal | None]


@dataclass(frozen=True)
class DocumentSlot:
    """One line of 應檢附文件. `photo` slots take pictures only and are held to the photo rules (domain.md 1.6)."""

    code: str
    label: StrOrPromise
    help: StrOrPromise = ""
    required: bool = True
    max_files: int = 2
    photo: bool = False


@dataclass(frozen=True)
class CaseKind:
    """One of the manual's applications (延期, 資料異動, …).

    `code` stands in addresses; `digit` is the kind's place in the 收件號; `tab` heads its list in 待辦事項;
    `number_label` names the number asked before the form; `accepts` is the type of permit that number must belong to, a code of
    the category's;
    `rules` are asked in order and the first refusal holds; `fee` is TWD, 0 means no payment step;
    `form` is the dotted path of the ApplicationForm; `permit_template` draws the PDF; `reject_reasons` are the grounds
    in law on which an officer may refuse.
    """

    code: str
    category: str
    name: StrOrPromise
    menu: StrOrPromise
    tab: StrOrPromise
    digit: str
    number_label: StrOrPromise
    accepts: str
    rules: tuple[Rule, ...]
    form: str
    documents: tuple[DocumentSlot, ...]
    fee: int
    fee_item: StrOrPromise
    permit_template: str
    reject_reasons: tuple[RejectReason, ...] = COMMON

    def slot(self, code: str) -> DocumentSlot:
        """The document slot of that code; raises KeyError when the kind has none."""
        return {slot.code: slot for slot in self.documents}[code]

    def form_class(self) -> type:
        return import_string(self.form)  # type: ignore[no-any-return]

    def refusal(self, applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar) -> Refusal | None:
        """The first rule that says no, or None."""
        return next((no for rule in self.rules if (no := rule(applicant, permit, today, calendar))), None)


_registry: dict[tuple[str, str], CaseKind] = {}


def register(kind: CaseKind) -> CaseKind:
    """Add a kind; raises ValueError when the category has one of that code."""
    key = (kind.category, kind.code)
    if key in _registry:
        raise ValueError(f"kind {key} is registered twice")
    _registry[key] = kind
    return kind


def get(category: str, code: str) -> CaseKind:
    """The kind of that code; raises KeyError when the category has none."""
    return _registry[category, code]


def of_category(category: str) -> Iterator[CaseKind]:
    """The kinds of one category, in the manual's order."""
    return (kind for (slug, _), kind in _registry.items() if slug == category)
