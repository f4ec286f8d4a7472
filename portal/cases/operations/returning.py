"""退補正 and 退補件: an officer returns a case, the applicant mends it; the deadline between them, longer once on good cause."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import correction_deadline

from .. import queries, slots
from ..kinds import field_of
from ..models import Case, Return
from ..states import Action, Status
from . import performing
from .performing import Answers, NewDocument, NotAllowed, TooLate


@dataclass(frozen=True)
class Remark:
    """What an officer says of one answer or one document: `on` is its field of the form (`department`, `upload-photo`)."""

    on: str
    text: str


def ask_correction(case: Case, *, actor: User, version: int, opinion: str, now: datetime, **more: Any) -> Case:
    """退請補正: the applicant may change everything. What else may be said with it: see `_return`."""
    return _return(case, Action.ASK_CORRECTION, actor=actor, version=version, opinion=opinion, now=now, **more)


def ask_supplement(case: Case, *, actor: User, version: int, opinion: str, now: datetime, **more: Any) -> Case:
    """退請補件: the applicant may change the documents only. What else may be said with it: see `_return`."""
    return _return(case, Action.ASK_SUPPLEMENT, actor=actor, version=version, opinion=opinion, now=now, **more)


@transaction.atomic
def _return(
    case: Case,
    action: Action,
    *,
    actor: User,
    version: int,
    opinion: str,
    asked: str = "",
    remarks: Sequence[Remark] = (),
    reasons: Sequence[str] = (),
    now: datetime,
) -> Case:
    """`asked` names a document that no line of the case does; `remarks` are pinned to answers and documents; `reasons` are the
    names of the reason templates that were used, to be counted.
    """
    if not opinion.strip():
        raise NotAllowed("opinion")
    deadline = _deadline(case, timezone.localdate(now))
    case = performing.lock(case)
    if not performing.is_allowed(action, actor, case):
        raise NotAllowed(f"{action} by this actor")
    asked = asked.strip()
    if slots.is_asked_already(case, asked):
        raise NotAllowed("asked for already")
    kept = slots.with_asked(case, asked)
    if unknown := {remark.on for remark in remarks} - _places(case, kept):
        raise NotAllowed(f"a remark on {unknown}")
    changes: Answers = {"opinion": opinion, "deadline": deadline, "slots": kept}
    Return.objects.create(  # before the step, whose email says all of it
        case=case,
        version=case.version + 1,
        officer=actor,
        mode=Status.CORRECTION if action is Action.ASK_CORRECTION else Status.SUPPLEMENT,
        opinion=opinion,
        remarks=[asdict(remark) for remark in remarks],
        reasons=list(reasons),
        asked=asked,
        returned_at=now,
        deadline=deadline,
    )
    return performing.perform(case, action, actor=actor, version=version, now=now, note=opinion, **changes)


def _deadline(case: Case, returned_on: date, *, more: int = 0) -> date:
    return correction_deadline(returned_on, case.kind.correction_months + more, office_calendar.current())


def _places(case: Case, kept: Iterable[dict[str, Any]]) -> set[str]:
    """Where remarks may stand: the fields of the form, and the documents of the case."""
    fields: Collection[str] = case.kind.form.base_fields  # type: ignore[attr-defined]  # an ApplicationForm, which `forms` knows
    return {*fields, *(field_of(slot["code"]) for slot in kept)}


@transaction.atomic
def take_back(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """撤回退補: as long as the applicant has not answered, the officer goes on with the review. What was asked for with it is not
    asked any more.
    """
    before = performing.lock(case)
    returned = queries.open_returns(before).last()
    changes: Answers = {"opinion": "", "deadline": None}
    if returned is not None and returned.asked:
        changes["slots"] = slots.without_asked(before, returned.asked)
    case = performing.perform(case, Action.TAKE_BACK, actor=actor, version=version, now=now, **changes)
    queries.open_returns(case).update(taken_back_at=now)
    return case


@transaction.atomic
def ask_extension(case: Case, *, actor: User, version: int, reason: str, now: datetime) -> Case:
    """申請展延補正期間: with good cause, before the deadline, once a case (許可辦法 §10)."""
    before = performing.lock(case)
    if performing.is_over(before, timezone.localdate(now)):
        raise TooLate(case.case_no)
    asked = queries.open_returns(before).filter(extension_asked_at__isnull=False)
    if not reason.strip() or not queries.may_be_extended(before) or asked.exists():
        raise NotAllowed("no more time")
    case = performing.perform(case, Action.ASK_EXTENSION, actor=actor, version=version, now=now, note=reason)
    queries.open_returns(case).update(extension_reason=reason, extension_asked_at=now)
    return case


@transaction.atomic
def extend(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """展延補正期間: the officer lengthens it, once a case, asked or not; by the kind's months, counted from the return."""
    before = performing.lock(case)
    returned = queries.open_returns(before).last()
    if returned is None or not queries.may_be_extended(before) or performing.is_over(before, timezone.localdate(now)):
        raise NotAllowed("no more time")
    deadline = _deadline(before, timezone.localdate(returned.returned_at), more=before.kind.correction_extension_months)
    case = performing.perform(case, Action.EXTEND, actor=actor, version=version, now=now, deadline=deadline)
    queries.open_returns(case).update(extended_at=now, deadline=deadline)
    return case


@transaction.atomic
def decline_extension(case: Case, *, actor: User, version: int, opinion: str, now: datetime) -> Case:
    """不同意展延: the deadline stays, and the applicant reads why."""
    before = performing.lock(case)
    returned = queries.open_returns(before).last()
    if not opinion.strip() or returned is None or not returned.extension_is_pending:
        raise NotAllowed("no more time")
    case = performing.perform(case, Action.DECLINE_EXTENSION, actor=actor, version=version, now=now, note=opinion)
    queries.open_returns(case).update(extension_declined_at=now)
    return case


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
    before = performing.lock(case)
    if performing.is_over(before, timezone.localdate(now)):
        raise TooLate(case.case_no)
    if before.status == Status.SUPPLEMENT and answers != before.answers:
        raise NotAllowed("answers")
    open_returns = list(queries.open_returns(before).values_list("pk", flat=True))
    case = performing.perform(
        case, Action.RESUBMIT, actor=actor, version=version, now=now, note=reply, answers=answers, deadline=None
    )
    case.documents.filter(uid__in=removed, replaced_at=None).update(replaced_at=now)
    performing.save_revision(case, documents=documents, reply=reply, now=now)
    Return.objects.filter(pk__in=open_returns).update(answered_at=now)
    return case
