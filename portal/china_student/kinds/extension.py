"""陸生多次證延期申請: a stay that ends within three months is made longer (就讀辦法 §10 VI, VII)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.conditions import only_if
from portal.cases.decisions import DecisionForm, Finding
from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates, register
from portal.cases.outcomes import PermitPdf
from portal.core.categories import StrOrPromise
from portal.forms.application import RecordField
from portal.office_calendar.periods import months_before, period_end
from portal.records.protocol import PermitRecord

from .. import documents, findings, rules
from ..blocks import STUDY, Address, Block, Contact, Papers, Person, Statement, Study, one_section
from ..category import CHINA_STUDENT
from ..choices import EXTENSION_REASONS, LEAVE_SEMESTERS, LENGTHENED_YEARS, YES_NO
from ..family import Family
from ..fields import day, pick, text
from ..identity import MULTIPLE
from ..reasons import CORRECTION, REJECT_REASONS

# 修業已滿: after so many years of study in the programme an extension is for six months at most.
YEARS_OF_STUDY = {"D": 5, "M": 3, "N": 3, "B": 4, "C": 2, "2": 2}
TWO_YEARS, SIX_MONTHS, SEMESTER = 24, 6, 6
LATEST = _("最遲可申請至 {day}（修業年限已滿者至 {over}）；不填者，以法定最長期限為準。")
TOO_LATE = _("依您的修業情況，最遲可申請延長至 {day}（就讀辦法第10條）")


def months_allowed(answers: Answers, today: date) -> int:
    """How many months the law allows; a bachelor's programme may be longer by law, and leave 休學 is no study."""
    degree = answers["degree"]
    years = int((degree == "B" and answers.get("lengthened_years")) or YEARS_OF_STUDY[degree])
    months = 12 * years + SEMESTER * int(answers.get("leave_semesters") or 0)
    is_over = date.fromisoformat(answers["enrolled_on"]) <= months_before(today, months)
    return SIX_MONTHS if is_over else TWO_YEARS


def longest_stay(previous: PermitRecord, answers: Answers, today: date) -> date:
    """The last day that the law allows."""
    return period_end(previous.stay_until, months_allowed(answers, today))


def stay_asked_for(previous: PermitRecord, answers: Answers, today: date) -> date:
    """The day that the student asks for, as far as the law goes; the law's longest where they name none."""
    longest = longest_stay(previous, answers, today)
    asked = answers.get("extend_until")
    return min(date.fromisoformat(asked), longest) if asked else longest


class Extending(Block):
    """延期: from when, until when, and why."""

    sections = one_section(
        _("延期"),
        (
            *("stay_until", "extend_until", "extension_reason", "reason_in_words"),
            *("lengthened_years", "leave_semesters", "dual_degree", "photo_on_file"),
        ),
    )
    conditions = {
        "reason_in_words": only_if("extension_reason", "other"),
        "lengthened_years": only_if("degree", "B"),
    }

    stay_until = RecordField(label=_("原停留期限"))
    extend_until = day(_("申請延長至（西元）"), span=STUDY, required=False, help_text=_("不填者，以法定最長期限為準。"))
    extension_reason = pick(_("延期原因"), EXTENSION_REASONS, radio=True, stacked=True)
    reason_in_words = text(_("延期原因說明"), length=120)
    lengthened_years = pick(
        _("學士班修業期限是否依法延長"),
        LENGTHENED_YEARS,
        radio=True,
        required=False,
        initial="",
        help_text=_("因系、院、學程性質經依法延長者（如醫學系），請檢附證明。輔系、雙主修不屬之。"),
    )
    leave_semesters = pick(_("在學期間休學學期數"), LEAVE_SEMESTERS, initial="0", help_text=_("休學期間不計入修業年數。"))
    dual_degree = pick(
        _("是否修讀雙聯學制"),
        YES_NO,
        radio=True,
        initial="N",
        help_text=_("停留期限由主管機關依教育部核定之修業期間核定（就讀辦法第20條）。"),
    )
    photo_on_file = RecordField(label=_("沿用照片之收件號"), help_text=_("未上傳新照片者，沿用此案之照片。"))

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        if (until := self._stay_until()) and "extend_until" in self.fields:
            usual, over = (f"{period_end(until, months):%Y/%m/%d}" for months in (TWO_YEARS, SIX_MONTHS))
            self.fields["extend_until"].help_text = format_lazy(LATEST, day=usual, over=over)

    def clean(self) -> None:
        asked, until = self.cleaned_data.get("extend_until"), self._stay_until()
        if asked and until and asked <= until:
            self.add_error("extend_until", _("申請延長至的日期須晚於原停留期限"))
        elif asked and until and asked > (latest := self._latest(until)):
            self.add_error("extend_until", format_lazy(TOO_LATE, day=f"{latest:%Y/%m/%d}"))
        super().clean()

    def _stay_until(self) -> date | None:
        until = self.initial.get("stay_until")
        return date.fromisoformat(until.replace("/", "-")) if until else None

    def _latest(self, until: date) -> date:
        """The last day to ask for. Of 雙聯 the Ministry of Education says it; where too little is known, two years hold."""
        answers = self.answers()
        if answers.get("dual_degree") == "Y":
            return date.max
        knows = "degree" in answers and "enrolled_on" in answers
        return period_end(until, months_allowed(answers, self.today) if knows else TWO_YEARS)


