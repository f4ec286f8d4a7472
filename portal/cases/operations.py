"""Every change of a case. One public function an action; `_perform` alone changes a status."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.operations import follow_records
from portal.accounts.roles import is_staff_member
from portal.core.serials import next_serial
from portal.fields.dates import roc_year
from portal.fields.identifiers import case_no
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import correction_deadline, has_passed
from portal.records import operations as records
from portal.records.protocol import Match, PermitRecord

from . import approvals, emails, queries, reasons, slots
from .kinds import CaseKind
from .models import Case, CaseEvent, Document, Revision
from .signals import case_completed
from .snapshots import as_json
from .states import DUE, ROLES, Action, Role, Status, edge_from

Answers = dict[str, Any]


class NotAllowed(Exception):
    """The table, the actor's role or an unmet need forbids the action."""


class TooLate(NotAllowed):
    """The deadline of the case has passed."""


class Obstacle(NotAllowed):
    """What would come of the approval cannot be made; the text says why, to the officer."""


class StaleCase(Exception):
    """Somebody acted on the case after the page was opened."""


@dataclass(frozen=True)
class NewDocument:
    """A file of 應檢附文件 that passed the checks; `file_name` is its name in private storage."""

    slot: str
    file_name: str
    original_name: str
    content_type: str
    size: int
    sha256: str


def submit(
    *,
    owner: User,
    kind: CaseKind,
    match: Match,
    answers: Answers,
    documents: Sequence[NewDocument],
    declaration_version: str,
    draft_token: str,
    now: datetime,
) -> Case:
    """送件: one draft becomes one case, however often it is sent."""
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
        slots=slots.kept(slots.of(kind, timezone.localdate(now))),
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


