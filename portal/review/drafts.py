"""暫存: what an officer typed on the decision page survives whatever becomes of the page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.models import Case
from portal.throttling.form_limits import kept_values

from .models import ReviewDraft

# What belongs to the request, not to what was typed; ticks are made anew for what is found then.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "version", "action", "then", "accepted"})


def typed(kept: dict[str, list[str]] | None) -> dict[str, Any]:
    """What an officer typed and has not sent, as forms begin with it."""
    lists = {"reasons", "inserted"}
    return {name: values if name in lists else values[0] for name, values in (kept or {}).items() if values}


def save(case: Case, officer: User, posted: QueryDict, *, now: datetime) -> bool:
    """Keep what was typed beside what was kept before; whether there is anything."""
    typed = kept_values({name: values for name, values in posted.lists() if name not in NOT_TYPED})
    if not typed:
        return False
    with transaction.atomic():
        draft = lock(case, officer)
        # What was typed now stands first, should there be more than is kept of one page.
        draft.data = kept_values({**typed, **draft.data, **typed})
        draft.saved_at = now
        draft.save()
    return any(value.strip() for values in draft.data.values() for value in values)


def lock(case: Case, officer: User) -> ReviewDraft:
    """The row as it is now, made if there is none, and held until commit: two windows of one officer write it in turn."""
    ReviewDraft.objects.get_or_create(case=case, officer=officer, defaults={"saved_at": timezone.now()})
    return ReviewDraft.objects.select_for_update().get(case=case, officer=officer)


def drop(case: Case, officer: User) -> None:
    """It was sent."""
    ReviewDraft.objects.filter(case=case, officer=officer).delete()


def forget(case: Case, officer: User, names: Iterable[str]) -> None:
    """These were sent; the rest stays."""
    with transaction.atomic():
        draft = ReviewDraft.objects.select_for_update().filter(case=case, officer=officer).first()
        if draft:
            gone = set(names)
            draft.data = {name: values for name, values in draft.data.items() if name not in gone}
            draft.save(update_fields=["data"])
