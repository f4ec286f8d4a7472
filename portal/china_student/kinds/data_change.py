"""陸生資料異動申請: a permit that says something else than the papers is made anew, free, with the dates that it had (§18 II)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.cases.conditions import only_if
from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates, register
from portal.cases.outcomes import PermitPdf
from portal.fields.widgets import Ticks
from portal.forms.application import RecordField, Section
from portal.records.protocol import PermitRecord

from .. import documents, rules
from ..blocks import STUDY, Block, Papers, Person, Study
from ..category import CHINA_STUDENT
from ..fields import day, pick
from ..identity import MULTIPLE
from ..reasons import CORRECTION, REJECT_REASONS

TRAVEL_DOCUMENT = ("travel_document_no", "travel_document_expiry")
# What may change, and the fields that say what it is from now on.
ITEMS = {
    "chinese_name": (_("中文姓名"), ("chinese_name",)),
    "english_name": (_("英文姓名"), ("english_name",)),
    "gender": (_("性別"), ("gender",)),
    "birth_date": (_("出生日期"), ("birth_date",)),
    "birth_place": (_("出生地"), ("birth_place",)),
    "person_id": (_("大陸居民身分證號"), ("person_id",)),
    "travel_document": (_("大陸居民往來台灣通行證號碼及效期"), TRAVEL_DOCUMENT),
    "department": (_("系所"), ("department",)),
    "degree": (_("學制"), ("degree",)),
    "student_no": (_("學號"), ("student_no",)),
    "enrolled_on": (_("入學日期"), ("enrolled_on",)),
    "photo": (_("照片"), ()),
}
# Nobody has another one from some day on: it was wrong, and is put right.
ONLY_CORRECTED = ("gender", "birth_date")
LEFT_OUT: Any = None  # how Django's forms drop a field of their base
RECORDED = tuple(name for _label, names in ITEMS.values() for name in names)


class DataChangeForm(Person, Papers, Study, Block):
    """陸生資料異動申請 - 個人申請 (圖40, 41): what is ticked is asked, beside what the records have now."""

    sections = (
        Section(_("申請人"), ("ui_no", "school_name", "stay_until")),
        Section(
            _("異動項目"),
            ("changes", "change_reason", "changed_on"),
            _(
                "休學、退學、畢業、變更或喪失學生身分不是資料異動，須另辦單次出境證，見「休學、退學、畢業時」說明。"
                "轉學或升學而變更就讀學校者，由錄取學校函送異動申請。"
            ),
        ),
        Section(_("異動後資料"), (*RECORDED, "photo_on_file")),
    )
    conditions = {
        "changed_on": only_if("change_reason", "changed"),
        **{name: only_if("changes", item) for item, (_label, names) in ITEMS.items() for name in names},
    }
    compared = RECORDED

    stay_until = RecordField(label=_("停留期限"), help_text=_("資料異動不變更停留期限。"))
    changes = forms.MultipleChoiceField(
        label=_("異動項目"),
        choices=[(item, label) for item, (label, _names) in ITEMS.items()],
        widget=Ticks({"class": "inline"}),
    )
    change_reason = pick(
        _("異動原因"),
        [("correction", _("更正錯誤")), ("changed", _("資料異動"))],
        radio=True,
        help_text=_("出生日期及性別只能更正錯誤。"),
    )
    changed_on = day(_("異動日期（西元）"), span=STUDY)
    photo_on_file = RecordField(label=_("沿用照片之收件號"), help_text=_("未上傳新照片者，沿用此案之照片。"))
    # Fields of the blocks that are not on the permit.
    former_name = no_person_id = other_passport = LEFT_OUT
    other_nationality = other_passport_no = other_passport_expiry = expected_graduation = LEFT_OUT

    def clean(self) -> None:
        self.not_in_future("changed_on")
        items = self.cleaned_data.get("changes", ())
        if self.cleaned_data.get("change_reason") == "changed" and set(items) & set(ONLY_CORRECTED):
            self.add_error("change_reason", _("出生日期及性別只能更正錯誤，請選擇「更正錯誤」"))
        for item in items:
            names = ITEMS[item][1]
            if names and not self.errors.keys() & set(names) and not any(map(self.differs, names)):
                self.add_error(names[0], _("與目前資料相同；未變更者請勿勾選"))
        super().clean()


@register
class DataChange(CaseKind):
    """資料異動: applied for as long as the multiple-entry permit is valid."""

    category = CHINA_STUDENT.slug
    code = "data-change"
    digit = "3"
    name = menu = _("陸生資料異動申請")
    tab = _("資料異動")

    number_label = _("陸生多次入出境許可證號")
    accepts = MULTIPLE
    rules = (rules.not_revoked, rules.not_exchanged, rules.still_valid)

    form = DataChangeForm
    documents = (
        documents.PERMIT,
        DocumentSlot(
            "proof",
            _("異動證明文件"),
            _("例如公證書、戶籍證明。"),
            condition=_("變更姓名、性別、出生日期或出生地者檢附"),
            only_if=only_if("changes", "chinese_name", "gender", "birth_date", "birth_place"),
            proves=("chinese_name", "gender", "birth_date", "birth_place", "changed_on"),
        ),
        replace(
            documents.TRAVEL_DOCUMENT,
            condition=_("變更通行證或姓名者檢附"),
            only_if=only_if("changes", "travel_document", "chinese_name", "english_name"),
        ),
        replace(documents.PERSON_ID, condition=_("變更身分證號者檢附"), only_if=only_if("changes", "person_id")),
        replace(
            documents.ENROLMENT,
            condition=_("變更系所、學制、學號或入學日期者檢附"),
            only_if=only_if("changes", "department", "degree", "student_no", "enrolled_on"),
        ),
        documents.PHOTO_UNLESS_ON_FILE,
        documents.OTHER,
    )

    fees = (Fee(0, _("資料錯誤或異動更正")),)  # manual, 申辦項目及費用

    review_days = 2
    correction_months = 2  # 就讀辦法 §9 II
    correction_extension_months = 2  # 許可辦法 §10
    correction_law = CORRECTION
    reject_reasons = REJECT_REASONS

    grants = MULTIPLE
    outcome = PermitPdf("portal/china_student/permit_corrected.html", photo_slot="photo")

    def required_documents(self, answers: Answers, today: date) -> tuple[DocumentSlot, ...]:
        """The new permit shows a photo: another one where that changes, and one at all where no earlier case brought any."""
        keeps_photo = answers.get("photo_on_file") and "photo" not in answers.get("changes", ())
        return tuple(slot for slot in super().required_documents(answers, today) if not (slot.photo and keeps_photo))

    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        """The corrected permit ends when the one before it would have."""
        return PermitDates(issued_on, valid_until=previous.valid_until, stay_until=previous.stay_until)

    def record_changes(self, answers: Answers) -> dict[str, str]:
        return {name: answers[name] for name in RECORDED if answers.get(name)}
