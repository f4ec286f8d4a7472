"""One request to 補正(件)–詳細."""

from functools import cached_property
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import StudentRequest
from portal.cases import operations as cases
from portal.cases.kinds import DocumentSlot, field_of
from portal.cases.models import Case, Return
from portal.cases.operations import NotAllowed, StaleCase
from portal.cases.queries import current_documents, current_return
from portal.core.categories import StrOrPromise
from portal.core.languages import in_language
from portal.forms import operations
from portal.forms.application import ApplicationForm
from portal.forms.form_map import blocks_of
from portal.forms.intake import Intake
from portal.forms.models import Draft
from portal.forms.presentation import AnswerRow, AnswerSection, sections
from portal.forms.slots import SlotFile
from portal.sessions import typed as waited
from portal.throttling.form_limits import kept_values
from portal.uploads.file_problems import FileRefused

from ..queries import is_over
from . import drafts
from .closed import closed
from .extensions import Extension
from .form import (
    ExtensionForm,
    ReplyForm,
    UnchangedForm,
    files_of,
    form_of,
    is_locked,
    is_unchanged,
    pinned,
    remarks_by_place,
    typed_in_words,
)

LANGUAGES: Final = frozenset(code for code, _name in settings.LANGUAGES)
REPLACED: Final = _("{name} 將取代先前送件的 {old}；送出補正(件)時生效，在那之前可以復原。")
GOING: Final = _("{name} 將於送出補正(件)時移除，在那之前可以復原。")
RESTORED: Final = _("已復原 {name}")
NEW_OPINION: Final = _("審核人員已更新審核意見，請重新閱讀後再送出；您填寫的內容都還在。")
CHANGED: Final = _("案件剛有變動，尚未送出。請確認後再送出一次；您填寫的內容都還在。")


class CorrectionIntake(Intake):
    """Files of a correction: those that were sent before can go, come back, and be replaced."""

    def __init__(self, draft: Draft, case: Case, slots: dict[str, DocumentSlot], restore: str) -> None:
        super().__init__(draft)
        self.case, self.slots, self.wanted_back = case, slots, restore

    def add(self, slot: DocumentSlot, uploaded: "UploadedFile[bytes]") -> None:
        if old := drafts.add_upload(self.draft, self.case, slot, uploaded, now=timezone.now()):
            self.note(slot.code, format_lazy(REPLACED, name=uploaded.name or "", old=old.original_name))

    def remove(self, key: str) -> None:
        super().remove(key)
        for document in current_documents(self.case):
            if str(document.uid) == key:
                drafts.remove(self.draft, document)
                self.note(document.slot, format_lazy(GOING, name=document.original_name))
            elif str(document.uid) == self.wanted_back and document.slot in self.slots:
                self.restore(document.slot, document.original_name, key=self.wanted_back)

    def restore(self, slot: str, name: str, *, key: str) -> None:
        """復原, if there is room."""
        try:
            drafts.restore(self.draft, current_documents(self.case).get(uid=key), self.slots[slot])
        except FileRefused as refused:
            self.problems[field_of(slot)] = [refused.message]
        else:
            self.note(slot, format_lazy(RESTORED, name=name))


