"""What the officers' pages ask."""

from django.contrib.auth.models import Permission
from django.db.models import OuterRef, Q, QuerySet, Subquery

from portal.accounts.models import User
from portal.cases.models import Case, Return
from portal.cases.states import Status
from portal.staff_login.second_factor import able_to_log_in

from .models import ReviewDraft

REVIEW_CASE, VIEW_CASE, ASSIGN_CASE = "portal_cases.review_case", "portal_cases.view_case", "portal_cases.assign_case"


def officers() -> QuerySet[User]:
    """審查人員: whoever may decide cases by a group or by themselves, administrators left out."""
    may = Permission.objects.filter(content_type__app_label="portal_cases", codename="review_case")
    by_permission = Q(groups__permissions__in=may) | Q(user_permissions__in=may)
    return User.objects.filter(by_permission, is_active=True, category="").distinct().order_by("username")


def assignable() -> QuerySet[User]:
    """Who may be given a case: an account that nobody can log into yet leaves it where it is."""
    return able_to_log_in(officers())


def with_people(case_no: str, reader: User) -> list[Case]:
    """The case, and after it every other one of its student, newest first; none when there is no such case.

    `typed` is what the reader has typed about it and not sent, `remarks` what was pinned in the last 退補.
    """
    draft = ReviewDraft.objects.filter(case=OuterRef("pk"), officer=reader).values("data")
    found = Case.objects.filter(owner__cases__case_no=case_no).select_related("owner", "assignee")
    returned = Return.objects.filter(case=OuterRef("pk"), taken_back_at=None).order_by("-pk").values("remarks")
    found = found.annotate(typed=Subquery(draft), remarks=Subquery(returned[:1])).order_by("-submitted_at", "-pk")
    return sorted(found, key=lambda case: case.case_no != case_no)


def is_reviewable(case: Case) -> bool:
    """Whether an officer has still to decide it."""
    return case.status in {Status.SUBMITTED, Status.IN_REVIEW, Status.CORRECTION, Status.SUPPLEMENT}
