"""Questions about drafts."""

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.cases.kinds import CaseKind

from .models import Draft


def open_drafts(user: User) -> QuerySet[Draft]:
    """Drafts that the student began and has not sent, newest first."""
    return Draft.objects.filter(owner=user, category=user.category, sent_case=None).exclude(data={})


def untouched_draft(user: User, kind: CaseKind) -> Draft | None:
    """A draft of that kind in which nothing was done yet."""
    return Draft.objects.filter(
        owner=user, category=kind.category, kind_code=kind.code, sent_case=None, data={}, uploads=None
    ).first()
