"""May this student file this kind of application with this permit? 勾稽比對."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.office_calendar import queries as office_calendar
from portal.records.lookup import match_permit
from portal.records.protocol import ApplicantRecord, PermitRecord, Reason, Refusal

from . import queries
from .kinds import CaseKind


@dataclass(frozen=True)
class Match:
    """The records agree: this applicant holds this permit and may file."""

    applicant: ApplicantRecord
    permit: PermitRecord


def check_permit(kind: CaseKind, user: User, number: str, *, now: datetime) -> Match | Refusal:
    """Ask the records for the permit, then the kind's rules, then for a case that is still open; the first no holds."""
    found = match_permit(number, kind.accepts, category=kind.category, ui_no=user.ui_no, asker=f"user:{user.pk}", now=now)
    if isinstance(found, Refusal):
        return found
    applicant, permit = found
    refusal = kind.refusal(applicant, permit, timezone.localdate(now), office_calendar.current())
    return refusal or already_open(kind, user) or Match(applicant, permit)


def already_open(kind: CaseKind, user: User) -> Refusal | None:
    """One case of a kind at a time."""
    case = queries.open_case(user, kind)
    if case is None:
        return None
    return Refusal(Reason.NOT_ELIGIBLE, format_lazy("{}{}", _("您已有同類別的案件在辦理中，收件號:"), case.case_no))
