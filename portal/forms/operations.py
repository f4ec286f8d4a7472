"""What is done to drafts: begun, given files, sent."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.accounts.models import User
from portal.cases.kinds import CaseKind, DocumentSlot
from portal.cases.models import Case, Document
from portal.cases.operations import NewDocument, NotAllowed, submit
from portal.cases.slots import Slots
from portal.records.protocol import Match
from portal.uploads.decoder.problems import FileWarning
from portal.uploads.file_problems import FileProblem, FileRefused, slot_is_full
from portal.uploads.files import CleanFile, clean_upload

from . import queries, quotas
from .models import Draft, DraftUpload


class TooManyDrafts(Exception):
    """The student has as many drafts of this kind as may be kept."""


class TooManySent(Exception):
    """The student made as many cases of this kind in a day as may be made."""


@transaction.atomic
def begin(user: User, kind: CaseKind) -> Draft:
    """A draft to begin with: the one still untouched, or a new one. Raises TooManyDrafts."""
    User.objects.select_for_update().get(pk=user.pk)  # of several tabs at once none adds more than the others left room for
    if untouched := queries.untouched_draft(user, kind):
        return untouched
    if not quotas.has_room_for_draft(user, kind.code):
        raise TooManyDrafts
    return Draft.objects.create(owner=user, category=kind.category, kind_code=kind.code)


def merge(draft: Draft, *, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Write what is different in `after` into the draft as it is now; what another request wrote meanwhile stays.

    Whether the draft is still open: what was sent stays as it was sent, and what is gone stays gone.
    """
    changes = list(_changes(before, after))
    with transaction.atomic():
        row = lock(draft)
        if row is None or row.sent_case:
            return False
        if changes:
            for path, value in changes:
                _put(row.data, path, value)
            row.save(update_fields=["data", "updated_at"])
        return True


def save_typed(draft: Draft, step: str, typed: dict[str, list[str]]) -> bool:
    """Keep the fields that were posted of a step, right or wrong, and no others; whether the draft is still open."""
    return merge(draft, before={}, after={"step_data": {step: typed}} if typed else {})