def take(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """開始審核: the officer becomes the case's 承辦人."""
    return _perform(case, Action.TAKE, actor=actor, version=version, now=now, assignee=actor)


def release(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """退回待審核: any officer may take the case again."""
    return _perform(case, Action.RELEASE, actor=actor, version=version, now=now, assignee=None)


def ask_correction(case: Case, *, actor: User, version: int, opinion: str, asked: str = "", now: datetime) -> Case:
    """退請補正: the applicant may change everything. `asked` names a document that no line of the case does."""
    return _return(case, Action.ASK_CORRECTION, actor=actor, version=version, opinion=opinion, asked=asked, now=now)


def ask_supplement(case: Case, *, actor: User, version: int, opinion: str, asked: str = "", now: datetime) -> Case:
    """退請補件: the applicant may change the documents only. `asked` as above."""
    return _return(case, Action.ASK_SUPPLEMENT, actor=actor, version=version, opinion=opinion, asked=asked, now=now)


@transaction.atomic
def _return(case: Case, action: Action, *, actor: User, version: int, opinion: str, asked: str, now: datetime) -> Case:
    if not opinion.strip():
        raise NotAllowed("opinion")
    deadline = correction_deadline(timezone.localdate(now), case.kind.correction_months, office_calendar.current())
    changes: Answers = {"opinion": opinion, "deadline": deadline, "slots": slots.with_asked(_lock(case).slots, asked.strip())}
    return _perform(case, action, actor=actor, version=version, now=now, note=opinion, **changes)


@transaction.atomic
def resubmit(
    case: Case,
    *,
    actor: User,
    version: int,
    answers: Answers,
    documents: Sequence[NewDocument] = (),
    removed: Collection[UUID] = (),
    reply: str = "",
    now: datetime,
) -> Case:
    """補正(件)完成: what was sent is kept as a new revision; `removed` documents are marked, not deleted."""
    before = _lock(case)
    if _is_over(before, timezone.localdate(now)):
        raise TooLate(case.case_no)
    if before.status == Status.SUPPLEMENT and answers != before.answers:
        raise NotAllowed("answers")
    case = _perform(case, Action.RESUBMIT, actor=actor, version=version, now=now, note=reply, answers=answers, deadline=None)
    case.documents.filter(uid__in=removed, replaced_at=None).update(replaced_at=now)
    _save_submission(case, documents, reply=reply, now=now)
    return case


def approve(case: Case, *, actor: User, version: int, now: datetime, decision: Mapping[str, Any] | None = None) -> Case:
    """核准: the kind says the fee and the new permit's dates, and they are fixed; without a fee the case is complete.

    `decision` answers the kind's `decision_form`, where it has one; a wrong answer raises NotAllowed. The checks of `approvals`
    are asked of that very version, before the row is locked; what they find raises Obstacle.
    """
    case = Case.objects.get(pk=case.pk)
    written = approvals.changes(case, _decided(case, decision or {}, timezone.localdate(now)), now)
    is_possible = case.version == version and Action.APPROVE in available_actions(case, actor=actor)
    if is_possible and (wrong := approvals.obstacle(approvals.approved(case, written))):
        raise Obstacle(wrong)
    target = written.pop("status")
    return _perform(case, Action.APPROVE, actor=actor, version=version, now=now, target=target, **written)


def _decided(case: Case, decision: Mapping[str, Any], today: date) -> Answers:
    """What the kind lets the officer decide, of what was said."""
    if case.kind.decision_form is None:
        return {}
    form = case.kind.decision_form(decision, answers=case.answers, previous=case.previous_permit, today=today)
    if not form.is_valid():
        raise NotAllowed("decision")
    return form.decision()


def reject(case: Case, *, actor: User, version: int, reason: str, opinion: str, now: datetime) -> Case:
    """不予核准, on one of the kind's coded grounds."""
    if reason not in {ground.code for ground in case.kind.reject_reasons}:
        raise NotAllowed("reason")
    return _perform(
        case,
        Action.REJECT,
        actor=actor,
        version=version,
        now=now,
        note=opinion,
        reject_reason=reason,
        opinion=opinion,
        decided_at=now,
        deadline=None,
    )


def withdraw(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """撤銷, as long as the review is not finished."""
    return _perform(case, Action.WITHDRAW, actor=actor, version=version, now=now, decided_at=now, deadline=None)


@transaction.atomic
def settle(case: Case, *, paid_at: datetime, now: datetime) -> Case:
    """繳費完成: its bill was paid at `paid_at`, the bank's time. Called by the ledger only.

    What was paid in time counts whenever it is notified: also when the approval has lapsed meanwhile. Raises TooLate.
    """
    case = _lock(case)
    if _is_over(case, timezone.localdate(paid_at)):
        raise TooLate(case.case_no)
    return _perform(case, Action.SETTLE, actor=None, now=now, completed_at=now, deadline=None)


@transaction.atomic
def expire(case: Case, *, now: datetime) -> Case:
    """逾期: a deadline passed. A case not corrected is rejected; a fee not paid lets the approval lapse."""
    case = _lock(case)
    if not _is_over(case, timezone.localdate(now)):
        raise NotAllowed("deadline")
    if case.status == Status.AWAITING_PAYMENT:
        return _perform(case, Action.EXPIRE, actor=None, now=now)
    missed = reasons.DEADLINE_MISSED.code
    return _perform(case, Action.EXPIRE, actor=None, now=now, reject_reason=missed, decided_at=now)


@transaction.atomic
def remind(case: Case, *, now: datetime) -> bool:
    """An email before the deadline, once; whether the case still waited for its applicant."""
    case = _lock(case)
    if case.status not in DUE or case.deadline is None or _is_over(case, timezone.localdate(now)):
        return False
    emails.remind(case)
    return True


def record_permit(case: Case, *, now: datetime) -> None:
    """Tell the agency's records of the permit that came of the case, and what it corrects. Twice changes nothing.

    Raises NotAllowed for a case without a permit, RecordsUnavailable when the records do not answer: a schedule tries again.
    """
    if case.status != Status.COMPLETED or not (case.permit_issued_on and case.permit_valid_until and case.permit_stay_until):
        raise NotAllowed("no permit")
    records.add_permit(
        PermitRecord(
            permit_no=case.case_no,
            ui_no=case.previous_permit.ui_no,
            permit_type=case.kind.grants,
            issued_on=case.permit_issued_on,
            valid_until=case.permit_valid_until,
            entered_on=None,
            stay_until=case.permit_stay_until,
            previous_permit_no=case.permit_no,
            first_permit_no=case.first_permit_no,
        )
    )
    if changes := case.kind.record_changes(case.answers):
        records.correct_applicant(case.previous_permit.ui_no, changes)
        follow_records(case.owner, changes)
    Case.objects.filter(pk=case.pk, permit_recorded_at=None).update(permit_recorded_at=now)


def available_actions(case: Case, *, actor: User) -> frozenset[Action]:
    """What that person may do to the case as it stands: the buttons of a page."""
    status = Status(case.status)
    return frozenset(action for action in Action if edge_from(status, action) and _is_allowed(action, actor, case))


@transaction.atomic
def _perform(
    case: Case,
    action: Action,
    *,
    actor: User | None,
    now: datetime,
    version: int | None = None,
    target: Status | None = None,
    note: str = "",
    **changes: Any,
) -> Case:
    """Take one edge of the table: lock, check, write status and event, queue the email, all or nothing."""
    case = _lock(case)
    source, edge = case.status, edge_from(Status(case.status), action)
    if not _is_allowed(action, actor, case):
        raise NotAllowed(f"{action} by this actor")
    if version is not None and version != case.version:
        raise StaleCase(case.case_no)
    if edge is None:
        raise NotAllowed(f"{action} from {source}")
    _write(case, status=target or min(edge.targets), **changes)
    _record_event(case, action, source=source, actor=actor, note=note, now=now)
    return case


def _lock(case: Case) -> Case:
    """The row as it is now, held until commit (SQLite holds the whole database)."""
    return Case.objects.select_for_update().get(pk=case.pk)


def _is_over(case: Case, day: date) -> bool:
    """Whether the deadline of the case, if it has one, had passed on that day."""
    return case.deadline is not None and has_passed(case.deadline, day, office_calendar.current())


def _write(case: Case, **changes: Any) -> None:
    changes["version"] = case.version + 1
    if not Case.objects.filter(pk=case.pk, version=case.version).update(**changes):
        raise StaleCase(case.case_no)
    for name, value in changes.items():
        setattr(case, name, value)


def _is_allowed(action: Action, actor: User | None, case: Case) -> bool:
    role = ROLES[action]
    if role is Role.SYSTEM or actor is None:
        return role is Role.SYSTEM and actor is None
    if role is Role.APPLICANT:
        return actor.pk == case.owner_id
    is_officer = is_staff_member(actor) and actor.has_perm("portal_cases.review_case")
    # Any officer may give back what a colleague took and left.
    return is_officer and (action in {Action.TAKE, Action.RELEASE} or actor.pk == case.assignee_id)


def _record_event(case: Case, action: Action, *, source: str, actor: User | None, note: str, now: datetime) -> None:
    """Event, email, and after commit the news."""
    CaseEvent.objects.create(
        case=case,
        at=now,
        action=action,
        role=ROLES[action],
        actor=actor,
        source=source,
        target=case.status,
        version=case.version,
        note=note,
    )
    emails.queue(case, action)
    if case.status == Status.COMPLETED:
        transaction.on_commit(partial(case_completed.send_robust, sender=Case, case=case))


def _open(case: Case, match: Match, documents: Sequence[NewDocument]) -> Case:
    """The new case with its numbers, its first revision and its first event."""
    today = timezone.localdate(case.submitted_at)
    _require_eligible(case, match, today)
    _assign_numbers(case, today)
    case.save(force_insert=True)
    _save_submission(case, documents, reply="", now=case.submitted_at)
    _record_event(case, Action.SUBMIT, source="", actor=case.owner, note="", now=case.submitted_at)
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


def _save_submission(case: Case, documents: Sequence[NewDocument], *, reply: str, now: datetime) -> None:
    """What the applicant sent, this time."""
    number = case.revisions.count() + 1
    Revision.objects.create(case=case, number=number, answers=case.answers, reply=reply, sent_at=now)
    Document.objects.bulk_create(
        Document(
            case=case,
            slot=new.slot,
            file=new.file_name,
            original_name=new.original_name,
            content_type=new.content_type,
            size=new.size,
            sha256=new.sha256,
        )
        for new in documents
    )
