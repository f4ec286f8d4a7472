"""Reading cases."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from portal.accounts.models import User
from portal.fields import search_keys
from portal.office_calendar.periods import OfficeCalendar, has_passed
from portal.staff_login.second_factor import able_to_log_in

from .kinds import ASKED, CaseKind, DocumentSlot, of_category
from .models import Case, CaseKey, Document, Return
from .outcomes import PermitPdf
from .states import DUE, OPEN, RETURNED, Status


def cases_of(user: User) -> QuerySet[Case]:
    """A student's own cases, newest first."""
    return Case.objects.filter(owner=user, category=user.category)


def payable(user: User) -> QuerySet[Case]:
    """核准待繳費: a student's approved cases that wait for their fee."""
    return cases_of(user).filter(status=Status.AWAITING_PAYMENT)


def overdue(statuses: Collection[Status], today: date, calendar: OfficeCalendar) -> QuerySet[Case]:
    """Cases in one of these statuses whose deadline has passed, those that ended first before the others."""
    return Case.objects.filter(_over(today, calendar), status__in=statuses).order_by("deadline", "pk")


def nearly_due(today: date, within: timedelta, calendar: OfficeCalendar) -> QuerySet[Case]:
    """Cases that wait for their applicant, and whose deadline comes within that time."""
    waiting = Case.objects.filter(status__in=DUE, deadline__lte=today + within)
    return waiting.exclude(_over(today, calendar)).order_by("deadline", "pk")


def is_overdue(case: Case, today: date, calendar: OfficeCalendar) -> bool:
    """Whether the case waits for its applicant, and its deadline has passed."""
    return case.status in DUE and case.deadline is not None and has_passed(case.deadline, today, calendar)


def with_overdue(cases: QuerySet[Case], today: date, calendar: OfficeCalendar) -> QuerySet[Case]:
    """The same cases, each with `is_overdue` as above."""
    condition = Q(_over(today, calendar), status__in=DUE)
    return cases.annotate(is_overdue=ExpressionWrapper(condition, output_field=BooleanField()))


def _over(today: date, calendar: OfficeCalendar) -> Q:
    return Q(deadline__lte=calendar.working_day_before(today))


def unrecorded_permits() -> QuerySet[Case]:
    """Closed cases of whose permit the agency's records have not heard yet, the oldest first."""
    return Case.objects.filter(status=Status.COMPLETED, permit_recorded_at=None).order_by("completed_at", "pk")


def in_the_way(user: User, kind: CaseKind, permit_no: str) -> Case | None:
    """The student's open case that another one of that kind, or with that permit, would cross."""
    return cases_of(user).filter(Q(kind_code=kind.code) | Q(permit_no=permit_no), status__in=OPEN).first()


def superseded(case: Case) -> bool:
    """Whether another permit came of the one that this case brought."""
    return Case.objects.filter(owner=case.owner_id, permit_no=case.case_no, status=Status.COMPLETED).exists()


def sent_draft(user: User, draft_token: str) -> Case | None:
    """The case that the student's draft became, if it was sent."""
    return cases_of(user).filter(draft_token=draft_token).first()


def photo_on_file(user: User) -> str:
    """The 收件號 of the student's newest closed case that brought the photo of its permit; "" if there is none."""
    outcomes = {kind.code: kind.outcome for kind in of_category(user.category)}
    slots = {code: outcome.photo_slot for code, outcome in outcomes.items() if isinstance(outcome, PermitPdf)}
    printed = Q(*(Q(case__kind_code=code, slot=slot) for code, slot in slots.items()), _connector=Q.OR)
    photos = Document.objects.filter(printed, case__in=cases_of(user).filter(status=Status.COMPLETED), replaced_at=None)
    return photos.order_by("case__completed_at", "pk").values_list("case__case_no", flat=True).last() or ""


def officers() -> QuerySet[User]:
    """審查人員: whoever may decide cases by a group or by themselves, administrators left out."""
    may = Permission.objects.filter(content_type__app_label="portal_cases", codename="review_case")
    by_permission = Q(groups__permissions__in=may) | Q(user_permissions__in=may)
    return User.objects.filter(by_permission, is_active=True, category="").distinct().order_by("username")


def assignable() -> QuerySet[User]:
    """Who may be given a case: an account that nobody can log into yet leaves it where it is."""
    return able_to_log_in(officers())


def for_review() -> QuerySet[Case]:
    """Every case, with the people that an officer's page names."""
    return Case.objects.select_related("owner", "assignee")


def found_by(text: str) -> QuerySet[Case]:
    """Cases with a number or a name that begins like that, however it is written; of a text too short to tell, none."""
    key = search_keys.key_of(text)
    if len(key) < search_keys.KEY_MIN:
        return Case.objects.none()
    return for_review().filter(pk__in=CaseKey.objects.filter(value__startswith=key).values("case"))


def current_documents(case: Case) -> QuerySet[Document]:
    """The case's 應檢附文件, without those that were replaced."""
    return case.documents.filter(replaced_at=None)


def missing_documents(case: Case, current: Iterable[Document] | None = None) -> list[DocumentSlot]:
    """What an officer asked for that no line of the kind names, and that is not there yet.

    `current` are the case's documents that were not replaced, where the caller has read them.
    """
    asked = [slot for slot in case.document_slots if slot.code.startswith(ASKED)]
    there = {document.slot for document in (current_documents(case) if current is None else current)} if asked else set()
    return [slot for slot in asked if slot.code not in there]


def waiting_for(officer: User) -> QuerySet[Case]:
    """待審核 for that officer, the next one first: their own that came back, then those of nobody; of each the oldest first."""
    waiting = Case.objects.filter(Q(assignee=officer) | Q(assignee=None), status=Status.SUBMITTED)
    return waiting.order_by(F("assignee").asc(nulls_last=True), "submitted_at", "pk")


def applied_again(case: Case) -> bool:
    """Whether its applicant has another case with the same permit, sent later, that is on its way or approved."""
    later = Case.objects.filter(owner=case.owner_id, permit_no=case.permit_no, pk__gt=case.pk)
    return later.filter(status__in=[*OPEN, Status.COMPLETED]).exists()


def open_returns(case: Case) -> QuerySet[Return]:
    """The 退補 that waits for its answer; there is at most one."""
    return case.returns.filter(answered_at=None, taken_back_at=None)


def current_return(case: Case) -> Return | None:
    """The 退補 that the applicant is to answer; None when the case is not with its applicant."""
    return open_returns(case).last() if case.status in RETURNED else None


def may_be_extended(case: Case) -> bool:
    """Whether the 補正期間 may still be lengthened: the kind knows by how much, and it happens once a case."""
    return bool(
        case.status in RETURNED
        and case.kind.correction_extension_months
        and not case.returns.filter(extended_at__isnull=False).exists()
    )
