"""What an officer fills in to act on a case."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.cases.decisions import DecisionForm
from portal.cases.models import Case
from portal.cases.states import Action
from portal.forms.application import UNDRAWABLE
from portal.pdf.characters import described, undrawable
from portal.throttling.form_limits import LengthFirst


class ActionForm(LengthFirst, forms.Form):
    """An action that needs nothing but the version that the officer saw."""

    version = forms.IntegerField()

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{type(self).__name__.lower()}_%s")


class ApproveForm(ActionForm):
    """核准, with what the case's kind asks of the officer, where it asks something."""

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(case, data)
        self.decision: DecisionForm | None = None
        if asked := case.kind.decision_form:
            self.decision = asked(data, answers=case.answers, previous=case.previous_permit, today=timezone.localdate())

    def clean(self) -> None:
        super().clean()
        if self.decision is None:
            return
        if self.decision.is_valid():
            self.cleaned_data["decision"] = self.decision.decision()
        else:
            self.add_error(None, "核准的內容有誤，請修正後再送出")


class ReturnForm(ActionForm):
    """退請補正 or 退請補件, with the opinion that the applicant reads."""

    opinion = forms.CharField(
        label="審核意見",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="申請人會收到這段文字。",
        error_messages={"required": "請填寫審核意見"},
    )
    asked = forms.CharField(
        label="另請檢附",
        required=False,
        max_length=60,
        help_text="應檢附文件之外，請申請人補交的文件名稱；沒有則免填。",
    )

    def clean_asked(self) -> str:
        """It becomes a line of 應檢附文件, which is printed."""
        return printable("另請檢附", self.cleaned_data["asked"])


class RejectForm(ActionForm):
    """不予核准, on one of the kind's grounds."""

    reason = forms.ChoiceField(label="不予核准原因", error_messages={"required": "請選擇不予核准原因"})
    opinion = forms.CharField(
        label="審核意見",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="非必填；申請人會收到這段文字。",
    )

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(case, data)
        grounds = [(ground.code, f"{ground.label}{_law(ground.law)}") for ground in case.kind.reject_reasons]
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)  # noqa: S101  # declared above
        reason.choices = [("", "請選擇"), *grounds]


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
}
