"""陸生換發多次證申請: in Taiwan, the permit for one entry is exchanged for one that opens for two years (就讀辦法 §10 III-VI)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates, register
from portal.cases.outcomes import PermitPdf
from portal.office_calendar.periods import period_end
from portal.records.protocol import PermitRecord

from .. import rules
from ..blocks import Address, Arrival, Contact, Papers, Person, Statement, Study
from ..category import CHINA_STUDENT
from ..identity import MULTIPLE, SINGLE
from ..reasons import REJECT_REASONS

# 身分證及護照上不能加上任何字句或圖樣 (manual, chapter 3).
NO_MARKS = _("文件須清晰，證件上不能加上任何字句或圖樣，如：影印本/COPY 等。")


class MultipleEntryForm(Person, Papers, Study, Arrival, Address, Contact, Statement):
    """陸生換發多次證申請 - 個人申請 (圖22)."""

    sections = (
        *Person.sections,
        *Papers.sections,
        *Study.sections,
        *Arrival.sections,
        *Address.sections,
        *Contact.sections,
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
    rules = (rules.not_revoked, rules.must_have_entered, rules.within_stay, rules.travel_document_valid)

    form = MultipleEntryForm
    documents = (
        DocumentSlot(
            "photo",
            _("照片"),
            _("2 年內所拍攝之白色背景、正面、脫帽、五官清晰彩色照片，寬 413 × 高 531 像素以上，不得修改或合成。"),
            max_files=1,
            photo=True,
        ),
        DocumentSlot("enrolment", _("在學證明或已註冊學生證正反面"), _("文件須清晰。")),
        DocumentSlot("health", _("健康檢查合格證明"), _("由衛生福利部指定外國人體檢之國內醫院出具。"), max_files=4),
        DocumentSlot("travel-document", _("大陸居民往來台灣通行證正反面"), NO_MARKS),
        DocumentSlot("single-permit", _("原單次入出境許可證（含入境章）"), NO_MARKS),
        DocumentSlot("person-id", _("大陸居民身分證正反面"), NO_MARKS, required=False),
        DocumentSlot("other", _("其他相關證明文件"), required=False, max_files=5),
    )

    fees = (Fee(1000, _("多次證")),)  # 規費標準 §3 I ②

    review_days = 2
    correction_months = 2  # 就讀辦法 §9 II
    correction_extension_months = 2  # 許可辦法 §10
    reject_reasons = REJECT_REASONS

    grants = MULTIPLE
    outcome = PermitPdf("portal/china_student/permit.html", photo_slot="photo")

    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        """Two years from the day after the issue, validity and stay alike (就讀辦法 §10 VI)."""
        until = period_end(issued_on, 24)
        return PermitDates(issued_on, valid_until=until, stay_until=until)
