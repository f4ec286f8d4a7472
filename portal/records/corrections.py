"""更正: a clerk puts one record right, with a reason that is kept."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.core import categories
from portal.core.categories import StrOrPromise

from . import tables
from .csv_files import Column
from .models import Applicant, Permit, RecordCorrection, School
from .signals import record_corrected

if TYPE_CHECKING:
    from portal.accounts.models import User

Record = Applicant | Permit


class Unchanged(Exception):
    """Nothing would be different."""


class Overtaken(Exception):
    """Somebody else put the same columns right since the page was shown: `now` is what stands there, by field."""

    def __init__(self, now: dict[str, str]) -> None:
        super().__init__(", ".join(now))
        self.now = now


def columns(record: Record) -> tuple[Column, ...]:
    """What may be put right, as the agency's files have it: all but the number by which the record is known, and its holder."""
    if isinstance(record, Applicant):
        identity = categories.identities()[record.category]
        table = tables.applicants(identity, set(School.objects.values_list("code", flat=True)))
        return table.columns[1:]  # type: ignore[return-value]  # a tuple in both tables
    types = [code for code, _label in categories.identities()[record.applicant.category].permit_types]
    return tuple(column for column in tables.permits(types).columns if column.field not in {"permit_no", "applicant_id"})


def label(record: Record, column: Column) -> str:
    """What the column is called."""
    if isinstance(record, Applicant):
        papers = dict(categories.identities()[record.category].columns)
        if column.field in papers:
            return str(papers[column.field])
    return str(record._meta.get_field(column.field).verbose_name)  # type: ignore[union-attr]  # no relation's other end


def choices(record: Record, column: Column) -> dict[str, StrOrPromise]:
    """Codes and what they mean, of a column that takes nothing else; none of one that is typed."""
    category = record.category if isinstance(record, Applicant) else record.applicant.category
    identity = categories.identities()[category]
    match column.field:
        case "birth_place":
            return dict(identity.birth_places)
        case "school_id":
            return dict(School.objects.values_list("code", "name"))
        case "permit_type":
            return dict(identity.permit_types)
        case "revoked":
            return {"0": "否", "1": "是"}
        case "gender" | "degree":
            return dict(Applicant._meta.get_field(column.field).flatchoices)  # type: ignore[union-attr]  # no relation's other end
    return {}


def value(record: Record, column: Column) -> str:
    """What stands there, as the agency's files write it."""
    if isinstance(record, Applicant) and _is_paper(record, column):
        return str(record.papers.get(column.field, ""))
    return _written(getattr(record, column.field))


def contradictions(record: Record, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(column, reason) where what would stand there contradicts itself."""
    check = tables.applicant_dates if isinstance(record, Applicant) else tables.permit_dates
    return check(dict(values))


@transaction.atomic
def correct(
    record: Record, values: Mapping[str, Any], *, shown: Mapping[str, str], reason: str, by: "User", now: datetime
) -> RecordCorrection:
    """Write the columns that are different, and the line that says so. `shown` is what the clerk saw there.

    Raises Unchanged, and Overtaken where something else stands there now.
    """
    row = type(record)._default_manager.select_for_update().get(pk=record.pk)
    named = {column.field: column for column in columns(row)}
    before = {field: value(row, named[field]) for field in values if value(row, named[field]) != _written(values[field])}
    if not before:
        raise Unchanged
    if overtaken := {field: text for field, text in before.items() if shown.get(field, "").strip() != text.strip()}:
        raise Overtaken(overtaken)
    for field in before:
        _put(row, named[field], values[field])
    row.save()
    after = {field: _written(values[field]) for field in before}
    key = {"applicant": row} if isinstance(row, Applicant) else {"permit": row}
    line = RecordCorrection.objects.create(**key, by=by, at=now, reason=reason, before=before, after=after)
    if isinstance(row, Applicant):
        record_corrected.send(sender=Applicant, category=row.category, ui_no=row.ui_no, changes=after)
    return line


def _is_paper(record: Applicant, column: Column) -> bool:
    return not hasattr(record, column.field)


def _put(record: Record, column: Column, value: Any) -> None:
    if isinstance(record, Applicant) and _is_paper(record, column):
        record.papers = {**record.papers, column.field: value}
    else:
        setattr(record, column.field, value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value or "")
