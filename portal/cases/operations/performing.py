"""How a case moves: `perform` alone changes a status. Callers ask it by the module, so that a test can take a guard away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.accounts.roles import is_staff_member
from portal.core.append_only import link
from portal.fields.search_keys import keys_of
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import has_passed

from .. import emails
from ..models import Case, CaseEvent, CaseKey, Document, Revision
from ..signals import case_completed
from ..states import ROLES, Action, Role, Status, edge_from

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
    warnings: Sequence[str] = field(default_factory=tuple)


# Any officer may give back what a colleague took and left.
OF_ANY_OFFICER = frozenset({Action.TAKE, Action.RELEASE})


def available_actions(case: Case, *, actor: User) -> frozenset[Action]:
    """What that person may do to the case as it stands: the buttons of a page."""
    status = Status(case.status)
    return frozenset(action for action in Action if edge_from(status, action) and is_allowed(action, actor, case))


@transaction.atomic
def perform(
    case: Case,
    action: Action,
    *,
    actor: User | None,
    now: datetime,
    version: int | None = None,
    target: Status | None = None,
    note: str = "",
    must: Callable[[Case], None] = lambda locked: None,
    **changes: Any,
) -> Case:
    """Take one edge of the table: lock, check, write status and event, queue the email, all or nothing.

    `must` looks at the locked row first, and raises what forbids the action besides the table.
    """
    case = lock(case)
    must(case)
    source, edge = case.status, edge_from(Status(case.status), action)
    if not is_allowed(action, actor, case):
        raise NotAllowed(f"{action} by this actor")
    if version is not None and version != case.version:
        raise StaleCase(case.case_no)
    if edge is None:
        raise NotAllowed(f"{action} from {source}")
    write(case, status=target or (source if edge.stays else min(edge.targets)), **changes)
    record_event(case, action, source=source, actor=actor, note=note, now=now)
    return case


def lock(case: Case) -> Case:
    """The row as it is now, held until commit (SQLite holds the whole database)."""
    return Case.objects.select_for_update(of=("self",)).select_related("owner").get(pk=case.pk)


def is_over(case: Case, day: date) -> bool:
    """Whether the deadline of the case, if it has one, had passed on that day."""
    if case.deadline is None or day <= case.deadline:  # no need to ask which days are off
        return False
    return has_passed(case.deadline, day, office_calendar.current())


def write(case: Case, **changes: Any) -> None:
    """Write these columns and the next version, unless somebody else wrote meanwhile."""
    changes["version"] = case.version + 1
    if not Case.objects.filter(pk=case.pk, version=case.version).update(**changes):
        raise StaleCase(case.case_no)
    for name, value in changes.items():
        setattr(case, name, value)


def is_allowed(action: Action, actor: User | None, case: Case) -> bool:
    """Whether that person may do it, where the table has it."""
    role = ROLES[action]
    if role is Role.SYSTEM or actor is None:
        return role is Role.SYSTEM and actor is None
    if role is Role.APPLICANT:
        return actor.pk == case.owner_id
    if action is Action.ASSIGN and is_staff_member(actor) and actor.has_perm("portal_cases.assign_case"):
        return True
    return is_officer(actor) and (action in OF_ANY_OFFICER or actor.pk == case.assignee_id)


def is_officer(person: User) -> bool:
    """Whether that person decides cases."""
    return is_staff_member(person) and person.has_perm("portal_cases.review_case")


def record_event(case: Case, action: Action, *, source: str, actor: User | None, note: str, now: datetime) -> None:
    """Event, email, and after commit the news."""
    event = CaseEvent(
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
    last = CaseEvent.objects.filter(case=case).order_by("version").values_list("chain", flat=True).last()
    event.chain = link(last or "", event.said())
    event.save(force_insert=True)
    emails.queue(case, action, note)
    if case.status == Status.COMPLETED:
        transaction.on_commit(partial(case_completed.send_robust, sender=Case, case=case))


def save_revision(
    case: Case, *, now: datetime, documents: Sequence[NewDocument] = (), reply: str = "", corrected_by: User | None = None
) -> None:
    """What the applicant sent, this time; or what an officer put right."""
    number = case.revisions.count() + 1
    Revision.objects.create(case=case, number=number, answers=case.answers, reply=reply, corrected_by=corrected_by, sent_at=now)
    _save_keys(case)
    Document.objects.bulk_create(
        Document(
            case=case,
            slot=new.slot,
            file=new.file_name,
            original_name=new.original_name,
            content_type=new.content_type,
            size=new.size,
            sha256=new.sha256,
            warnings=list(new.warnings),
            revision=number,
        )
        for new in documents
    )


def _save_keys(case: Case) -> None:
    """Every number on its papers, and the name; what it was found by before stays."""
    numbers = (case.case_no, case.group_no, case.permit_no, case.first_permit_no)
    keys = keys_of(numbers, [case.name], case.permit, case.applicant, case.answers)
    CaseKey.objects.bulk_create((CaseKey(case=case, value=key) for key in sorted(keys)), ignore_conflicts=True)
