"""陸生換發多次證申請: in Taiwan, the permit for one entry is exchanged for one that opens for two years (就讀辦法 §10 III-VI)."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.cases.conditions import only_if
from portal.cases.decisions import Finding
from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates, register
from portal.cases.outcomes import PermitPdf
from portal.office_calendar.periods import period_end
from portal.records.protocol import PermitRecord

from .. import documents, findings, rules
from ..blocks import Address, Arrival, Contact, Papers, Person, Statement, Study
from ..category import CHINA_STUDENT
from ..family import Family
from ..identity import MULTIPLE, SINGLE
from ..reasons import CORRECTION, REJECT_REASONS


class MultipleEntryForm(Person, Papers, Study, Arrival, Address, Contact, Family, Statement):
    """陸生換發多次證申請 - 個人申請 (圖22)."""

    sections = (
        *Person.sections,
        *Papers.sections,
        *Study.sections,
        *Arrival.sections,
        *Address.sections,
        *Contact.sections,
        *Family.sections,
        *Statement.sections,
    )


@register
class MultipleEntry(CaseKind):
    """換發多次證: applied for within the stay of two months, whoever entered with the single-entry permit."""

    category = CHINA_STUDENT.slug
    code = "multiple-entry"
    digit = "1"
    name = menu = _("陸生換發多次證申請")
    tab = _("陸生多次證")

    number_label = _("陸生就學入出境許可證號碼")
    accepts = SINGLE
    rules = (
        rules.not_revoked,
        rules.not_exchanged,
        rules.no_valid_multiple_permit,
        rules.must_have_entered,
        rules.within_stay,
        rules.travel_document_valid,
    )

    form = MultipleEntryForm
    documents = (
        documents.PHOTO,
        documents.ENROLMENT,
        DocumentSlot(
            "health",
            _("健康檢查合格證明"),
            _("由衛生福利部指定外國人體檢之國內醫院出具（乙表）。"),
            max_files=4,
            reuse_days=90,
            condition=_("復學且已繳交過者免附"),
            only_if=only_if("health_checked", "N"),
            proves=("health_check_hospital", "health_check_date"),
        ),
        documents.TRAVEL_DOCUMENT,
        DocumentSlot(
            "single-permit",
            _("原單次入出境許可證（含入境章）"),
            documents.NO_MARKS,
            reuse_days=90,
            proves=("entered_on", "ui_no"),
        ),
        replace(documents.PERSON_ID, condition=_("沒有大陸居民身分證者免附"), only_if=only_if("no_person_id", False)),
        documents.OTHER,
    )

    fees = (Fee(1000, _("多次證")),)  # 規費標準 §3 I ②

    review_days = 2
    correction_months = 2  # 就讀辦法 §9 II
    correction_extension_months = 2  # 許可辦法 §10
    correction_law = CORRECTION
    reject_reasons = REJECT_REASONS

    grants = MULTIPLE
    outcome = PermitPdf("portal/china_student/permit.html", photo_slot="photo")

    def findings(self, answers: Answers, today: date) -> tuple[Finding, ...]:
        return findings.of(answers)

    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        """Two years from the day after the issue, validity and stay alike (就讀辦法 §10 VI)."""
        until = period_end(issued_on, 24)
        return PermitDates(issued_on, valid_until=until, stay_until=until)
