"""What officers do with a case: take it, hand it over, put a slip right, decide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.records.protocol import RecordsUnavailable

from .. import approvals, findings, queries
from ..decisions import Finding
from ..models import Case
from ..reasons.grounds import as_kept, grounds_of
from ..states import Action
from . import performing
from .performing import Answers, NotAllowed, Obstacle, StaleCase


class Unaccepted(NotAllowed):
    """Findings that the officer has not ticked: `findings`."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(", ".join(finding.code for finding in findings))


def take(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """開始審核: the officer becomes the case's 承辦人."""
    return performing.perform(case, Action.TAKE, actor=actor, version=version, now=now, assignee=actor)


def release(case: Case, *, actor: User, version: int, now: datetime) -> Case:
    """退回待審核: any officer may take the case again."""
    return performing.perform(case, Action.RELEASE, actor=actor, version=version, now=now, assignee=None)


def take_next(*, actor: User, now: datetime) -> Case | None:
    """取下一件: the officer's own resubmitted cases first, then whatever has waited longest; None when nothing waits.

    Of many who ask at once each gets another one: PostgreSQL passes over rows that are being taken, SQLite lets one ask at
    a time.
    """
    if not performing.is_officer(actor):
        raise NotAllowed("take_next by this actor")
    while True:
        with transaction.atomic():
            waiting = queries.waiting_for(actor).select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            case = waiting.first()
            if case is None:
                return None
            try:
                return take(case, actor=actor, version=case.version, now=now)
            except (StaleCase, NotAllowed):  # somebody was faster: the next one
                continue


@transaction.atomic
def assign(case: Case, *, actor: User, version: int, to: User, now: datetime) -> Case:
    """改派: the officer hands the case over, or a supervisor gives it to another officer, who can log in and take it up."""
    if to.pk == case.assignee_id or not queries.assignable().filter(pk=to.pk).exists():
        raise NotAllowed("assignee")
    return performing.perform(case, Action.ASSIGN, actor=actor, version=version, now=now, note=str(to), assignee=to)


@transaction.atomic
def correct(case: Case, *, actor: User, version: int, answers: Answers, note: str, now: datetime) -> Case:
    """更正: an obvious slip is put right by the officer, with a note that the applicant reads. `answers` are all of them."""
    before = performing.lock(case)
    if not note.strip() or answers == before.answers:
        raise NotAllowed("correction")
    case = performing.perform(case, Action.CORRECT, actor=actor, version=version, now=now, note=note, answers=answers)
    performing.save_revision(case, corrected_by=actor, now=now)
    return case


def approve(
    case: Case,
    *,
    actor: User,
    version: int,
    now: datetime,
    decision: Mapping[str, Any] | None = None,
    accepted: Collection[str] = (),
) -> Case:
    """核准: the kind says the fee and the new permit's dates, and they are fixed; without a fee the case is complete.

    `decision` answers the kind's `decision_form`, where it has one; a wrong answer raises NotAllowed. The checks of `approvals`
    are asked of that very version, before the row is locked; what they find raises Obstacle. So are the records, once more:
    whatever `findings` then find has to be in `accepted`, by its code, or Unaccepted is raised.
    """
    case = Case.objects.get(pk=case.pk)
    written = approvals.changes(case, _decided(case, decision or {}, timezone.localdate(now)), now)
    is_possible = case.version == version and Action.APPROVE in performing.available_actions(case, actor=actor)
    if is_possible and (wrong := approvals.obstacle(approvals.approved(case, written))):
        raise Obstacle(wrong)
    note = _accepted(case, accepted, now) if is_possible else ""
    target = written.pop("status")
    return performing.perform(case, Action.APPROVE, actor=actor, version=version, now=now, target=target, note=note, **written)


def _accepted(case: Case, accepted: Collection[str], now: datetime) -> str:
    """What was found and accepted, in words, for the history."""
    try:
        found = findings.of(case, now=now)
    except RecordsUnavailable:
        raise Obstacle(findings.UNAVAILABLE) from None
    if open_ones := [finding for finding in found if finding.code not in accepted]:
        raise Unaccepted(open_ones)
    return "\n".join(str(finding.words) for finding in found)


def _decided(case: Case, decision: Mapping[str, Any], today: date) -> Answers:
    """What the kind lets the officer decide, of what was said."""
    if case.kind.decision_form is None:
        return {}
    form = case.kind.decision_form(decision, answers=case.answers, previous=case.previous_permit, today=today)
    if not form.is_valid():
        raise NotAllowed("decision")
    return form.decision()


def reject(case: Case, *, actor: User, version: int, reason: str, opinion: str, now: datetime) -> Case:
    """不予核准, on one of the grounds that hold for the kind today. The case keeps its words."""
    ground = next((each for each in grounds_of(case.kind, now=now) if each.code == reason), None)
    if ground is None:
        raise NotAllowed("reason")
    return performing.perform(
        case,
        Action.REJECT,
        actor=actor,
        version=version,
        now=now,
        note=opinion,
        reject_reason=ground.code,
        reject_words=as_kept(ground),
        opinion=opinion,
        decided_at=now,
        deadline=None,
    )
