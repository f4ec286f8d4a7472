"""What is added to the agency's records: permits issued here, and the agency's files.

Of files everything is checked first, then all of it is written, or nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from portal.core import categories

from . import tables
from .csv_files import ParsedFile, Problem, Table, read
from .models import Applicant, Permit, School
from .progress import Progress, silent
from .protocol import PermitRecord
from .source import get_source

BATCH = 1000
SCHOOLS_FILE = Path(__file__).with_name("data") / "schools.csv"


class ImportRefused(Exception):
    """Something in the files is wrong; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True)
class ImportResult:
    """How many rows one file brought: new ones, and ones that were known by their key."""

    new: int = 0
    known: int = 0


def add_permit(permit: PermitRecord) -> None:
    """A permit was issued: the records know it from now on. Adding it again changes nothing. Raises RecordsUnavailable."""
    get_source().add_permit(permit)


def correct_applicant(ui_no: str, changes: Mapping[str, str]) -> None:
    """An officer approved what a student reported of themselves. Doing it again changes nothing. Raises RecordsUnavailable."""
    get_source().correct_applicant(ui_no, changes)


@dataclass(frozen=True)
class Checked:
    """Files in which nothing is wrong: their rows, and of what tables."""

    people: Sequence[tuple[int, dict[str, Any]]]
    papers: Sequence[tuple[int, dict[str, Any]]]
    applicants: Table
    permits: Table


def check_records(*, applicants: Path | None, permits: Path | None, category: str = "", progress: Progress = silent) -> Checked:
    """Read both files; raises ImportRefused with all that is wrong in either. Nothing is written.

    The files are of one category's people; without `category` of the one that was registered first.
    """
    identities = categories.identities()
    category = category or next(iter(identities))
    identity = identities[category]
    applicants_table = tables.applicants(identity, set(School.objects.values_list("code", flat=True)))
    permits_table = tables.permits([code for code, _label in identity.permit_types])
    people = read(applicants, applicants_table, progress=progress) if applicants else ParsedFile()
    papers = read(permits, permits_table, progress=progress) if permits else ParsedFile()
    problems = [*people.problems, *papers.problems, *_without_holder(permits, papers, people, category=category)]
    if problems:
        raise ImportRefused(problems)
    rows = [(line, {"category": category, **tables.with_papers(row, identity)}) for line, row in people.rows]
    return Checked(rows, papers.rows, applicants_table, permits_table)


def import_records(
    *, applicants: Path | None, permits: Path | None, category: str = "", progress: Progress = silent
) -> tuple[ImportResult, ImportResult]:
    """Upsert applicants by 統一證號 and permits by 許可證號, all or nothing; raises ImportRefused as `check_records` does."""
    checked = check_records(applicants=applicants, permits=permits, category=category, progress=progress)
    with transaction.atomic():
        written_people = _upsert(Applicant, checked.people, checked.applicants, progress)
        return written_people, _upsert(Permit, checked.papers, checked.permits, progress)


def would_write(checked: Checked) -> tuple[ImportResult, ImportResult]:
    """What `import_records` would answer now."""
    return (_counted(Applicant, "ui_no", checked.people), _counted(Permit, "permit_no", checked.papers))


def _counted(model: type[models.Model], key: str, rows: Sequence[tuple[int, dict[str, Any]]]) -> ImportResult:
    keys = [row[key] for _line, row in rows]
    known = sum(model._default_manager.filter(**{f"{key}__in": some}).count() for some in _batches(keys))
    return ImportResult(new=len(keys) - known, known=known)


def import_schools(path: Path = SCHOOLS_FILE, *, progress: Progress = silent) -> ImportResult:
    """Upsert schools by their code, from the Ministry of Education's open data; raises ImportRefused."""
    contents = read(path, tables.SCHOOLS, progress=progress)
    if contents.problems:
        raise ImportRefused(contents.problems)
    with transaction.atomic():
        return _upsert(School, contents.rows, tables.SCHOOLS, progress)


def _without_holder(path: Path | None, permits: ParsedFile, people: ParsedFile, *, category: str) -> Iterator[Problem]:
    """A problem for each permit whose holder is neither in the applicants' file nor known in the category already."""
    holders = [(line, row["applicant_id"]) for line, row in permits.rows if "applicant_id" in row]
    asked = {ui_no for _, ui_no in holders} - people.lines.keys()
    unknown = asked.difference(*(_known(some, category) for some in _batches(sorted(asked))))
    for line, ui_no in holders:
        if ui_no in unknown:
            yield Problem(str(path), line, "ui_no", "署內資料沒有這個統一證號的人")


def _known(ui_nos: Sequence[str], category: str) -> set[str]:
    return set(Applicant.objects.filter(ui_no__in=ui_nos, category=category).values_list("ui_no", flat=True))


def _upsert(
    model: type[models.Model], rows: Sequence[tuple[int, dict[str, Any]]], table: Table, progress: Progress
) -> ImportResult:
    if not rows:
        return ImportResult()
    key = table.columns[0].field
    others = [field for field in rows[0][1] if field != key]
    before = model._default_manager.count()
    for done, some in enumerate(_batches(rows)):
        model._default_manager.bulk_create(
            [model(**row) for _, row in some], update_conflicts=True, unique_fields=[key], update_fields=others
        )
        progress(f"writing {model._meta.model_name}s", min((done + 1) * BATCH, len(rows)), len(rows))
    new = model._default_manager.count() - before
    return ImportResult(new=new, known=len(rows) - new)


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
