"""What the applicant does with an application: send it, and take it back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.core.serials import next_serial
from portal.fields.dates import roc_year
from portal.fields.identifiers import case_no
from portal.office_calendar import queries as office_calendar
from portal.records.protocol import Match

from .. import queries, slots
from ..kinds import CaseKind
from ..models import Case
from ..slots import Slots
from ..snapshots import as_json
from ..states import Action, Status
from . import performing
from .performing import Answers, NewDocument, NotAllowed


def submit(
    *,
    owner: User,
    kind: CaseKind,
    match: Match,
    answers: Answers,
    documents: Sequence[NewDocument],
    offered: Slots,
    declaration_version: str,
    draft_token: str,
    now: datetime,
) -> Case:
    """送件: one draft becomes one case, however often it is sent. `offered` are the 應檢附文件 that its files were checked by."""
    case = Case(
        owner=owner,
        category=kind.category,
        kind_code=kind.code,
        status=Status.SUBMITTED,
        permit_no=match.permit.permit_no,
        first_permit_no=match.permit.first_permit_no or match.permit.permit_no,
        name=match.applicant.chinese_name,
        school=match.applicant.school_name,
        answers=answers,
        applicant=as_json(match.applicant),
        permit=as_json(match.permit),
        slots=slots.kept(offered),
        declaration_version=declaration_version,
        draft_token=draft_token,
        submitted_at=now,
    )
    try:
        with transaction.atomic():
            return queries.sent_draft(owner, draft_token) or _open(case, match, documents)
    except (IntegrityError, NotAllowed) as refused:
        # Another submit was quicker: of this draft, or of another one of that kind or permit, perhaps between our two questions.
        if known := queries.sent_draft(owner, draft_token):
            return known
        if isinstance(refused, NotAllowed):
            raise
        if queries.in_the_way(owner, kind, match.permit.permit_no) or Case.objects.filter(draft_token=draft_token).exists():
            raise NotAllowed("open case, or somebody else's draft") from None
        raise


def withdraw(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """撤銷, as long as the review is not finished."""
    return performing.perform(case, Action.WITHDRAW, actor=actor, version=version, now=now, decided_at=now, deadline=None)


def _open(case: Case, match: Match, documents: Sequence[NewDocument]) -> Case:
    """The new case with its numbers, its first revision and its first event."""
    today = timezone.localdate(case.submitted_at)
    _require_eligible(case, match, today)
    _assign_numbers(case, today)
    case.save(force_insert=True)
    performing.save_revision(case, documents=documents, reply="", now=case.submitted_at)
    performing.record_event(case, Action.SUBMIT, source="", actor=case.owner, note="", now=case.submitted_at)
    return case


def _require_eligible(case: Case, match: Match, today: date) -> None:
    """A draft may be weeks old: what allowed it to be begun must still hold."""
    owner, kind = case.owner, case.kind
    if owner.category != kind.category or owner.ui_no != match.applicant.ui_no or match.permit.ui_no != owner.ui_no:
        raise NotAllowed("not the owner's permit")
    if not case.declaration_version:
        raise NotAllowed("declaration")
    refusal = kind.refusal(match, today, office_calendar.current())
    if refusal or queries.in_the_way(owner, kind, match.permit.permit_no):
        raise NotAllowed("not eligible")


def _assign_numbers(case: Case, today: date) -> None:
    year = roc_year(today)
    serial = next_serial(f"case:{year}", start=settings.SERIAL_START)
    case.case_no = case_no(roc_year=year, digit=case.kind.digit, serial=serial)
    day = f"{year:03}{today:%m%d}"
    case.group_no = f"S{day}{next_serial(f'group:{day}'):04}"