class Visit:
    """`returned` is the 退補 that waits for an answer; `is_open` whether it still may be given."""

    def __init__(self, request: StudentRequest, case: Case) -> None:
        self.request, self.case = request, case
        self.returned: Return | None = current_return(case)
        self.is_over = is_over(case, timezone.localdate())
        self.draft: Draft | None = getattr(case, "correction", None)
        self._files: dict[str, list[SlotFile]] | None = None
        self.intake: CorrectionIntake | None = None
        self.problem: StrOrPromise = ""

    @property
    def is_open(self) -> bool:
        return self.returned is not None and not self.is_over

    @cached_property
    def address(self) -> str:
        return reverse("my_cases:correction", args=[self.case.category, self.case.case_no])

    @property
    def waiting(self) -> Return:
        """The 退補, where it is known that there is one."""
        assert self.returned is not None  # noqa: S101  # asked for on open pages only
        return self.returned

    def form(self, *, checked: bool = True) -> ApplicationForm:
        """The form as it is saved."""
        said = {"problems": self.intake.problems, "notes": self.intake.notes} if self.intake else {}
        if self._files is None:
            self._files = files_of(self.case, self.draft, self.waiting)
        return form_of(self.case, self.waiting, self.draft, files=self._files, checked=checked, **said)

    # GET

    def get(self) -> HttpResponseBase:
        if not self.is_open:
            return self.closed(status=200)
        if typed := waited.take(self.request):
            self.keep_typed(typed)
        return self.page(self.form(checked=False))

    # POST

    def post(self) -> HttpResponseBase:
        if not self.is_open:
            return self.closed(status=409)
        self.keep_typed()
        self.take_files()
        if self.request.headers.get("X-Requested-With") == "XMLHttpRequest" and self.intake:
            return self.intake.slot_response(self.request, self.form(checked=False))
        go = self.request.POST.get("go", "")
        if go == "send":
            return self.send()
        if go == "more-time":
            return self.ask_extension()
        if go in LANGUAGES:
            return redirect(in_language(self.address, go))
        if self.intake and (self.intake.notes or self.intake.problems):
            return self.page(self.form(checked=False))
        slot = self.request.POST.get("upload")
        return self.again(f"#slot-{slot}" if slot else "?saved")

    def again(self, then: str = "") -> HttpResponseRedirect:
        return redirect(self.address + then)

    def keep_typed(self, typed: dict[str, list[str]] | None = None) -> bool:
        """Keep what was posted, right or wrong, and nothing where nothing was; whether there is something to keep it in."""
        posted = dict(self.request.POST.lists()) if typed is None else typed
        names = {*self.case.kind.form.base_fields, drafts.REPLY, drafts.REASON}  # type: ignore[attr-defined]
        kept = kept_values(posted, names=names)
        self.draft = drafts.begun(self.case, self.waiting)
        is_kept = operations.save_typed(self.draft, "form", kept)
        self.draft, self._files = drafts.find(self.case), None
        return is_kept and self.draft is not None

    def take_files(self) -> None:
        if self.draft is None:
            return
        form = self.form(checked=False)
        slots = {slot.code: slot for slot in form.slots or ()}
        self.intake = CorrectionIntake(self.draft, self.case, slots, self.request.POST.get("restore", ""))
        self.intake.handle(self.request, slots.values())
        self.draft, self._files = drafts.find(self.case), None

    def send(self) -> HttpResponseBase:
        """送出: the same checks as of an application, then back to 新申請案件."""
        form, reply = self.form(), self.reply_form(checked=True)
        if self.request.POST.get("seen") != str(self.waiting.version):
            self.problem = NEW_OPINION
        if self.problem or self.draft is None or form.errors or not reply.is_valid():
            return self.page(form, reply=reply)
        if is_unchanged(self.case, form, reply.cleaned_data[drafts.REPLY]):
            unchanged = UnchangedForm(self.request.POST)
            if not unchanged.is_valid():
                return self.page(form, unchanged=unchanged)
        try:
            drafts.send(
                self.draft,
                version=self.case.version,
                answers=form.answers(),
                reply=reply.cleaned_data[drafts.REPLY],
                now=timezone.now(),
            )
        except (StaleCase, NotAllowed):
            return self.look_again()
        return self.again()

    def ask_extension(self) -> HttpResponseBase:
        """申請展延; what was typed in the form is kept with it."""
        asked = ExtensionForm(self.request.POST)
        if not asked.is_valid():
            return self.page(self.form(checked=False), extension=asked)
        try:
            cases.ask_extension(
                self.case,
                actor=self.request.user,
                version=self.case.version,
                reason=asked.cleaned_data[drafts.REASON],
                now=timezone.now(),
            )
        except (StaleCase, NotAllowed):
            return self.look_again()
        return self.again("#more-time")

    def look_again(self) -> HttpResponseBase:
        """Somebody acted on the case at this moment: the page as it is now."""
        self.case.refresh_from_db()
        now = Visit(self.request, self.case)
        if not now.is_open:
            return now.closed(status=409)
        now.intake, now.problem = self.intake, CHANGED
        return now.page(now.form(checked=False))

    # What is shown

    def reply_form(self, *, checked: bool) -> ReplyForm:
        typed = drafts.typed_in(drafts.data_of(self.draft, self.case, self.waiting))
        value = "".join(typed.get(drafts.REPLY, [])[:1])
        return ReplyForm({drafts.REPLY: value}) if checked else ReplyForm(initial={drafts.REPLY: value})

    def page(
        self,
        form: ApplicationForm,
        *,
        reply: ReplyForm | None = None,
        unchanged: UnchangedForm | None = None,
        extension: ExtensionForm | None = None,
    ) -> HttpResponseBase:
        returned = self.waiting
        typed = drafts.typed_in(drafts.data_of(self.draft, self.case, returned))
        asked = extension or ExtensionForm(initial={drafts.REASON: "".join(typed.get(drafts.REASON, [])[:1])})
        has_news = bool(self.intake and (self.intake.notes or self.intake.problems))
        context = {
            "case": self.case,
            "kind": self.case.kind,
            "returned": returned,
            "is_locked": is_locked(returned),
            "form": form,
            "map": blocks_of(self.form(), form, only="documents" if has_news and not form.errors else ""),
            "sections": self.locked_sections() if is_locked(returned) else [],
            "pinned": pinned(returned),
            "unchanged_form": unchanged,
            "reply_form": reply or self.reply_form(checked=False),
            "more_time": Extension.of(self.case, returned),
            "extension_form": asked,
            "problem": self.problem,
            "draft": self.draft,
            "saved": self.draft is not None,
        }
        return render(self.request, "portal/my_cases/correction.html", context, status=409 if self.problem else 200)

    def locked_sections(self) -> list[tuple[AnswerSection, list[tuple[AnswerRow, list[str]]], bool]]:
        """What was answered, as text: each block with its rows, the remarks beside them, and whether it has any."""
        remarks = remarks_by_place(self.waiting)
        return [
            (
                section,
                [(row, remarks.get(row.name, [])) for row in section.rows],
                any(row.name in remarks for row in section.rows),
            )
            for section in sections(self.case.kind, self.case.answers, self.case.applicant)
        ]

    def closed(self, *, status: int) -> HttpResponseBase:
        """Nothing can be sent, and nothing that was typed is lost: it stands on the page."""
        typed = dict(drafts.typed_in(self.draft.data)) if self.draft else {}
        posted = dict(self.request.POST.lists()) if self.request.method == "POST" else waited.waiting(self.request)
        typed.update(kept_values(posted))
        said = closed(self.case, self.case.returns.last(), is_over=self.is_over)
        context = {
            "case": self.case,
            "said": said,
            "typed": typed_in_words(self.case, typed),
            "uploads": list(self.draft.uploads.all()) if self.draft else [],
        }
        return render(self.request, "portal/my_cases/correction_closed.html", context, status=status)
