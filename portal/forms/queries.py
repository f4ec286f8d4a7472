"""Questions about drafts."""

from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.cases.kinds import CaseKind

from .models import Draft

# A draft is one from the form on: before, there is a tick and a number, and who is refused leaves none.
BEGUN = Q(data__extra_data__prefill__isnull=False) | Q(data__step_data__form__isnull=False)
NOT_BEGUN = Q(data__extra_data__prefill__isnull=True, data__step_data__form__isnull=True)


def open_drafts(user: User) -> QuerySet[Draft]:
    """Drafts that the student began to fill in and has not sent, newest first."""
    return Draft.objects.filter(BEGUN, owner=user, category=user.category, sent_case=None)


def untouched_draft(user: User, kind: CaseKind) -> Draft | None:
    """A draft of that kind in which nothing was filled in yet."""
    mine = Draft.objects.filter(owner=user, category=kind.category, kind_code=kind.code, sent_case=None, uploads=None)
    return mine.filter(NOT_BEGUN).first()
