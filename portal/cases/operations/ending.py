"""What happens to a case by itself: money comes, a deadline nears or passes, the records learn of a permit, a paper fails."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.accounts.operations import follow_records
from portal.records import operations as records
from portal.records.protocol import PermitRecord

from .. import emails, queries, reasons
from ..models import Case, PaperProblem
from ..states import DUE, Action, Status
from . import performing
from .performing import NotAllowed, TooLate


def settle(case: Case, *, paid_at: datetime, now: datetime) -> Case:
    """繳費完成: its bill was paid at `paid_at`, the bank's time. Called by the ledger only.

    What was paid in time counts whenever it is reported: also when the approval has lapsed meanwhile, unless the applicant has
    applied again with the same permit since, of which one permit comes. Raises TooLate, or NotAllowed.
    """

    def must(locked: Case) -> None:
        if performing.is_over(locked, timezone.localdate(paid_at)):
            raise TooLate(locked.case_no)
        if locked.status == Status.LAPSED and queries.applied_again(locked):
            raise NotAllowed("another case has its permit")

    return performing.perform(case, Action.SETTLE, actor=None, now=now, must=must, completed_at=now, deadline=None)


@transaction.atomic
def expire(case: Case, *, now: datetime) -> Case:
    """逾期: a deadline passed. A case not corrected is rejected; a fee not paid lets the approval lapse."""
    case = performing.lock(case)
    if not performing.is_over(case, timezone.localdate(now)):
        raise NotAllowed("deadline")
    if case.status == Status.AWAITING_PAYMENT:
        return performing.perform(case, Action.EXPIRE, actor=None, now=now)
    missed = reasons.DEADLINE_MISSED.code
    return performing.perform(case, Action.EXPIRE, actor=None, now=now, reject_reason=missed, decided_at=now)


@transaction.atomic
def remind(case: Case, *, now: datetime) -> bool:
    """An email before the deadline, once; whether the case still waited for its applicant."""
    case = performing.lock(case)
    if case.status not in DUE or case.deadline is None or performing.is_over(case, timezone.localdate(now)):
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


def open_paper_problem(case: Case, paper: str, problem: str, *, now: datetime) -> None:
    """An item for officers: that paper of the case cannot be made, and why. Once, however often it is tried."""
    PaperProblem.objects.update_or_create(
        case=case, paper=paper, defaults={"problem": problem}, create_defaults={"problem": problem, "since": now}
    )


def close_paper_problem(case: Case, paper: str) -> None:
    """It was made: the item is done."""
    PaperProblem.objects.filter(case=case, paper=paper).delete()
