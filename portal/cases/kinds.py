"""Kinds of application 申請類別: one class each, in a module of its category's pack (docs/add-a-kind.md).

The flows ask the kind and hold no rule of any: `forms` for its form and documents, `cases` for its deadlines, fee and dates,
`review` for what the officer is asked, `downloads` for what comes out.
"""

import importlib
import pkgutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, TypeVar

from django.apps import apps
from django.utils.module_loading import autodiscover_modules

from portal.core.categories import StrOrPromise
from portal.office_calendar.periods import OfficeCalendar
from portal.records.protocol import Match, PermitRecord, Refusal

from .conditions import OnlyIf
from .decisions import DecisionForm, Finding
from .outcomes import Outcome
from .reasons import COMMON, RejectReason

Answers = Mapping[str, Any]  # what the kind's form validated, as JSON keeps it: dates are text
Rule = Callable[[Match, date, OfficeCalendar], Refusal | None]

# How the codes of slots begin that no kind declares: what editors add to kinds, and what an officer asks one case for.
ADDED: Final = "added-"
ASKED: Final = "asked-"
# How the names of their fields in a form begin, at which remarks are pinned, too.
UPLOAD: Final = "upload-"


def field_of(slot_code: str) -> str:
    """The field of the slot of that code."""
    return f"{UPLOAD}{slot_code}"


@dataclass(frozen=True)
class DocumentSlot:
    """One line of 應檢附文件. `photo` slots take pictures only and are held to the photo rules (domain.md 1.6).

    `condition` says in words whose document it is, where that depends on the answers: on one of them as `only_if` has it, or
    as `CaseKind.required_documents` says. `reuse_days` is for how long after being sent its files are offered for the next
    application of the same student: a paper that must be recent has few, 0 is never. `proves` are the fields of the form that
    stand on it: an officer compares them.
    """

    code: str
    label: StrOrPromise
    help: StrOrPromise = ""
    required: bool = True
    max_files: int = 2
    photo: bool = False
    reuse_days: int = 0
    condition: StrOrPromise = ""
    only_if: OnlyIf | None = None
    proves: tuple[str, ...] = ()

    @property
    def field_name(self) -> str:
        return field_of(self.code)

    @property
    def is_added(self) -> bool:
        """By an editor or an officer: its words may lack a translation."""
        return self.code.startswith((ADDED, ASKED))


@dataclass(frozen=True)
class Fee:
    """規費 in TWD, and what the bill calls it. 0: there is no payment step."""

    amount: int
    item: StrOrPromise


@dataclass(frozen=True)
class PermitDates:
    """The new permit's 發證日期, 有效期限 and 停留期限."""

    issued_on: date
    valid_until: date
    stay_until: date


class CaseKind(ABC):
    """One of the applications of the manual (延期, 資料異動, …); a subclass says what holds for it, and for it alone.

    Nothing here is a default that a law would decide. `portal.cases.checks` proves each kind when the portal starts.
    """

    # What it is called. `code` stands in addresses, `digit` in the 收件號; `tab` heads its list in 待辦事項.
    category: ClassVar[str]
    code: ClassVar[str]
    digit: ClassVar[str]
    name: ClassVar[StrOrPromise]
    menu: ClassVar[StrOrPromise]
    tab: ClassVar[StrOrPromise]

    # Who may apply: whoever holds a permit of the type (a code of the category's) that it
    # `accepts`, unless one of the rules says no.
    number_label: ClassVar[StrOrPromise]
    accepts: ClassVar[str]
    rules: ClassVar[tuple[Rule, ...]]

    # What is handed in: an ApplicationForm, and every document that may be asked for.
    form: ClassVar[type]
    documents: ClassVar[tuple[DocumentSlot, ...]]

    # What it costs: every fee that may come out.
    fees: ClassVar[tuple[Fee, ...]]

    # How it is decided: how many working days that takes, 補正期間, by how many months it may be extended once, what the officer
    # is asked beside 核准, and the grounds in law for a refusal.
    review_days: ClassVar[int]
    correction_months: ClassVar[int]
    correction_extension_months: ClassVar[int] = 0
    correction_law: ClassVar[StrOrPromise] = ""  # the article that ends a case which was not corrected in time
    decision_form: ClassVar[type[DecisionForm] | None] = None
    reject_reasons: ClassVar[tuple[RejectReason, ...]] = COMMON

    # What comes of it: a permit of that type, as a PDF or as a card.
    grants: ClassVar[str]
    outcome: ClassVar[Outcome]

    @property
    def key(self) -> str:
        """Category and code in one: what editors tick, and lists are narrowed to."""
        return f"{self.category}.{self.code}"

    def refusal(self, match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
        """The first rule that says no, or None."""
        return next((no for rule in self.rules if (no := rule(match, today, calendar))), None)

    def warnings(self, answers: Answers, today: date) -> tuple[StrOrPromise, ...]:
        """What stops nobody, and student and officer should know. `answers` may be incomplete."""
        return ()

    def findings(self, answers: Answers, today: date) -> tuple[Finding, ...]:
        """What the officer has to have seen in these answers before 核准, besides `warnings`."""
        return ()

    def required_documents(self, answers: Answers, today: date) -> tuple[DocumentSlot, ...]:
        """The kind's own documents for these answers, required or optional; what is left out is not asked.

        `answers` may be incomplete. Forms ask `slots`, which knows what editors added besides.
        """
        return tuple(slot for slot in self.documents if slot.only_if is None or slot.only_if.holds(answers))

    def fee(self, answers: Answers) -> Fee:
        """The fee for these answers: one of `fees`."""
        return self.fees[0]

    @abstractmethod
    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        """The dates of a permit approved on that day; `decision` is what the officer answered in `decision_form`."""

    @property
    def corrects_records(self) -> bool:
        """Whether an approval may change what the records say of the person."""
        return type(self).record_changes is not CaseKind.record_changes

    def record_changes(self, answers: Answers) -> dict[str, str]:
        """Columns of the person's record that an approval corrects, with what stands there from then on."""
        return {}

    def slot(self, code: str) -> DocumentSlot:
        """The document slot of that code; raises KeyError when the kind has none."""
        return {slot.code: slot for slot in self.documents}[code]

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__}>"


Kind = TypeVar("Kind", bound=type[CaseKind])
_registry: dict[tuple[str, str], CaseKind] = {}


def register(kind: Kind) -> Kind:
    """Class decorator: the category has this kind; raises ValueError when it has another one of that code."""
    key = (kind.category, kind.code)
    if key in _registry:
        raise ValueError(f"kind {key} is registered twice")
    _registry[key] = kind()
    return kind


def unregister(kind: type[CaseKind]) -> None:
    """The category has this kind no longer; raises KeyError when it never had."""
    del _registry[kind.category, kind.code]


def get(category: str, code: str) -> CaseKind:
    """The kind of that code; raises KeyError when the category has none."""
    return _registry[category, code]


def of_category(category: str) -> Iterator[CaseKind]:
    """The kinds of one category, in the manual's order, which is that of their digits."""
    found = (kind for (slug, _), kind in _registry.items() if slug == category)
    return iter(sorted(found, key=lambda kind: kind.digit))


def all_kinds() -> Iterator[CaseKind]:
    """Every kind of every category."""
    return iter(tuple(_registry.values()))


def autodiscover() -> None:
    """Import `kinds` of every app; of a package every module."""
    autodiscover_modules("kinds")
    for app in apps.get_app_configs():
        name = f"{app.name}.kinds"
        for module in pkgutil.iter_modules(getattr(sys.modules.get(name), "__path__", ()), f"{name}."):
            importlib.import_module(module.name)
