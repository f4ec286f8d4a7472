"""Questions about drafts and 使用聲明事項."""

from datetime import datetime

from django.db.models import Exists, QuerySet

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.core.snippets import in_force

from .declaration import Declaration, DeclarationVersion
from .models import Draft


def open_drafts(user: User) -> QuerySet[Draft]:
    """Drafts that the student began and has not sent, newest first."""
    return Draft.objects.filter(owner=user, category=user.category, sent_case=None).exclude(data={})


def untouched_draft(user: User, kind: CaseKind) -> Draft | None:
    """A draft of that kind in which nothing was done yet."""
    return Draft.objects.filter(
        owner=user, category=kind.category, kind_code=kind.code, sent_case=None, data={}, uploads=None
    ).first()


def newest_version(category: str) -> DeclarationVersion | None:
    """The last version of the category's 使用聲明事項, whether or not it still holds."""
    return DeclarationVersion.objects.filter(category=category).order_by("number").last()


def declaration_in_force(category: str, *, now: datetime) -> DeclarationVersion | None:
    """使用聲明事項 that a student has to accept now; None while nothing is published, and then nobody can apply."""
    published = in_force(Declaration.objects.filter(category=category), now=now)
    return DeclarationVersion.objects.filter(Exists(published), category=category).order_by("number").last()


def declaration_version(label: str) -> DeclarationVersion | None:
    """The version of that label, as a case keeps it."""
    category, _, number = label.rpartition("-")
    if not number.isdecimal():
        return None
    return DeclarationVersion.objects.filter(category=category, number=int(number)).first()
