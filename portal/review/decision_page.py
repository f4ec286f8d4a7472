"""What stands on the decision page: all that an officer needs to judge one case, and the forms to act on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property

from portal.accounts.models import User
from portal.cases import findings, operations, slots
from portal.cases.decisions import Finding
from portal.cases.kinds import field_of
from portal.cases.models import Case, Document, Revision
from portal.cases.queries import may_be_extended, missing_documents
from portal.cases.states import RETURNED, Action, Status
from portal.editorial.declaration_versions import declaration_version
from portal.office_calendar import queries as office_calendar
from portal.records.protocol import PermitRecord, RecordsUnavailable

from . import ages, drafts, reasons
from . import timeline as history
from .comparison import Change, Changes, ComparedRow, ComparedSection, changes, compared, decided, record_changes
from .corrections import CorrectForm, may_be_corrected
from .forms import REMARK, ApproveForm, AssignForm, DeclineForm, NoteForm, RejectForm, ReturnForm
from .models import ReasonTemplate
from .queries import REVIEW_CASE, is_reviewable
from .timeline import Entry, Returned

BESIDE = frozenset({"assign", "declaration"})  # what is opened on the page and asks for more


@dataclass(frozen=True)
class File:
    """A file in the viewer."""

    document: Document
    is_new: bool
    warnings: tuple[str, ...]
    answers: tuple[ComparedRow, ...]  # that stand on it

    @property
    def place(self) -> str:
        """Where a remark about it is pinned."""
        return field_of(self.document.slot)


@dataclass(frozen=True)
class HeldPermit:
    """A permit of the person, as the records have it now; `left` is how many days of stay are left."""

    permit: PermitRecord
    is_used: bool
    left: int


@dataclass
class DecisionPage:
    """One case before one reader; `form` is what was posted and did not go through, `problem` why."""

    case: Case
    others: Sequence[Case]
    reader: User
    now: datetime
    form: django_forms.Form | None = None
    problem: str = ""
    panel: str = ""
    correcting: str = ""
    unaccepted: Sequence[Finding] = field(default_factory=tuple)

    @cached_property
    def possible(self) -> frozenset[Action]:
        return operations.available_actions(self.case, actor=self.reader)

    @property
    def read_only(self) -> bool:
        return not self.reader.has_perm(REVIEW_CASE)

    @cached_property
    def draft(self) -> dict[str, Any]:
        return drafts.typed(getattr(self.case, "typed", None))

    @cached_property
    def timeline(self) -> list[Entry]:
        return history.of(self.case)

    @property
    def steps(self) -> list[Entry]:
        return [entry for entry in self.timeline if entry.sort == history.STEP]

    @property
    def emails(self) -> list[Entry]:
        return [entry for entry in self.timeline if entry.sort == history.EMAIL]

    @property
    def notes(self) -> list[Entry]:
        return [entry for entry in self.timeline if entry.sort in (history.NOTE, history.QUESTION)]

    @cached_property
    def documents(self) -> list[Document]:
        found = list(self.case.documents.all())
        for document in found:
            document.case = self.case
        return found

    @cached_property
    def revisions(self) -> list[Revision]:
        """Empty where there is only the first."""
        return [] if not history.are_answered(self.timeline) else list(self.case.revisions.all())

    @cached_property
    def returned(self) -> Returned | None:
        return history.returned(self.timeline)

    @property
    def sent_remarks(self) -> list[tuple[str, str]]:
        """What was pinned in the last 退補: where, and what."""
        remarks: list[dict[str, str]] = getattr(self.case, "remarks", None) or []
        return [(self._label(each["on"]), each["text"]) for each in remarks]

    @property
    def files(self) -> list[File]:
        last = self.revisions[-1].number if self.revisions else 1
        return [
            File(each, last > 1 and each.revision == last, tuple(map(findings.warning_in_words, each.warnings)), self._on(each))
            for each in self.current
        ]

    @property
    def current(self) -> list[Document]:
        return [each for each in self.documents if each.replaced_at is None]

    def _on(self, paper: Document) -> tuple[ComparedRow, ...]:
        """The answers that stand on that paper."""
        proves = slots.proved_by(self.case).get(paper.slot, ())
        return tuple(row for section in self.sections for row in section.rows if row.name in proves)

    @property
    def missing(self) -> list[Any]:
        """What an officer asked for and that is not there."""
        return missing_documents(self.case, self.current)

    @cached_property
    def paper_problems(self) -> list[tuple[str, str, datetime]]:
        """Which paper of a closed case cannot be made, why, and since when."""
        if self.case.status != Status.COMPLETED:
            return []
        papers = {"permit": "許可證", "receipt": "收據"}
        return [(papers[each.paper], each.problem, each.since) for each in self.case.paper_problems.all()]

    @property
    def current_return(self) -> Returned | None:
        return self.returned if self.case.status in RETURNED else None

    @cached_property
    def known(self) -> findings.Known | None:
        """What the records say now; None when they do not answer, or need not."""
        if not is_reviewable(self.case):
            return None
        try:
            return findings.ask(self.case)
        except RecordsUnavailable:
            return None

    @property
    def records_unavailable(self) -> bool:
        return is_reviewable(self.case) and self.known is None

    @cached_property
    def findings(self) -> list[Finding]:
        if self.known is None:
            return []
        return findings.of(self.case, now=self.now, known=self.known, documents=self.documents)

    @property
    def permits(self) -> list[HeldPermit]:
        """Newest first."""
        today = timezone.localdate(self.now)
        held = self.known.permits if self.known else (self.case.previous_permit,)
        return [
            HeldPermit(each, each.permit_no == self.case.permit_no, max((each.stay_until - today).days, 0))
            for each in reversed(held)
        ]

    @cached_property
    def sections(self) -> list[ComparedSection]:
        return compared(self.case, self.revisions, self.current, self.known)

    @cached_property
    def record_changes(self) -> list[Change]:
        return record_changes(self.case, self.known)

    @property
    def changes(self) -> Changes | None:
        return changes(self.case, self.revisions, self.returned, self.documents)

    @property
    def kept(self) -> list[tuple[str, str, str]]:
        """What was typed for an action that is not possible any more: name, label and text of each."""
        if Action.ASK_CORRECTION in self.possible:
            return []
        words = {"opinion": "審核意見", "reject_opinion": "審核意見（不予核准）", "asked": "另請檢附"}
        shown = {**dict.fromkeys(words, ""), **self.draft}
        if Action.REJECT in self.possible:
            shown.pop("reject_opinion")
        labels = {
            **words,
            **{name: f"意見（{self._label(name.removeprefix(REMARK))}）" for name in shown if name.startswith(REMARK)},
        }
        return [(name, labels[name], shown[name]) for name in shown if name in labels and shown[name].strip()]

    def _label(self, place: str) -> str:
        """The field or document that a remark is pinned to."""
        fields = self.case.kind.form.base_fields  # type: ignore[attr-defined]
        papers = {slot.field_name: slot.label for slot in self.case.document_slots}
        return str(fields[place].label if place in fields else papers.get(place, place))

    @property
    def age(self) -> ages.Age | None:
        sent = history.sent_at(self.timeline)
        if sent is None or not is_reviewable(self.case) or self.case.status in RETURNED:
            return None
        return ages.age(self.case, sent, timezone.localdate(self.now), office_calendar.current())

    def remark_at(self) -> dict[str, str]:
        """What the officer has pinned so far, by place."""
        form = self.form if isinstance(self.form, ReturnForm) else None
        return (form or self._forms["return_form"]).remarks()

    @cached_property
    def _forms(self) -> dict[str, Any]:
        kinds = {
            "approve_form": ApproveForm,
            "return_form": ReturnForm,
            "reject_form": RejectForm,
            "decline_form": DeclineForm,
        }
        made: dict[str, Any] = {
            name: self.form if isinstance(self.form, kind) else kind(self.case, now=self.now, typed=self.draft)
            for name, kind in kinds.items()
        }
        if Action.ASSIGN in self.possible and self.panel == "assign":
            made["assign_form"] = self.form if isinstance(self.form, AssignForm) else AssignForm(self.case, now=self.now)
        made["note_form"] = self.form if isinstance(self.form, NoteForm) else NoteForm(initial=self.draft)
        made["correct_form"] = self._correct_form()
        return made

    def _reasons(self) -> Sequence[ReasonTemplate]:
        """The prepared reasons of 退補: where something else was asked for, a link leads to them (fifteen questions a page)."""
        return (
            reasons.fitting(self.case, now=self.now)
            if Action.ASK_CORRECTION in self.possible and self.panel not in BESIDE
            else ()
        )

    def _correct_form(self) -> CorrectForm | None:
        if isinstance(self.form, CorrectForm):
            return self.form
        if Action.CORRECT in self.possible and self.correcting in may_be_corrected(self.case):
            return CorrectForm(self.case, self.correcting, typed=self.draft)
        return None

    def context(self) -> dict[str, Any]:
        """For the template."""
        case = self.case
        return {
            "page": self,
            "case": case,
            "remarks": self.remark_at(),
            "declaration": declaration_version(case.declaration_version) if self.panel == "declaration" else None,
            "notes": self.notes,
            "bills": case.bill_lines.select_related("bill") if case.fee else (),
            "papers": case.issued_documents.all() if case.completed_at else (),
            "possible": self.possible,
            "fee": case.kind.fee(case.answers).amount,
            "decision": decided(case),
            "reasons": self._reasons(),
            "reasons_later": self.panel in BESIDE,
            "may_be_extended": Action.EXTEND in self.possible and may_be_extended(case),
            "form": self.form,
            "problem": self.problem,
            "read_only": self.read_only,
            "open": self.panel,
            "session_age": settings.STAFF_SESSION_AGE,
            **self._forms,
        }
