"""退補案件申請書: the application form once more, filled with what was sent, with the officer's remarks beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from portal.cases import slots
from portal.cases.kinds import UPLOAD
from portal.cases.models import Case, Return
from portal.cases.queries import current_documents
from portal.cases.states import Status
from portal.core.categories import StrOrPromise
from portal.forms.application import ApplicationForm, Mode, RecordField, as_typed, in_words
from portal.forms.models import Draft
from portal.forms.slots import SlotFile, files_in
from portal.throttling.form_limits import LengthFirst
from portal.uploads.file_problems import warnings_in_words

from . import drafts

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
Messages = Mapping[str, list[StrOrPromise]]
Typed = Mapping[str, Sequence[str]]


class ReplyForm(LengthFirst, forms.Form):
    """審核意見回覆 (圖 48)."""

    reply = forms.CharField(
        label=_("審核意見回覆"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("非必填。對審核意見或補正(件)內容有說明時，請填寫在這裡。"),
    )


class UnchangedForm(LengthFirst, forms.Form):
    """Asked of who sends back what an officer returned just as it was: it would come back a second time."""

    unchanged = forms.BooleanField(
        label=_("沒有修改審核人員指出的項目，仍要送出"),
        error_messages={
            "required": _(
                "申請書、附件與審核意見回覆都沒有變動。請依審核意見修改；"
                "確定不修改時，請勾選「沒有修改審核人員指出的項目，仍要送出」"
            )
        },
    )


class ExtensionForm(LengthFirst, forms.Form):
    """申請展延."""

    extension_reason = forms.CharField(
        label=_("申請展延事由"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("請說明無法於期限內補正(件)的正當理由。展延以一次為限，由審核人員決定。"),
        error_messages={"required": _("請填寫申請展延事由")},
    )


@dataclass(frozen=True)
class PinnedRemark:
    """One remark of the officer, and where on the page it stands."""

    label: StrOrPromise
    anchor: str
    text: str


def is_locked(returned: Return) -> bool:
    """補件: only documents may be changed."""
    return returned.mode == Status.SUPPLEMENT


def form_of(
    case: Case,
    returned: Return,
    draft: Draft | None,
    *,
    files: Mapping[str, Sequence[SlotFile]],
    checked: bool = True,
    problems: Messages | None = None,
    notes: Messages | None = None,
) -> ApplicationForm:
    """The form with what was sent, and over it what was typed and uploaded since."""
    data = drafts.data_of(draft, case, returned)
    today = timezone.localdate()
    sent, typed = answered(case), drafts.typed_in(data)
    remarks = remarks_by_place(returned)
    form: ApplicationForm = case.kind.form(
        MultiValueDict({**sent, **typed}),
        kind=case.kind,
        mode=Mode.DOCUMENTS_ONLY if is_locked(returned) else Mode.FULL,
        locked=case.answers,
        case_slots=slots.of_case(case, today),
        uploaded=files,
        today=today,
        checked=checked,
        problems=problems,
        notes=notes,
        remarks=remarks,
        untouched={on for on in remarks if not _is_touched(on, sent, typed, files)},
        initial=_recorded(case),
    )
    return form


def _is_touched(on: str, sent: Typed, typed: Typed, files: Mapping[str, Sequence[SlotFile]]) -> bool:
    """Whether what the officer pointed at was changed since: the answer, or the files of that slot."""
    if on.startswith(UPLOAD):
        return any(not file.is_sent or file.is_going for file in files.get(on.removeprefix(UPLOAD), ()))
    return on in typed and [value for value in typed[on] if value] != [value for value in sent.get(on, ()) if value]


def is_unchanged(case: Case, form: ApplicationForm, reply: str) -> bool:
    """Whether this correction says nothing that the case does not have: no answer, no file, no reply."""
    files = [file for field in form.required_documents() for file in getattr(field.field, "files", ())]
    return not (reply or any(not file.is_sent or file.is_going for file in files) or form.answers() != case.answers)


def answered(case: Case) -> dict[str, list[str]]:
    """What was sent, as if it had just been typed."""
    fields: Mapping[str, forms.Field] = case.kind.form.base_fields  # type: ignore[attr-defined]
    typed = {name: field for name, field in fields.items() if not field.disabled}
    return {name: as_typed(_written(case.answers.get(name, field.initial))) for name, field in typed.items()}


def remarks_by_place(returned: Return) -> dict[str, list[str]]:
    """The texts of the remarks by the field at which they are pinned."""
    found: dict[str, list[str]] = {}
    for remark in returned.remarks:
        found.setdefault(remark["on"], []).append(remark["text"])
    return found


def pinned(returned: Return) -> list[PinnedRemark]:
    """All remarks, for the list on top of the page."""
    return [PinnedRemark(each.label, _anchor(each.on, returned), each.text) for each in returned.labelled_remarks]


def typed_in_words(case: Case, typed: Mapping[str, Sequence[str]]) -> list[tuple[StrOrPromise, StrOrPromise]]:
    """Of what was typed what is not in the case, label and words: for the page on which it cannot be sent any more."""
    fields: dict[str, forms.Field] = {**case.kind.form.base_fields, **ReplyForm.base_fields, **ExtensionForm.base_fields}  # type: ignore[attr-defined]
    sent = answered(case)
    changed = {
        name: [value for value in values if value]
        for name, values in typed.items()
        if name in fields and [value for value in values if value] != [value for value in sent.get(name, []) if value]
    }
    return [(fields[name].label or name, _words(fields[name], values)) for name, values in changed.items()]


def _words(field: forms.Field, values: list[str]) -> StrOrPromise:
    if isinstance(field, forms.ChoiceField | forms.BooleanField):
        return in_words(field, values if isinstance(field, forms.MultipleChoiceField) else "".join(values[-1:]))
    return _("、").join(values) or "—"


def _anchor(on: str, returned: Return) -> str:
    if on.startswith(UPLOAD):
        return f"slot-{on.removeprefix(UPLOAD)}"
    return f"answer-{on}" if is_locked(returned) else f"id_{on}"


def _recorded(case: Case) -> dict[str, Any]:
    """What the records had; what the form showed of them stands in the answers."""
    fields: Mapping[str, forms.Field] = case.kind.form.base_fields  # type: ignore[attr-defined]
    known = {name: _written(value) for name, value in {**case.permit, **case.applicant}.items() if name in fields}
    shown = {name: case.answers.get(name, "") for name, field in fields.items() if isinstance(field, RecordField)}
    return {**known, **shown}


def _written(value: Any) -> Any:
    return value.replace("-", "/") if isinstance(value, str) and DATE.fullmatch(value) else value


def files_of(case: Case, draft: Draft | None, returned: Return) -> dict[str, list[SlotFile]]:
    """The documents of the case, each in its slot, and the new ones after them."""
    removed = drafts.removed_in(drafts.data_of(draft, case, returned))
    found: dict[str, list[SlotFile]] = {}
    for document in current_documents(case):
        sent = SlotFile(
            key=str(document.uid),
            name=document.original_name,
            size=document.size,
            address=reverse("my_cases:document", args=[case.category, case.case_no, document.uid]),
            is_picture=document.is_picture,
            warnings=warnings_in_words(document.warnings),
            is_sent=True,
            is_going=str(document.uid) in removed,
        )
        found.setdefault(document.slot, []).append(sent)
    for slot, files in (files_in(draft) if draft else {}).items():
        found.setdefault(slot, []).extend(files)
    return found
