"""使用聲明事項: each published text is kept as a version, and one of them is in force."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists

from portal.cms.snippets import in_force

from .declaration import Declaration, DeclarationVersion


@transaction.atomic
def keep_version(declaration: Declaration, *, now: datetime) -> DeclarationVersion:
    """The version that the published words are: a new one, or the newest if nothing changed."""
    _lock_declaration(declaration)
    newest, words = newest_version(declaration.category), declaration.words()
    if newest and newest.words() == words:
        return newest
    number = newest.number + 1 if newest else 1
    return DeclarationVersion.objects.create(category=declaration.category, number=number, published_at=now, **words)


def _lock_declaration(declaration: Declaration) -> None:
    """Two editors who publish at once get two numbers (SQLite holds the whole database)."""
    Declaration.objects.select_for_update().get(pk=declaration.pk)


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
