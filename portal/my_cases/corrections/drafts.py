"""What is typed and uploaded into a 退補案件申請書 until it is sent: a draft that corrects the case, one at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from portal.cases import operations as cases
from portal.cases import slots
from portal.cases.kinds import DocumentSlot
from portal.cases.models import Case, Document, Return
from portal.cases.operations import NotAllowed
from portal.cases.queries import current_documents
from portal.forms import operations
from portal.forms.models import Draft, DraftUpload
from portal.forms.operations import KeptAlready
from portal.uploads.file_problems import slot_is_full

REPLY: Final = "reply"
REASON: Final = "extension_reason"
Data = dict[str, Any]


def find(case: Case) -> Draft | None:
    """What was typed and uploaded so far, if anything was."""
    return Draft.objects.filter(corrects=case).first()


def begun(case: Case, returned: Return) -> Draft:
    """The draft of the correction, made now if there is none; two requests at once get the same one."""
    fresh = {"owner": case.owner, "category": case.category, "kind_code": case.kind_code, "data": _fresh(case, returned)}
    draft, is_new = Draft.objects.get_or_create(corrects=case, defaults=fresh)
    if not is_new:
        operations.merge(draft, before=draft.data, after=data_of(draft, case, returned))
    return draft


def data_of(draft: Draft | None, case: Case, returned: Return) -> Data:
    """What the draft holds for this 退補. What was typed for an earlier one, that was taken back, holds on, but where an officer
    changed the answer meanwhile.
    """
    if draft is None:
        return _fresh(case, returned)
    known = draft.data.get("extra_data", {})
    if known.get("returned") == returned.version:
        data: Data = draft.data
        return data
    before, typed = known.get("prefill", {}), draft.data.get("step_data", {}).get("form", {})
    kept = {name: value for name, value in typed.items() if before.get(name) == case.answers.get(name)}
    fresh = _fresh(case, returned)
    fresh["extra_data"]["removed"] = known.get("removed", {})
    return {**fresh, "step_data": {"form": kept}}


def _fresh(case: Case, returned: Return) -> Data:
    return {"step_data": {"form": {}}, "extra_data": {"prefill": dict(case.answers), "returned": returned.version, "removed": {}}}


def typed_in(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was typed, by field."""
    typed: dict[str, list[str]] = data.get("step_data", {}).get("form", {})
    return typed


def removed_in(data: Mapping[str, Any]) -> set[str]:
    """The documents of the case that go when the correction is sent."""
    return set(data.get("extra_data", {}).get("removed", {}))


def staying(draft: Draft, case: Case, slot: str) -> list[Document]:
    """The documents of that slot that were sent before and are not to go, oldest first."""
    row = Draft.objects.get(pk=draft.pk)
    return [each for each in current_documents(case).filter(slot=slot) if str(each.uid) not in removed_in(row.data)]


def remove(draft: Draft, document: Document) -> None:
    """移除 a document that was sent: it goes when the correction does."""
    operations.merge(draft, before={}, after={"extra_data": {"removed": {str(document.uid): True}}})


@transaction.atomic
def restore(draft: Draft, document: Document, slot: DocumentSlot) -> None:
    """復原 it, while there is room. Raises FileRefused."""
    operations.lock(draft)
    others = len(staying(draft, document.case, slot.code)) + draft.uploads.filter(slot=slot.code).count()
    if others >= slot.max_files:
        raise slot_is_full(slot.max_files)
    gone = {str(document.uid): True}
    operations.merge(draft, before={"extra_data": {"removed": gone}}, after={"extra_data": {"removed": {}}})


def add_upload(
    draft: Draft, case: Case, slot: DocumentSlot, uploaded: "UploadedFile[bytes]", *, now: datetime
) -> Document | None:
    """A new file, kept the moment it passed the checks. Where there is no room beside what was sent, it takes the place of the
    oldest of these, which is returned. Raises FileRefused, KeptAlready.
    """
    upload = operations.add_upload(draft, slot, uploaded, now=now)
    before = staying(draft, case, slot.code)
    if same := next((each for each in before if each.sha256 == upload.sha256), None):
        operations.remove_upload(draft, str(upload.uid))
        raise KeptAlready(same.original_name)
    if len(before) + draft.uploads.filter(slot=slot.code).count() <= slot.max_files:
        return None
    remove(draft, before[0])
    return before[0]


@transaction.atomic
def send(draft: Draft, *, version: int, answers: Data, reply: str, now: datetime) -> Case:
    """送出: the case goes back to 新申請案件 with what was corrected, and the draft is no more.

    Raises NotAllowed, TooLate, StaleCase, and then nothing has changed.
    """
    row = operations.lock(draft)
    if row is None or row.corrects is None:
        raise NotAllowed("sent already")
    case, uploads = row.corrects, list(row.uploads.all())
    asked = {slot.code: slot for slot in slots.of_case(case, timezone.localdate(now)).asked(answers)}
    sent = list(current_documents(case))
    gone = [each for each in sent if str(each.uid) in removed_in(row.data) or each.slot not in asked]
    taken = [each for each in uploads if each.slot in asked]
    _require(asked, [each.slot for each in taken] + [each.slot for each in sent if each not in gone])
    documents = [operations.new_document(each) for each in taken]
    removed = [each.uid for each in gone]
    case = cases.resubmit(
        case, actor=row.owner, version=version, answers=answers, documents=documents, removed=removed, reply=reply, now=now
    )
    _forget(row, [each for each in uploads if each not in taken])
    return case


def _require(asked: Mapping[str, DocumentSlot], there: list[str]) -> None:
    """Under the lock: what another page of the same person did meanwhile counts."""
    for code, slot in asked.items():
        if (slot.required and code not in there) or there.count(code) > slot.max_files:
            raise NotAllowed(f"documents of {code}")


def _forget(draft: Draft, unasked: list[DraftUpload]) -> None:
    draft.uploads.all().delete()  # the files are the case's now, but for those that the answers do not ask for
    draft.delete()
    for upload in unasked:
        operations.delete_file(upload)
