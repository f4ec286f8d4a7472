"""Files of the agency that clerks send in by the admin: checked first, taken over when the clerk says so, by a task."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile

from portal.core.files import private_storage
from portal.core.purging import sweep_files
from portal.core.workers import enqueue

from . import csv_files
from .models import RecordsImport
from .operations import ImportRefused, ImportResult, check_records, import_records, would_write

if TYPE_CHECKING:
    from portal.accounts.models import User

MAX_BYTES: Final = 20 * 1024 * 1024  # a file; some 100,000 people
LISTED: Final = 100  # problems that are kept; who sees so many starts with the first
# The files hold the data of people: what nobody took over is not kept.
CHECKED_LIFE: Final = timedelta(days=1)
FOLDER: Final = "imports"
NAMES: Final = ("applicants", "permits")
SHOWN: Final = 3  # rows of a file, before it is taken over
State = RecordsImport.State


@dataclass(frozen=True)
class Beginning:
    """The first rows of a file as they are read."""

    name: str
    is_big5: bool
    header: list[str]
    rows: list[list[str]]


def receive(
    *, by: "User", category: str, applicants: "File[bytes] | None", permits: "File[bytes] | None", now: datetime
) -> RecordsImport:
    """A dry run 試匯入: check the files and keep them, with what is wrong or with what they would bring."""
    row = RecordsImport(by=by, category=category, at=now, state=State.CHECKED)
    for name, file in zip(NAMES, (applicants, permits), strict=True):
        if file is not None:
            getattr(row, name).save(f"{FOLDER}/{uuid4().hex}.csv", file, save=False)
    with _on_disk(row) as paths:
        try:
            _count(row, would_write(check_records(category=category, applicants=paths["applicants"], permits=paths["permits"])))
        except ImportRefused as refused:
            _refuse(row, refused, now)
            _forget_files(row)
    row.save()
    return row


def beginnings(row: RecordsImport) -> list[Beginning]:
    """How the files are read that wait for 匯入: who looks at the names sees whether the encoding was the right one."""
    if row.state != State.CHECKED:
        return []
    with _on_disk(row) as paths:
        found = {name: csv_files.beginning(path, SHOWN) for name, path in paths.items() if path is not None}
    return [Beginning(name, encoding == csv_files.BIG5, header, rows) for name, (encoding, (header, *rows)) in found.items()]


def begin(row: RecordsImport) -> bool:
    """匯入: hand the files that were checked to a worker; whether they still waited for it."""
    with transaction.atomic():
        if not _move(row, State.CHECKED, State.QUEUED):
            return False
        from .tasks import import_queued  # which asks this module

        transaction.on_commit(partial(enqueue, import_queued), robust=True)
    return True


def drop(row: RecordsImport, *, now: datetime) -> bool:
    """放棄: the files go; whether they were still there."""
    if not _move(row, State.CHECKED, State.DROPPED, done_at=now):
        return False
    _forget_files(row)
    return True


def take_over_queued(*, now: datetime) -> int:
    """Take over what waits, the oldest first; how many. What fails half-way waits for the next run: nothing of it was written."""
    queued = list(RecordsImport.objects.filter(state=State.QUEUED).order_by("at", "pk"))
    return sum(_take_over(row, now) for row in queued)


def drop_old(*, now: datetime) -> int:
    """Drop what was checked a day ago and never taken over; how many."""
    old = RecordsImport.objects.filter(state=State.CHECKED, at__lte=now - CHECKED_LIFE)
    return sum(drop(row, now=now) for row in old)


def sweep(*, now: datetime) -> int:
    """Delete files that wait for nobody, which a process that died left behind; how many."""
    waiting = RecordsImport.objects.filter(state__in=[State.CHECKED, State.QUEUED])
    return sweep_files(private_storage(), FOLDER, [(waiting, name) for name in NAMES], now=now, grace=CHECKED_LIFE)


def _take_over(row: RecordsImport, now: datetime) -> bool:
    with transaction.atomic():
        # Two workers: whoever comes second finds that it is done, and its files gone.
        row = RecordsImport.objects.select_for_update().get(pk=row.pk)
        if row.state != State.QUEUED:
            return False
        with _on_disk(row) as paths:
            try:
                _count(row, import_records(category=row.category, applicants=paths["applicants"], permits=paths["permits"]))
                row.state, row.done_at = State.DONE, now
            except ImportRefused as refused:  # the records have changed since the check
                _refuse(row, refused, now)
        row.save()
    _forget_files(row)
    return True


def _move(row: RecordsImport, source: str, target: str, **fields: object) -> bool:
    return bool(RecordsImport.objects.filter(pk=row.pk, state=source).update(state=target, **fields))


def _count(row: RecordsImport, counted: tuple[ImportResult, ImportResult]) -> None:
    row.new = {name: result.new for name, result in zip(NAMES, counted, strict=True)}
    row.known = {name: result.known for name, result in zip(NAMES, counted, strict=True)}


def _refuse(row: RecordsImport, refused: ImportRefused, now: datetime) -> None:
    row.state, row.done_at, row.problem_count = State.REFUSED, now, len(refused.problems)
    # What stands in the file may hold NUL, which no database takes.
    row.problems = [
        [Path(file).stem, line, column.replace("\0", "␀"), reason.replace("\0", "␀")]
        for file, line, column, reason in refused.problems[:LISTED]
    ]


def _forget_files(row: RecordsImport) -> None:
    for name in NAMES:
        file: FieldFile = getattr(row, name)
        if file:
            file.delete(save=False)
            if row.pk:
                RecordsImport.objects.filter(pk=row.pk).update(**{name: ""})


@contextmanager
def _on_disk(row: RecordsImport) -> Iterator[dict[str, Path | None]]:
    """Both files where they can be read from the start again, whatever storage keeps them; named as what they hold."""
    with tempfile.TemporaryDirectory() as folder:
        paths: dict[str, Path | None] = dict.fromkeys(NAMES)
        for name in NAMES:
            file: FieldFile = getattr(row, name)
            if file:
                paths[name] = Path(folder) / f"{name}.csv"
                with file.open("rb") as source, paths[name].open("wb") as target:  # type: ignore[union-attr]  # set just now
                    shutil.copyfileobj(source, target)
        yield paths
