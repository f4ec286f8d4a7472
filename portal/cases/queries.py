"""Reading cases."""

from django.db.models import QuerySet

from portal.accounts.models import User

from .kinds import CaseKind
from .models import Case, Document
from .states import OPEN, Status


def cases_of(user: User) -> QuerySet[Case]:
    """A student's own cases, newest first."""
    return Case.objects.filter(owner=user, category=user.category)


def payable(user: User) -> QuerySet[Case]:
    """核准待繳費: a student's approved cases that wait for their fee."""
    return cases_of(user).filter(status=Status.AWAITING_PAYMENT)


def open_case(user: User, kind: CaseKind) -> Case | None:
    """The student's case of that kind that is not closed yet; there is at most one."""
    return cases_of(user).filter(kind_code=kind.code, status__in=OPEN).first()


def sent_draft(user: User, draft_token: str) -> Case | None:
    """The case that the student's draft became, if it was sent."""
    return cases_of(user).filter(draft_token=draft_token).first()


def for_review() -> QuerySet[Case]:
    """Every case, with the people that an officer's page names."""
    return Case.objects.select_related("owner", "assignee")


def current_documents(case: Case) -> QuerySet[Document]:
    """The case's 應檢附文件, without those that were replaced."""
    return case.documents.filter(replaced_at=None)
