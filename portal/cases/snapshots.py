"""Records as a case keeps them, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from portal.core.wording import in_every_language, in_page_language
from portal.records.protocol import ApplicantRecord, PermitRecord

from .kinds import DocumentSlot

_WORDS = ("label", "help", "condition")
_DATES = frozenset({"issued_on", "valid_until", "entered_on", "stay_until"})


def as_json(record: ApplicantRecord | PermitRecord) -> dict[str, Any]:
    """A record fit for JSON. A person's papers stand beside the rest, each by its column, as forms and permits ask for them."""
    known = asdict(record)
    flat = {**known, **dict(sorted(known.pop("papers", {}).items()))}  # PostgreSQL keeps papers in no order of ours
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in flat.items()}


def permit_record(kept: Mapping[str, Any]) -> PermitRecord:
    """The permit's record as it was when the case was sent."""
    known = {field.name: kept[field.name] for field in fields(PermitRecord) if field.name in kept}
    dates = {name: date.fromisoformat(known[name]) for name in _DATES if known[name]}
    return PermitRecord(**{**known, **dates})


def slot_as_json(slot: DocumentSlot) -> dict[str, Any]:
    """A line of 應檢附文件 fit for JSON, its words in every language."""
    words = {name: in_every_language(getattr(slot, name)) for name in _WORDS}
    return {"code": slot.code, **words, "required": slot.required, "max_files": slot.max_files, "photo": slot.photo}


def document_slot(kept: Mapping[str, Any]) -> DocumentSlot:
    """The line as it was when the case was sent."""
    return DocumentSlot(**{**kept, **{name: in_page_language(kept[name]) for name in _WORDS}})
