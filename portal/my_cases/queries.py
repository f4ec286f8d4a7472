"""What 待辦事項 shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.queries import cases_of, is_overdue, with_overdue
from portal.cases.states import NEW, OPEN, RETURNED, Status
from portal.forms.models import Draft
from portal.forms.queries import open_drafts
from portal.office_calendar import queries as office_calendar
from portal.payments.queries import with_money

BIG_COLUMNS = ("answers", "applicant", "permit", "slots")
# Of closed cases: so many are looked at, and so many a tab shows; 案件進度查詢 has the others.
CLOSED_READ: Final = 100
CLOSED_SHOWN: Final = 10


def is_over(case: Case, today: date) -> bool:
    """`is_overdue`, with a look into the calendar only where it could say so."""
    return case.deadline is not None and case.deadline < today and is_overdue(case, today, office_calendar.current())


@dataclass
class Tab:
    """One kind's tab 頁籤 with its blocks 區塊."""

    kind: CaseKind
    is_open: bool = False
    returned: list[Case] = field(default_factory=list)
    payable: list[Case] = field(default_factory=list)
    new: list[Case] = field(default_factory=list)
    closed: list[Case] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    has_more: bool = False

    @property
    def waiting(self) -> int:
        """How many cases are not closed, and applications not sent."""
        return len(self.returned) + len(self.payable) + len(self.new) + len(self.drafts)

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.closed)

    @property
    def urgency(self) -> int:
        """What the student has to do comes first: 0 is to put right, then to pay, to go on filling in, to wait for."""
        in_order = (self.returned, self.payable, self.drafts, self.new)
        return next((rank for rank, found in enumerate(in_order) if found), len(in_order))


def todo(user: User, kinds: Sequence[CaseKind], wanted: str, *, today: date) -> list[Tab]:
    """A tab for each kind. Open is that of the code `wanted`, or where there is none the first with what is to be done."""
    cases = with_overdue(with_money(cases_of(user)).defer(*BIG_COLUMNS), today, office_calendar.current())
    waiting, closed = list(cases.filter(status__in=OPEN)), list(cases.exclude(status__in=OPEN)[:CLOSED_READ])
    drafts = list(open_drafts(user))
    tabs = [_tab(kind, waiting, closed, drafts) for kind in kinds]
    named = next((tab for tab in tabs if tab.kind.code == wanted), None)
    (named or min(tabs, key=lambda tab: tab.urgency)).is_open = True
    return tabs


def _tab(kind: CaseKind, waiting: list[Case], closed: list[Case], drafts: list[Draft]) -> Tab:
    own = [case for case in waiting if case.kind_code == kind.code]
    over = [case for case in closed if case.kind_code == kind.code]
    return Tab(
        kind=kind,
        returned=[case for case in own if case.status in RETURNED],
        payable=[case for case in own if case.status == Status.AWAITING_PAYMENT],
        new=[case for case in own if case.status in NEW],
        closed=over[:CLOSED_SHOWN],
        drafts=[draft for draft in drafts if draft.kind_code == kind.code],
        has_more=len(over) > CLOSED_SHOWN or len(closed) == CLOSED_READ,
    )
