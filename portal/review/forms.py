"""What an officer fills in to act on a case."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.decisions import DecisionForm
from portal.cases.models import Case
from portal.cases.operations import Remark
from portal.cases.queries import assignable
from portal.cases.reasons.grounds import grounds_of
from portal.cases.slots import is_asked_already
from portal.cases.states import Action
from portal.fields.typed import Shape, cleaned
from portal.forms.application import UNDRAWABLE
from portal.pdf.characters import described, undrawable
from portal.throttling.form_limits import LengthFirst

from . import reasons

OPINION_MAX, REMARK_MAX = 2000, 400
REMARK = "remark-"  # and the place that it is pinned to


def opinion_field(**more: Any) -> forms.CharField:
    """審核意見."""
    return forms.CharField(
        label="審核意見", max_length=OPINION_MAX, widget=forms.Textarea({"rows": 4}), help_text="申請人會收到這段文字。", **more
    )


class ActionForm(LengthFirst, forms.Form):
    """An action that needs nothing but the version that the officer saw. `typed` is what was saved of an earlier try."""

    version = forms.IntegerField()

    def __init__(self, case: Case, data: Any = None, *, now: datetime, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"id_{type(self).__name__.lower()}_%s", initial=dict(typed or {}))
        self.case, self.now = case, now


class ApproveForm(ActionForm):
    """核准, with what the case's kind asks of the officer, where it asks something, and the findings that were ticked."""

    def __init__(self, case: Case, data: Any = None, *, now: datetime, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(case, data, now=now, typed=typed)
        self.decision: DecisionForm | None = None
        self.accepted = reasons.values(data or {}, "accepted")
        if asked := case.kind.decision_form:
            self.decision = asked(data, answers=case.answers, previous=case.previous_permit, today=timezone.localdate(now))
            self.decision.initial.update(typed or {})

    def clean(self) -> None:
        super().clean()
        self.cleaned_data["accepted"] = self.accepted
        if self.decision is None:
            return
        if self.decision.is_valid():
            self.cleaned_data["decision"] = self.decision.decision()
        else:
            self.add_error(None, "核准的內容有誤，請修正後再送出")


class ReturnForm(ActionForm):
    """退請補正 or 退請補件: the opinion that the applicant reads, remarks pinned to answers and files, prepared reasons."""

    opinion = opinion_field(error_messages={"required": "請填寫審核意見"})
    asked = forms.CharField(
        label="另請檢附",
        required=False,
        max_length=60,
        help_text="應檢附文件之外，請申請人補交的文件名稱；沒有則免填。",
    )

    def __init__(self, case: Case, data: Any = None, *, now: datetime, typed: Mapping[str, Any] | None = None) -> None:
        data = reasons.inserted(case, data, now=now) if data is not None else None
        super().__init__(case, data, now=now, typed=typed)

    def remarks(self) -> dict[str, str]:
        """The text of each remark by its place: as typed now, or saved before."""
        said = self.data if self.is_bound else self.initial
        return {name.removeprefix(REMARK): cleaned(str(said[name]), Shape.PROSE) for name in said if name.startswith(REMARK)}

    @property
    def ticked(self) -> list[str]:
        """The reasons that are ticked, by their primary keys."""
        return reasons.values(self.data, reasons.TICKED) if self.is_bound else list(self.initial.get(reasons.TICKED, ()))

    @property
    def inserted(self) -> list[str]:
        """Those whose text is in already."""
        return reasons.values(self.data, reasons.INSERTED) if self.is_bound else list(self.initial.get(reasons.INSERTED, ()))

    def clean_asked(self) -> str:
        """It becomes a line of 應檢附文件, which is printed."""
        asked: str = printable("另請檢附", self.cleaned_data["asked"])
        if is_asked_already(self.case, asked):
            raise ValidationError("應檢附文件已有這一項；請在該項旁的「＋意見」說明要補什麼")
        return asked

    def clean(self) -> None:
        super().clean()
        written = {on: text for on, text in self.remarks().items() if text}
        if any(len(text) > REMARK_MAX for text in written.values()):
            self.add_error(None, f"每則註記不得超過 {REMARK_MAX} 字")
        self.cleaned_data["remarks"] = [Remark(on, text) for on, text in written.items()]
        self.cleaned_data["reasons"] = [each.name for each in reasons.chosen(self.case, self.data, now=self.now)]


class RejectForm(ActionForm):
    """不予核准, on one of the kind's grounds."""

    reason = forms.ChoiceField(label="不予核准原因", error_messages={"required": "請選擇不予核准原因"})
    reject_opinion = forms.CharField(
        label="審核意見",
        required=False,
        max_length=OPINION_MAX,
        widget=forms.Textarea({"rows": 3}),
        help_text="非必填；申請人會收到這段文字。",
    )

    def __init__(self, case: Case, data: Any = None, *, now: datetime, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(case, data, now=now, typed=typed)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)  # noqa: S101  # declared above
        reason.choices = cache(self._choices)  # asked for by a page that shows them

    def _choices(self) -> list[tuple[str, str]]:
        grounds = grounds_of(self.case.kind, now=self.now)
        return [("", "請選擇"), *((ground.code, f"{ground.label}{_law(ground.law)}") for ground in grounds)]

    def clean(self) -> None:
        super().clean()
        self.cleaned_data["opinion"] = self.cleaned_data.pop("reject_opinion", "")


class AssignForm(ActionForm):
    """改派 to another officer."""

    to = forms.ModelChoiceField(User.objects.none(), label="改派給", error_messages={"required": "請選擇承辦人"})

    def __init__(self, case: Case, data: Any = None, *, now: datetime, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(case, data, now=now, typed=typed)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101  # declared above
        to.queryset, to.empty_label = assignable().exclude(pk=case.assignee_id or 0), "請選擇"


class DeclineForm(ActionForm):
    """不同意展延, and why."""

    decline_opinion = forms.CharField(
        label="不同意的理由",
        max_length=OPINION_MAX,
        widget=forms.Textarea({"rows": 3}),
        help_text="申請人會收到這段文字。",
        error_messages={"required": "請填寫不同意的理由"},
    )

    def clean(self) -> None:
        super().clean()
        self.cleaned_data["opinion"] = self.cleaned_data.pop("decline_opinion", "")


class NoteForm(LengthFirst, forms.Form):
    """內部備註, or a question to the supervisor."""

    note = forms.CharField(
        label="內部備註",
        max_length=OPINION_MAX,
        widget=forms.Textarea({"rows": 2}),
        help_text="只有審核人員與主管看得到。",
        error_messages={"required": "請填寫備註"},
    )
    asks = forms.BooleanField(label="請示主管", required=False)


def printable(label: str, text: str) -> str:
    """The text, if every character of it can stand on paper; raises ValidationError."""
    if characters := undrawable(text):
        raise ValidationError(UNDRAWABLE.format(label=label, characters=described(characters)))
    return text


def _law(law: object) -> str:
    return f"（{law}）" if law else ""


FORMS: dict[Action, type[ActionForm]] = {
    Action.TAKE: ActionForm,
    Action.RELEASE: ActionForm,
    Action.APPROVE: ApproveForm,
    Action.ASK_CORRECTION: ReturnForm,
    Action.ASK_SUPPLEMENT: ReturnForm,
    Action.REJECT: RejectForm,
    Action.TAKE_BACK: ActionForm,
    Action.EXTEND: ActionForm,
    Action.DECLINE_EXTENSION: DeclineForm,
    Action.ASSIGN: AssignForm,
}
