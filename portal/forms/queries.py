"""Questions about drafts."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import slots
from portal.cases.kinds import CaseKind
from portal.cases.models import Document
from portal.cases.queries import cases_of

from .models import Draft

# A draft is one from the form on: before, there is a tick and a number, and who is refused leaves none.
BEGUN = Q(data__extra_data__prefill__isnull=False) | Q(data__step_data__form__isnull=False)
NOT_BEGUN = Q(data__extra_data__prefill__isnull=True, data__step_data__form__isnull=True)


def open_drafts(user: User) -> QuerySet[Draft]:
    """Drafts that the student began to fill in and has not sent, newest first."""
    return Draft.objects.filter(BEGUN, owner=user, category=user.category, sent_case=None, corrects=None)


def untouched_draft(user: User, kind: CaseKind) -> Draft | None:
    """A draft of that kind in which nothing was filled in yet."""
    mine = Draft.objects.filter(owner=user, category=kind.category, kind_code=kind.code, sent_case=None, uploads=None)
    return mine.filter(NOT_BEGUN).first()


def earlier_files(user: User, kind: CaseKind, *, today: date) -> dict[str, list[Document]]:
    """By slot, the files that the student sent last and that may stand in a new application of that kind, too."""
    days = slots.reuse_days(kind)
    sent = Document.objects.filter(case__in=cases_of(user), slot__in=days, replaced_at=None).select_related("case")
    found: dict[str, list[Document]] = {}
    for document in sent.order_by("-case__submitted_at", "pk"):
        files = found.setdefault(document.slot, [])
        if not files or files[0].case_id == document.case_id:
            files.append(document)
    return {slot: files for slot, files in found.items() if sent_on(files[0]) + timedelta(days=days[slot]) >= today}


def sent_on(document: Document) -> date:
    """The day on which the case that the file belongs to was sent."""
    return timezone.localdate(document.case.submitted_at)
