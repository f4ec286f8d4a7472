"""Drafts that nobody goes on with, and files that belong to nothing any more."""

import time
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.cases.models import Document
from portal.cases.states import RETURNED
from portal.core.files import private_storage
from portal.core.purging import BATCH, RUN_SECONDS, delete_in_batches, sweep_files
from portal.mail import outbox
from portal.mail.placeholders import HELPLINE, Placeholder, register

from . import queries
from .models import Draft, DraftUpload

# The start page tells the day.
DRAFT_LIFE: Final = timedelta(days=60)
REMIND_BEFORE: Final = timedelta(days=7)
# Opened, and nothing filled in.
UNTOUCHED_LIFE: Final = timedelta(days=1)
# A file is written before its row.
ORPHAN_LIFE: Final = timedelta(days=1)
FOLDER: Final = "uploads"


def purge(*, now: datetime) -> int:
    """Delete old drafts with their files, and files without a row; how many drafts and files."""
    old = Draft.objects.filter(sent_case=None, uploads=None, updated_at__lte=now - UNTOUCHED_LIFE)
    untouched = old.filter(queries.NOT_BEGUN)
    deleted = delete_in_batches(untouched)
    until = time.monotonic() + RUN_SECONDS
    for pk in list(_old(now).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        deleted += _forget(pk, now=now)
        if time.monotonic() >= until:
            break
    return deleted + sweep_uploads(now=now)


register(
    "draft_reminder",
    "草稿即將刪除",
    Placeholder("name", "姓名", "{{ draft.owner.chinese_name }}"),
    Placeholder("kind", "申請類別", "{{ draft.kind.name }}"),
    Placeholder("day", "刪除日", '{{ ends_on|date:"Y/m/d" }}', is_needed=True),
    Placeholder("link", "待辦事項連結", '{{ BASE_URL }}{% url "my_cases:todo" draft.category %}', is_needed=True),
    HELPLINE,
)


def remind(*, now: datetime) -> int:
    """An email to whose draft goes within REMIND_BEFORE, once for each time that it was filled in; to how many."""
    near = now - DRAFT_LIFE + REMIND_BEFORE
    drafts = Draft.objects.filter(
        queries.BEGUN, sent_case=None, corrects=None, updated_at__lte=near, updated_at__gt=now - DRAFT_LIFE
    )
    found = list(drafts.select_related("owner").order_by("updated_at", "pk"))
    for draft in found:
        _remind(draft)
    return len(found)


def _remind(draft: Draft) -> None:
    if outbox.is_queued(cause := f"draft:{draft.pk}:{draft.updated_at:%Y%m%d%H%M%S}"):
        return
    outbox.queue(
        kind="draft_reminder",
        to=draft.owner.email,
        context={"draft": draft, "ends_on": timezone.localdate(draft.updated_at + DRAFT_LIFE)},
        cause=cause,
        language=draft.owner.language,
    )


def sweep_uploads(*, now: datetime) -> int:
    """Files of drafts and cases on which no row stands: a worker died between file and row, or a draft was deleted."""
    holders = [(DraftUpload.objects.all(), "file"), (Document.objects.all(), "file")]
    return sweep_files(private_storage(), FOLDER, holders, now=now, grace=ORPHAN_LIFE)


def _old(now: datetime) -> QuerySet[Draft]:
    """Not touched for DRAFT_LIFE. One that was sent is only the way back to its case's number; one that corrects a case is
    needed as long as that waits for it.
    """
    return Draft.objects.filter(updated_at__lte=now - DRAFT_LIFE).exclude(corrects__status__in=RETURNED)


@transaction.atomic
def _forget(pk: int, *, now: datetime) -> bool:
    """Look once more with the row in hand: they may be typing at this moment."""
    Draft.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    draft = _old(now).filter(pk=pk).first()
    if draft is None:
        return False
    files = [upload.file for upload in draft.uploads.all()]
    draft.delete()
    for file in files:
        transaction.on_commit(lambda file=file: file.delete(save=False), robust=True)  # type: ignore[misc]
    return True
