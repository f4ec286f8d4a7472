"""What the officers' pages ask."""

from django.db.models import OuterRef, Subquery

from portal.accounts.models import User
from portal.cases.models import Case, Return
from portal.cases.states import Status

from .models import ReviewDraft

REVIEW_CASE, VIEW_CASE, ASSIGN_CASE = "portal_cases.review_case", "portal_cases.view_case", "portal_cases.assign_case"


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
