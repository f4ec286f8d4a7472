"""The source `http`: the agency's own service, asked by JSON over HTTPS (docs/records-service.md).

Every question is a POST: numbers of people stand in no address, and so in no log of a server between.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from http.client import HTTPException
from typing import Any, Final, TypeVar, get_type_hints
from urllib.error import HTTPError
from urllib.request import Request

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from portal.core import categories
from portal.core.outward import straight

from .protocol import ApplicantRecord, PermitRecord, RecordsUnavailable

Record = TypeVar("Record", ApplicantRecord, PermitRecord)
TIMEOUT: Final = 5  # seconds; a person is waiting
MAX_ANSWER: Final = 1024 * 1024
DAYS: Final = frozenset({"birth_date", "enrolled_on", "issued_on", "valid_until", "entered_on", "stay_until"})


class HttpSource:
    """Asks settings.RECORDS_URL with the bearer token settings.RECORDS_TOKEN. Any answer that makes no sense is none."""

    def find_applicant(self, *, ui_no: str = "", permit_no: str = "") -> ApplicantRecord | None:
        """The person of that 統一證號 and holder of that permit, as far as each is given."""
        if not (ui_no or permit_no):
            return None
        return _one(ApplicantRecord, "applicant", _ask("find-applicant", ui_no=ui_no, permit_no=permit_no))

    def find_permit(self, permit_no: str, permit_type: str) -> PermitRecord | None:
        """The permit of that number and type."""
        return _one(PermitRecord, "permit", _ask("find-permit", permit_no=permit_no, permit_type=permit_type))

    def permits_of(self, ui_no: str) -> tuple[PermitRecord, ...]:
        """Every permit of the person, oldest first."""
        found = _ask("permits-of", ui_no=ui_no).get("permits")
        if not isinstance(found, list):
            raise RecordsUnavailable("permits-of: no list")
        return tuple(_record(PermitRecord, each) for each in found)

    def add_permit(self, permit: PermitRecord) -> None:
        """A permit that was issued here; the service keeps the first that it was given of a number."""
        known = asdict(permit)
        del known["superseded"]  # follows from the other permits
        _ask("add-permit", permit=known)

    def correct_applicant(self, ui_no: str, changes: Mapping[str, str]) -> None:
        """What an officer approved."""
        _ask("correct-applicant", ui_no=ui_no, changes=dict(changes))


def _ask(question: str, **said: Any) -> dict[str, Any]:
    """The service's answer; raises RecordsUnavailable, whose text names nobody."""
    request = Request(  # noqa: S310 -- our own setting, which a system check holds to HTTPS
        f"{settings.RECORDS_URL.rstrip('/')}/{question}",
        json.dumps(said, cls=DjangoJSONEncoder).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {settings.RECORDS_TOKEN}"},
    )
    try:
        with straight.open(request, timeout=TIMEOUT) as response:
            answer = json.loads(response.read(MAX_ANSWER))
    except HTTPError as problem:
        problem.close()
        raise RecordsUnavailable(f"{question}: {problem.code}") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise RecordsUnavailable(f"{question}: {type(problem).__name__}") from None
    if not isinstance(answer, dict):
        raise RecordsUnavailable(f"{question}: no object")
    return answer


def _one(model: type[Record], key: str, answer: dict[str, Any]) -> Record | None:
    """Nobody is said by null; an answer that says nothing is none."""
    if key not in answer:
        raise RecordsUnavailable(f"no {key}")
    return None if answer[key] is None else _record(model, answer[key])


def _record(model: type[Record], found: Any) -> Record:
    """The object as a record: every field is there and of its kind, days are YYYY-MM-DD; what else is said is left out."""
    try:
        known = {field.name: found[field.name] for field in fields(model) if field.name in found}
        days = {name: date.fromisoformat(known[name]) for name in DAYS & known.keys() if known[name] is not None}
        record = model(**{**known, **days})
        if not _is_whole(record):
            raise ValueError
    except (TypeError, ValueError, KeyError) as problem:
        raise RecordsUnavailable(f"{model.__name__}: {type(problem).__name__}") from None
    return record


def _is_whole(record: ApplicantRecord | PermitRecord) -> bool:
    kinds = get_type_hints(type(record)) | {"papers": Mapping}
    return all(isinstance(value, kinds[name]) for name, value in vars(record).items()) and (
        isinstance(record, PermitRecord) or _has_papers(record)
    )


def _has_papers(applicant: ApplicantRecord) -> bool:
    """Whether every number and last day is there that people of the category have, if it is one of ours."""
    identity = categories.identities().get(applicant.category)
    for paper in identity.papers if identity else ():
        if paper.expiry:
            applicant.expiry(paper.expiry)
    return all(isinstance(applicant.papers.get(name), str) for name, _label in (identity.columns if identity else ()))