def _changes(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is different, down to each field of each step; None is no more there."""
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if isinstance(new, dict) and (old is None or isinstance(old, dict)):
            yield from _changes(old or {}, new, (*path, key))
            if not new and old is None:
                yield (*path, key), {}
        elif old != new:
            yield (*path, key), new


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *parents, name = path
    for parent in parents:
        data = data.setdefault(parent, {})
    if value is None:
        data.pop(name, None)
    elif value != {}:
        data[name] = value
    else:
        data.setdefault(name, {})


class KeptAlready(Exception):
    """The slot has this very file, under the name `kept`."""

    def __init__(self, kept: str) -> None:
        self.kept = kept
        super().__init__(kept)


def add_upload(draft: Draft, slot: DocumentSlot, uploaded: "UploadedFile[bytes]", *, now: datetime) -> DraftUpload:
    """Keep a file for the slot the moment it passed the checks. Raises FileRefused, KeptAlready."""
    if draft.uploads.filter(slot=slot.code).count() >= slot.max_files:
        raise slot_is_full(slot.max_files)
    quotas.check_upload(draft, uploaded, now=now)
    return keep(draft, slot, clean_upload(uploaded, photo=slot.photo, sender=draft.owner_id))


def keep(draft: Draft, slot: DocumentSlot, clean: CleanFile) -> DraftUpload:
    """The file that passed, if the draft is still open and has room for it: others may have been faster.

    Raises FileRefused, KeptAlready.
    """
    sha256 = hashlib.sha256(clean.content).hexdigest()
    with transaction.atomic():
        row = lock(draft)
        if row is None or row.sent_case:
            raise FileRefused(FileProblem.UPLOAD_FAILED)
        here = draft.uploads.filter(slot=slot.code)
        if same := here.filter(sha256=sha256).first():
            raise KeptAlready(same.original_name)
        if here.count() >= slot.max_files:
            raise slot_is_full(slot.max_files)
        User.objects.select_for_update().get(pk=draft.owner_id)  # uploads to another draft of theirs wait
        quotas.check_room(draft, len(clean.content))
        return _keep(draft, slot, clean, sha256)


def reuse(draft: Draft, slot: DocumentSlot, *, today: date) -> list[DraftUpload]:
    """沿用: copies of the files that the student last sent for that slot; none where none can be used. Raises FileRefused.

    They passed the checks when they were sent, and are kept as they were.
    """
    found = queries.earlier_files(draft.owner, draft.kind, today=today).get(slot.code, [])
    with transaction.atomic():
        return [keep(draft, slot, _again(document)) for document in found[: slot.max_files]]


def _again(document: Document) -> CleanFile:
    try:
        with document.file.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise FileRefused(FileProblem.UPLOAD_FAILED) from error
    extension = PurePath(document.file.name or "").suffix
    warnings = tuple(FileWarning(each) for each in document.warnings)
    return CleanFile(content, document.content_type, extension, document.original_name, warnings)


def remove_upload(draft: Draft, key: str) -> DraftUpload | None:
    """移除: the row now, the file once that is certain. What was removed; what is gone already stays gone."""
    with transaction.atomic():
        lock(draft)
        upload = next((upload for upload in draft.uploads.all() if str(upload.uid) == key), None)
        if upload is not None:
            upload.delete()
            delete_file(upload)
        return upload


def delete(draft: Draft) -> None:
    """刪除 a draft that was not sent, with its files. What was sent stays; what is gone already stays gone."""
    with transaction.atomic():
        row = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk, sent_case=None).first()
        if row is None:
            return
        for upload in row.uploads.all():
            delete_file(upload)
        row.delete()


def send(draft: Draft, *, match: Match, answers: dict[str, Any], offered: Slots, declaration_version: str, now: datetime) -> Case:
    """送件, once: whoever comes second gets the first one's case. Raises NotAllowed, TooManySent.

    `offered` are the 應檢附文件 that the form showed: what editors publish a moment later is not asked of this case.
    """
    with transaction.atomic():
        mine = lock(draft)
        if mine is None:
            raise NotAllowed("no draft any more")
        if mine.sent_case:
            return mine.sent_case
        if not quotas.may_send(mine.owner, mine.kind_code, now=now):
            raise TooManySent
        uploads, unasked = _sorted(mine, answers, offered)
        mine.sent_case = submit(
            owner=mine.owner,
            kind=mine.kind,
            match=match,
            answers=answers,
            documents=[new_document(upload) for upload in uploads],
            offered=offered,
            declaration_version=declaration_version,
            draft_token=mine.token,
            now=now,
        )
        mine.data = {}
        mine.save(update_fields=["sent_case", "data", "updated_at"])
        mine.uploads.all().delete()  # the files are the case's now, but for those that the answers do not ask for
        for upload in unasked:
            delete_file(upload)
        return mine.sent_case


def lock(draft: Draft) -> Draft | None:
    """The row as it is now, held until commit; None when it is gone."""
    return Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()


def _keep(draft: Draft, slot: DocumentSlot, clean: CleanFile, sha256: str) -> DraftUpload:
    upload = DraftUpload(
        draft=draft,
        slot=slot.code,
        original_name=clean.original_name,
        content_type=clean.content_type,
        size=len(clean.content),
        sha256=sha256,
        warnings=list(clean.warnings),
    )
    try:
        upload.file.save(f"uploads/{uuid.uuid4().hex}{clean.extension}", ContentFile(clean.content))
    except OSError as error:
        raise FileRefused(FileProblem.UPLOAD_FAILED) from error
    return upload


def delete_file(upload: DraftUpload) -> None:
    """After commit: as long as the row may come back its file is needed."""
    file = upload.file
    transaction.on_commit(lambda: file.delete(save=False), robust=True)


def _sorted(draft: Draft, answers: dict[str, Any], offered: Slots) -> tuple[list[DraftUpload], list[DraftUpload]]:
    """The files that these answers ask for, and those that were uploaded before the answers changed."""
    asked = {slot.code: slot for slot in offered.asked(answers)}
    uploads = list(draft.uploads.all())
    if {code for code, slot in asked.items() if slot.required} - {upload.slot for upload in uploads}:
        raise NotAllowed("a required document is missing")
    return [each for each in uploads if each.slot in asked], [each for each in uploads if each.slot not in asked]


def new_document(upload: DraftUpload) -> NewDocument:
    """The file as the case takes it over."""
    return NewDocument(
        slot=upload.slot,
        file_name=upload.file.name or "",
        original_name=upload.original_name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        warnings=upload.warnings,
    )
