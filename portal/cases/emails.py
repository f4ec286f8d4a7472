"""Which email 信件 tells the applicant of which step."""

from portal.mail import outbox

from . import queries
from .models import Case
from .states import Action, Status

EMAILS: dict[tuple[Action, Status], str] = {
    (Action.SUBMIT, Status.SUBMITTED): "case_submitted",
    (Action.ASK_CORRECTION, Status.CORRECTION): "case_returned",
    (Action.ASK_SUPPLEMENT, Status.SUPPLEMENT): "case_returned",
    (Action.APPROVE, Status.AWAITING_PAYMENT): "case_approved",
    (Action.APPROVE, Status.COMPLETED): "case_completed",
    (Action.SETTLE, Status.COMPLETED): "case_completed",
    (Action.REJECT, Status.REJECTED): "case_rejected",
    (Action.EXPIRE, Status.REJECTED): "case_rejected",
    (Action.EXPIRE, Status.LAPSED): "case_lapsed",
    (Action.WITHDRAW, Status.WITHDRAWN): "case_withdrawn",
}


def remind(case: Case) -> None:
    """Write the email before the deadline. `version` changes with every step, so each deadline has one."""
    outbox.queue(
        kind="case_reminder",
        to=case.owner.email,
        context={"case": case},
        cause=f"reminder:{case.uid}:{case.version}",
        language=case.owner.language,
    )


def queue(case: Case, action: Action) -> None:
    """Write the email of that step, if it has one, in the caller's transaction."""
    kind = EMAILS.get((action, Status(case.status)))
    if kind:
        outbox.queue(
            kind=kind,
            to=case.owner.email,
            context={"case": case, "missing": queries.missing_documents(case)},
            cause=f"case:{case.uid}:{case.version}",
            language=case.owner.language,  # not that of whoever decided
        )