class ExtensionForm(Person, Papers, Study, Extending, Address, Contact, Family, Statement):
    """陸生多次證延期申請 - 個人申請 (圖30-32)."""

    sections = (
        *Extending.sections,
        *Person.sections,
        *Papers.sections,
        *Study.sections,
        *Address.sections,
        *Contact.sections,
        *Family.sections,
        *Statement.sections,
    )


class ExtensionDecision(DecisionForm):
    """The officer may set another day than the one that follows from the law and the answers, and says why (就讀辦法 §20)."""

    stay_until = day(_("停留期限"), span=STUDY, required=False)
    reason = text(_("理由"), required=False, length=200)

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        self.usual = stay_asked_for(self.previous, self.answers, self.today)
        self.is_dual = self.answers.get("dual_degree") == "Y"
        usual = format_lazy(_("不填為 {day}。"), day=f"{self.usual:%Y/%m/%d}")
        set_by_hand = _("雙聯學制：請依教育部核定之修業期間填寫（就讀辦法第20條）。")
        field = self.fields["stay_until"]
        field.required, field.help_text = self.is_dual, set_by_hand if self.is_dual else usual
        field.error_messages["required"] = _("請填寫停留期限")

    def clean(self) -> None:
        chosen = self.cleaned_data.get("stay_until")
        if chosen and chosen <= self.previous.stay_until:
            self.add_error("stay_until", _("須晚於原停留期限"))
        elif chosen and not self.is_dual and chosen > period_end(self.previous.stay_until, TWO_YEARS):
            self.add_error("stay_until", _("每次延長不得逾二年"))
        if chosen and chosen != self.usual and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("停留期限與法定不同時，請填寫理由"))


@register
class Extension(CaseKind):
    """延期: applied for in the last three months of the stay, whoever holds a multiple-entry permit."""

    category = CHINA_STUDENT.slug
    code = "extension"
    digit = "2"
    name = _("陸生多次證延期申請")
    menu = _("陸生延期申請")
    tab = _("延期申請")

    number_label = _("陸生多次入出境許可證號")
    accepts = MULTIPLE
    rules = (
        rules.not_revoked,
        rules.not_exchanged,
        rules.in_the_last_three_months,
        rules.within_stay,
        rules.travel_document_valid,
    )

    form = ExtensionForm
    documents = (
        documents.PERMIT,
        replace(documents.ENROLMENT, label=_("在學證明、公函或已註冊學生證正反面")),
        documents.TRAVEL_DOCUMENT,
        DocumentSlot(
            "lengthened",
            _("修業期限依法延長證明"),
            condition=_("學士班修業期限依法延長者檢附"),
            only_if=only_if("lengthened_years", "5", "6", "7"),
            proves=("lengthened_years",),
        ),
        DocumentSlot(
            "dual-degree",
            _("教育部核定雙聯學制之證明文件"),
            condition=_("修讀雙聯學制者檢附"),
            only_if=only_if("dual_degree", "Y"),
            proves=("dual_degree",),
        ),
        documents.PHOTO_UNLESS_ON_FILE,
        documents.OTHER,
    )

    fees = (Fee(300, _("多次證延期")),)  # 規費標準 §3 III

    review_days = 2
    correction_months = 2  # 就讀辦法 §9 II
    correction_extension_months = 2  # 許可辦法 §10
    decision_form = ExtensionDecision
    correction_law = CORRECTION
    reject_reasons = REJECT_REASONS

    grants = MULTIPLE
    outcome = PermitPdf("portal/china_student/permit_extended.html", photo_slot="photo")

    def required_documents(self, answers: Answers, today: date) -> tuple[DocumentSlot, ...]:
        return documents.with_photo_on_file(super().required_documents(answers, today), answers)

    def warnings(self, answers: Answers, today: date) -> tuple[StrOrPromise, ...]:
        return rules.travel_document_warning(answers, today)

    def findings(self, answers: Answers, today: date) -> tuple[Finding, ...]:
        return findings.of(answers)

    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        """At most two years more, or six months (就讀辦法 §10 VI); or the officer's day."""
        chosen = decision.get("stay_until")
        until = date.fromisoformat(chosen) if chosen else stay_asked_for(previous, answers, issued_on)
        return PermitDates(issued_on, valid_until=until, stay_until=until)
