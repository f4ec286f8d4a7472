"""申請展延, as its student sees it: to be asked for, waiting, granted or not."""

from dataclasses import dataclass

from portal.cases.models import Case, Return
from portal.cases.queries import may_be_extended
from portal.cases.states import Action


@dataclass(frozen=True)
class Extension:
    """`state`: "possible", "pending", "granted", "declined", or "" where the law knows none; `note` is why it was declined."""

    state: str
    note: str = ""

    @classmethod
    def of(cls, case: Case, returned: Return) -> "Extension":
        if returned.extended_at:
            return cls("granted")
        if returned.extension_is_pending:
            return cls("pending")
        if returned.extension_declined_at:
            said = case.events.filter(action=Action.DECLINE_EXTENSION).last()
            return cls("declined", said.note if said else "")
        return cls("possible" if may_be_extended(case) else "")
