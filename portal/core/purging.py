"""Deleting what is kept no longer: in batches, and for so long a run at most. The next run goes on where this one stopped."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.core.files.storage import Storage
from django.db.models import QuerySet

BATCH: Final = 500
RUN_SECONDS: Final = 20.0


def delete_in_batches(rows: QuerySet[Any, Any], *, seconds: float = RUN_SECONDS) -> int:
    """Delete the rows, oldest number first; how many were deleted. Each batch is a transaction of its own."""
    until, deleted = time.monotonic() + seconds, 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        deleted += rows.filter(pk__in=pks).order_by().delete()[0]
        if len(pks) < BATCH or time.monotonic() >= until:
            break
    return deleted


def keep_newest(rows: QuerySet[Any, Any], most: int) -> int:
    """Delete all but the newest `most` rows, by number; how many were deleted."""
    newest = rows.order_by("-pk").values_list("pk", flat=True)
    last = newest[most - 1 : most].first()
    return delete_in_batches(rows.filter(pk__lt=last)) if last is not None else 0


def sweep_files(
    storage: Storage,
    folder: str,
    holders: Sequence[tuple[QuerySet[Any, Any], str]],
    *,
    now: datetime,
    grace: timedelta,
    seconds: float = RUN_SECONDS,
) -> int:
    """Delete files of that folder on which no row of `holders` (rows and file field) stands, once they are older than `grace`.
    A file is written before the row that holds it, so a young one may still get its row. How many were deleted.
    Each run begins somewhere else: where one does not come through, its end has its turn, too.
    """
    until, deleted = time.monotonic() + seconds, 0
    names = [f"{folder}/{name}" for name in _files(storage, folder)]
    batches = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
    first = Random(now.timestamp()).randrange(len(batches)) if batches else 0  # noqa: S311  # no secret
    for some in batches[first:] + batches[:first]:
        held = {name for rows, field in holders for name in _held(rows, field, some)}
        for name in some:
            if name not in held and file_age(storage, name, now) > grace:
                storage.delete(name)
                deleted += 1
        if time.monotonic() >= until:
            break
    return deleted


def _held(rows: QuerySet[Any, Any], field: str, names: list[str]) -> list[str]:
    return list(rows.filter(**{f"{field}__in": names}).values_list(field, flat=True))


def _files(storage: Storage, folder: str) -> list[str]:
    try:
        return sorted(storage.listdir(folder)[1])
    except FileNotFoundError:
        return []


def file_age(storage: Storage, name: str, now: datetime) -> timedelta:
    """How long ago the file was written; of one that is gone, nothing."""
    try:
        return now - storage.get_modified_time(name)
    except FileNotFoundError:  # somebody removed it just now
        return timedelta(0)
