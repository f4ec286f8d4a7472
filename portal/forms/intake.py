"""What one request does to the files of a draft: each is kept the moment it passes the checks, or it is said what is wrong."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import DocumentSlot, field_of
from portal.core.categories import StrOrPromise
from portal.uploads.file_problems import MESSAGES, FileProblem, FileRefused
from portal.uploads.files import clean_name

from . import operations
from .application import ApplicationForm
from .models import Draft

REMOVED = _("已移除 {name}")
REUSED = _("已沿用 {name}，請確認仍為有效且內容未變更")
KEPT_ALREADY = _("{name} 與已上傳的 {kept} 是同一個檔案，只保留一份")


class Intake:
    """`problems` are what was wrong with files just sent, `notes` what else there is to say; both by the slot's field."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.problems: dict[str, list[StrOrPromise]] = {}
        self.notes: dict[str, list[StrOrPromise]] = {}
        self.refused: set[FileProblem] = set()  # why files of this request were not taken
        self.taken = 0  # and how many were

    def handle(self, request: HttpRequest, slots: Iterable[DocumentSlot]) -> None:
        """Keep every chosen file that passes the checks, remember what was wrong with the others; then 沿用 and 移除."""
        for slot in slots:
            chosen = request.FILES.getlist(slot.field_name)
            problems = [problem for uploaded in chosen if (problem := self._take(slot, uploaded))]
            if not chosen and request.POST.get("upload") == slot.code:
                problems = [MESSAGES[FileProblem.NONE_CHOSEN]]
            if problems:
                self.problems[slot.field_name] = problems
            if request.POST.get("reuse") == slot.code:
                self.reuse(slot)
        self.remove(request.POST.get("remove", ""))

    def add(self, slot: DocumentSlot, uploaded: "UploadedFile[bytes]") -> None:
        """Keep one file. Raises FileRefused, KeptAlready."""
        operations.add_upload(self.draft, slot, uploaded, now=timezone.now())

    def reuse(self, slot: DocumentSlot) -> None:
        """沿用 what was sent with an earlier application, and say what."""
        try:
            for upload in operations.reuse(self.draft, slot, today=timezone.localdate()):
                self.note(slot.code, format_lazy(REUSED, name=upload.original_name))
        except FileRefused as refused:
            self.problems[slot.field_name] = [format_lazy(_("{label}：{error}"), label=slot.label, error=refused.message)]
        except operations.KeptAlready as same:  # a second click
            self.note(slot.code, format_lazy(REUSED, name=same.kept))

    def remove(self, key: str) -> None:
        """移除, and say what went."""
        removed = operations.remove_upload(self.draft, key)
        if removed is not None:
            self.note(removed.slot, format_lazy(REMOVED, name=removed.original_name))

    def note(self, slot_code: str, said: StrOrPromise) -> None:
        """Say something beside the files of that slot."""
        self.notes.setdefault(field_of(slot_code), []).append(said)

    def slot_response(self, request: HttpRequest, form: ApplicationForm) -> HttpResponse:
        """The slot that the request was about, as it is now, for upload.js."""
        name = field_of(request.POST.get("upload") or request.POST.get("slot", ""))
        field = next((field for field in form.document_fields() if field.html_name == name), None)
        if field is None:
            raise Http404
        response = render(request, "portal/forms/slot.html", {"field": field})
        response.headers["X-Upload-Slot"] = "1"
        if self.refused == {FileProblem.BUSY} and not self.taken:
            response.headers["Retry-After"] = "2"  # nothing was taken: upload.js sends the same again
        return response

    def _take(self, slot: DocumentSlot, uploaded: "UploadedFile[bytes]") -> StrOrPromise:
        """What is wrong with the file, or nothing."""
        try:
            if self.refused & {FileProblem.TOO_COMPLEX, FileProblem.BUSY}:  # that took long: the answer waits for no other
                raise FileRefused(FileProblem.BUSY)
            self.add(slot, uploaded)
        except operations.KeptAlready as same:
            self.note(slot.code, format_lazy(KEPT_ALREADY, name=clean_name(uploaded.name or ""), kept=same.kept))
            return ""
        except FileRefused as refused:
            self.refused.add(refused.reason)
            return format_lazy("{}{}{}", clean_name(uploaded.name or ""), _("："), refused.message)
        self.taken += 1
        return ""
