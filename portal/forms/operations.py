"""What is done to drafts: begun, given files, sent."""

import hashlib
import uuid
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.eligibility import Match
from portal.cases.kinds import CaseKind, DocumentSlot
from portal.cases.models import Case
from portal.cases.operations import NewDocument, NotAllowed, submit
from portal.uploads.file_problems import FileProblem, FileRefused
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


def add_upload(draft: Draft, slot: DocumentSlot, uploaded: "UploadedFile[bytes]", *, now: datetime) -> DraftUpload:
    """Keep a file for the slot the moment it passed the checks. Raises FileRefused."""
    if draft.uploads.filter(slot=slot.code).count() >= slot.max_files:
        raise FileRefused(FileProblem.TOO_MANY)
    quotas.check_upload(draft, uploaded, now=now)
    return keep(draft, slot, clean_upload(uploaded, photo=slot.photo, sender=draft.owner_id))


def keep(draft: Draft, slot: DocumentSlot, clean: CleanFile) -> DraftUpload:
    """The file that passed, if the draft is still open and has room for it: others may have been faster. Raises FileRefused."""
    with transaction.atomic():
        if _lock(draft).sent_case:
            raise FileRefused(FileProblem.UPLOAD_FAILED)
        if draft.uploads.filter(slot=slot.code).count() >= slot.max_files:
            raise FileRefused(FileProblem.TOO_MANY)
        User.objects.select_for_update().get(pk=draft.owner_id)  # uploads to another draft of theirs wait
        quotas.check_room(draft, len(clean.content))
        return _keep(draft, slot, clean)


def remove_upload(draft: Draft, key: str) -> None:
    """移除: the row now, the file once that is certain. What is gone already stays gone."""
    with transaction.atomic():
        _lock(draft)
        upload = next((upload for upload in draft.uploads.all() if str(upload.uid) == key), None)
        if upload is None:
            return
        upload.delete()
        _delete_file(upload)


def send(draft: Draft, *, match: Match, answers: dict[str, Any], declaration_version: str, now: datetime) -> Case:
    """送件, once: whoever comes second gets the first one's case. Raises NotAllowed, TooManySent."""
    with transaction.atomic():
        mine = _lock(draft)
        if mine.sent_case:
            return mine.sent_case
        if not quotas.may_send(mine.owner, mine.kind_code, now=now):
            raise TooManySent
        uploads, unasked = _sorted(mine, answers, timezone.localdate(now))
        mine.sent_case = submit(
            owner=mine.owner,
            kind=mine.kind,
            match=match,
            answers=answers,
            documents=[_document(upload) for upload in uploads],
            declaration_version=declaration_version,
            draft_token=mine.token,
            now=now,
        )
        mine.data = {}
        mine.save(update_fields=["sent_case", "data", "updated_at"])
        mine.uploads.all().delete()  # the files are the case's now, but for those that the answers do not ask for
        for upload in unasked:
            _delete_file(upload)
        return mine.sent_case


def _lock(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)


def _keep(draft: Draft, slot: DocumentSlot, clean: CleanFile) -> DraftUpload:
    upload = DraftUpload(
        draft=draft,
        slot=slot.code,
        original_name=clean.original_name,
        content_type=clean.content_type,
        size=len(clean.content),
        sha256=hashlib.sha256(clean.content).hexdigest(),
        warning=clean.warning or "",
    )
    try:
        upload.file.save(f"uploads/{uuid.uuid4().hex}{clean.extension}", ContentFile(clean.content))
    except OSError as error:
        raise FileRefused(FileProblem.UPLOAD_FAILED) from error
    return upload


def _delete_file(upload: DraftUpload) -> None:
    """After commit: as long as the row may come back its file is needed."""
    file = upload.file
    transaction.on_commit(lambda: file.delete(save=False), robust=True)


def _sorted(draft: Draft, answers: dict[str, Any], today: date) -> tuple[list[DraftUpload], list[DraftUpload]]:
    """The files that these answers ask for, and those that were uploaded before the answers changed."""
    asked = {slot.code: slot for slot in draft.kind.required_documents(answers, today)}
    uploads = list(draft.uploads.all())
    if {code for code, slot in asked.items() if slot.required} - {upload.slot for upload in uploads}:
        raise NotAllowed("a required document is missing")
    return [each for each in uploads if each.slot in asked], [each for each in uploads if each.slot not in asked]


def _document(upload: DraftUpload) -> NewDocument:
    return NewDocument(
        slot=upload.slot,
        file_name=upload.file.name or "",
        original_name=upload.original_name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
    )
