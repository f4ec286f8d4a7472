"""退補事由範本: which of them fit a case, and how those that were ticked come into the opinion and the remarks."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from portal.cases.models import Case
from portal.cms.snippets import in_force

from .models import ReasonTemplate

TICKED, INSERTED = "reasons", "inserted"


def values(data: Any, name: str) -> list[str]:
    """All that was given under a name."""
    return list(data.getlist(name)) if isinstance(data, QueryDict) else list(data.get(name, ()))


def fitting(case: Case, *, now: datetime) -> list[ReasonTemplate]:
    """Those in force for the case's kind."""
    found = in_force(ReasonTemplate.objects.all(), now=now)
    return [each for each in found if not each.kinds or case.kind.key in each.kinds]


def chosen(case: Case, data: Any, *, now: datetime) -> list[ReasonTemplate]:
    """Those that were ticked."""
    ticked = set(values(data, TICKED))
    return [each for each in fitting(case, now=now) if str(each.pk) in ticked] if ticked else []


def inserted(case: Case, data: QueryDict, *, now: datetime) -> QueryDict:
    """What was posted, with the text of each ticked reason put in once: what the officer made of it afterwards stays."""
    before = set(values(data, INSERTED))
    new = [each for each in chosen(case, data, now=now) if str(each.pk) not in before]
    if not new:
        return data
    data = data.copy()
    places = {**case.kind.form.base_fields, **{slot.field_name: slot for slot in case.document_slots}}  # type: ignore[attr-defined]
    for each in new:
        _append(data, "opinion", each.text)
        if each.on in places:
            _append(data, f"remark-{each.on}", each.text)
    data.setlist(INSERTED, values(data, TICKED))
    return data


def _append(data: QueryDict, name: str, text: str) -> None:
    typed = data.get(name, "").rstrip()
    if text not in typed:
        data[name] = f"{typed}\n{text}" if typed else text
