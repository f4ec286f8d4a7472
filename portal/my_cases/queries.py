"""What 待辦事項 shows."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.queries import cases_of, with_overdue
from portal.cases.states import CLOSED, NEW, OPEN, RETURNED, Status
from portal.forms.models import Draft
from portal.forms.queries import open_drafts
from portal.office_calendar import queries as office_calendar

BIG_COLUMNS = ("answers", "applicant", "permit")


@dataclass
class Tab:
    """One kind's tab 頁籤; `waiting` counts its cases that are not closed."""

    kind: CaseKind
    waiting: int = 0
    is_open: bool = False


@dataclass
class Todo:
    """The open tab's blocks 區塊."""

    kind: CaseKind
    tabs: list[Tab]
    returned: list[Case] = field(default_factory=list)
    new: list[Case] = field(default_factory=list)
    payable: list[Case] = field(default_factory=list)
    closed: list[Case] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.returned or self.new or self.payable or self.closed or self.drafts)


def todo(user: User, kinds: list[CaseKind], tab: str, *, today: date) -> Todo:
    """The cases and drafts of the kind `tab`, or of the first kind when there is no such tab."""
    cases = list(with_overdue(cases_of(user).defer(*BIG_COLUMNS), today, office_calendar.current()))
    waiting = Counter(case.kind_code for case in cases if case.status in OPEN)
    kind = next((kind for kind in kinds if kind.code == tab), kinds[0])
    own = [case for case in cases if case.kind_code == kind.code]
    return Todo(
        kind=kind,
        tabs=[Tab(each, waiting[each.code], each is kind) for each in kinds],
        returned=[case for case in own if case.status in RETURNED],
        new=[case for case in own if case.status in NEW],
        payable=[case for case in own if case.status == Status.AWAITING_PAYMENT],
        closed=[case for case in own if case.status in CLOSED],
        drafts=list(open_drafts(user).filter(kind_code=kind.code)),
    )
