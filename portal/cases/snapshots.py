"""Records as a case keeps them, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from portal.records.protocol import ApplicantRecord, PermitRecord

_DATES = frozenset({"issued_on", "valid_until", "entered_on", "stay_until"})


def as_json(record: ApplicantRecord | PermitRecord) -> dict[str, Any]:
    """A record fit for JSON. A person's papers stand beside the rest, each by its column, as forms and permits ask for them."""
    known = asdict(record)
    flat = {**known, **known.pop("papers", {})}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in flat.items()}


def permit_record(kept: Mapping[str, Any]) -> PermitRecord:
    """The permit's record as it was when the case was sent."""
    known = {field.name: kept[field.name] for field in fields(PermitRecord) if field.name in kept}
    dates = {name: date.fromisoformat(known[name]) for name in _DATES if known[name]}
    return PermitRecord(**{**known, **dates})
