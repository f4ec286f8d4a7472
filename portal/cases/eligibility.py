"""May this student file this kind of application with this permit? 勾稽比對."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.office_calendar import queries as office_calendar
from portal.records.lookup import match_permit
from portal.records.protocol import Match, Reason, Refusal

from . import queries
from .kinds import CaseKind


@dataclass(frozen=True)
class OpenCase(Refusal):
    """A case in the way: the `detail` ends before its number, which the page makes a link."""

    case_no: str = ""


def check_permit(kind: CaseKind, user: User, number: str, *, now: datetime) -> Match | Refusal:
    """Ask the records for the permit, then the kind's rules, then for a case that is still open; the first no holds."""
    found = match_permit(number, kind.accepts, category=kind.category, ui_no=user.ui_no, asker=f"user:{user.pk}", now=now)
    if isinstance(found, Refusal):
        return found
    refusal = kind.refusal(found, timezone.localdate(now), office_calendar.current())
    return refusal or already_open(kind, user, found.permit.permit_no) or found


def already_open(kind: CaseKind, user: User, permit_no: str) -> Refusal | None:
    """One case of a kind at a time, and one with a permit: of two permits that come of one neither would know of the other."""
    case = queries.in_the_way(user, kind, permit_no)
    if case is None:
        return None
    same_kind, same_permit = _("您已有同類別的案件在辦理中，收件號:"), _("此許可證已有案件在辦理中，請於結案後再申請。收件號:")
    words = same_kind if case.kind_code == kind.code else same_permit
    return OpenCase(Reason.NOT_ELIGIBLE, words, case_no=case.case_no)
