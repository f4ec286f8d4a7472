"""陸生多次證延期申請: a stay that ends within three months is made longer (就讀辦法 §10 VI)."""

from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.decisions import DecisionForm
from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates, register
from portal.cases.outcomes import PermitPdf
from portal.china_student import rules
from portal.china_student.blocks import Contact, Papers, Person, Study
from portal.china_student.category import CHINA_STUDENT
from portal.china_student.fields import day, text
from portal.china_student.identity import MULTIPLE
from portal.china_student.reasons import REJECT_REASONS
from portal.forms.application import Section
from portal.office_calendar.periods import OfficeCalendar, last_day, months_before, period_end
from portal.records.protocol import ApplicantRecord, PermitRecord, Reason, Refusal

# 修業已滿: after so many years of study an extension is for six months at most.
YEARS_OF_STUDY = {"D": 5, "M": 3, "N": 3, "B": 4, "C": 2, "2": 2}


def in_the_last_three_months(
    applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar
) -> Refusal | None:
    """The window opens three months before the stay ends, and closes with it."""
    opens_on = months_before(permit.stay_until, 3)
    if today < opens_on:
        return Refusal(Reason.TOO_EARLY, opens_on=opens_on, words=_("須於停留期間屆滿前3個月內始得申請"))
    return None if today <= last_day(permit.stay_until, calendar) else Refusal(Reason.NOT_ELIGIBLE, _("停留期間已屆滿"))


def not_superseded(applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """Whoever got another permit for this one goes on with that."""
    return Refusal(Reason.NOT_ELIGIBLE, _("此許可證已換發，請以新證申請")) if permit.superseded else None


def longest_stay(previous: PermitRecord, answers: Answers, today: date) -> date:
    """The last day that the law allows."""
    years = YEARS_OF_STUDY[answers["degree"]]
    has_studied_enough = date.fromisoformat(answers["enrolled_on"]) <= months_before(today, 12 * years)
    return period_end(previous.stay_until, 6 if has_studied_enough else 24)


class ExtensionForm(Person, Papers, Study, Contact):
    """陸生多次證延期申請."""

    sections = (
        *Person.sections,
        *Papers.sections,
        *Study.sections,
        *Contact.sections,
        Section(_("延期"), ("extension_reason",)),
    )
    extension_reason = text(_("延期原因"), length=120)


class ExtensionDecision(DecisionForm):
    """The officer may set another day than the law's longest (修業期限依法延長, 雙聯學位), and says why."""

    stay_until = day(_("停留期限"), required=False)
    reason = text(_("理由"), required=False, length=200)

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        self.longest = longest_stay(self.previous, self.answers, self.today)
        notified = format_lazy(_("不填為法定最長：{day}。"), day=f"{self.longest:%Y/%m/%d}")
        self.fields["stay_until"].help_text = notified  # type: ignore[assignment]

    def clean(self) -> None:
        chosen = self.cleaned_data.get("stay_until")
        if chosen and not self.previous.stay_until < chosen <= period_end(self.previous.stay_until, 24):
            self.add_error("stay_until", _("須晚於原停留期限，且延長不得逾二年"))
        if chosen and chosen != self.longest and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("停留期限與法定不同時，請填寫理由"))


@register
class Extension(CaseKind):
    """多次證延期."""

    category = CHINA_STUDENT.slug
    code = "extension"
    digit = "2"
    name = menu = _("陸生多次證延期申請")
    tab = _("陸生多次證延期")

    number_label = _("陸生多次入出境許可證號碼")
    accepts = MULTIPLE
    rules = (rules.not_revoked, not_superseded, in_the_last_three_months, rules.travel_document_valid)

    form = ExtensionForm
    documents = (
        DocumentSlot("permit", _("現持多次入出境許可證")),
        DocumentSlot("enrolment", _("在學證明或公函")),
        DocumentSlot("travel-document", _("大陸居民往來台灣通行證正反面")),
        DocumentSlot("passport", _("其他國籍護照"), condition=_("具其他國籍護照者檢附")),
        DocumentSlot("photo", _("照片"), required=False, max_files=1, photo=True),
    )

    fees = (Fee(300, _("多次證延期")),)

    review_days = 2
    correction_months = 2
    correction_extension_months = 2
    decision_form = ExtensionDecision
    reject_reasons = REJECT_REASONS

    grants = MULTIPLE
    outcome = PermitPdf("sketch_extension/permit.html", photo_slot="photo")

    def required_documents(self, answers: Answers, today: date) -> tuple[DocumentSlot, ...]:
        has_passport = answers.get("other_passport") == "Y"
        return tuple(slot for slot in self.documents if has_passport or slot.code != "passport")

    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        if chosen := decision.get("stay_until"):
            until = date.fromisoformat(chosen)
        else:
            until = longest_stay(previous, answers, issued_on)
        return PermitDates(issued_on, valid_until=until, stay_until=until)
