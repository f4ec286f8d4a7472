"""When a student may apply: the law as pure functions of records, today and calendar (就讀辦法 §10, 許可辦法 §18)."""

from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.office_calendar.periods import OfficeCalendar, last_day
from portal.records.protocol import ApplicantRecord, PermitRecord, Reason, Refusal

from .identity import TRAVEL_DOCUMENT


def must_have_entered(applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """The single-entry permit is exchanged in Taiwan, by who came in with it."""
    if permit.entered_on and permit.entered_on <= today:
        return None
    return Refusal(Reason.NOT_ELIGIBLE, _("查無持此證入境的紀錄，請於入境後再申請"))


def within_stay(applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §10 III, V: before the stay of two months ends; a last day off moves to the next working day (行政程序法 §48)."""
    if today <= last_day(permit.stay_until, calendar):
        return None
    return Refusal(
        Reason.NOT_ELIGIBLE,
        format_lazy(_("須於停留期間屆滿前申請，停留期間已於 {day} 屆滿"), day=f"{permit.stay_until:%Y/%m/%d}"),
    )


def travel_document_valid(
    applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar
) -> Refusal | None:
    """The 大陸居民往來台灣通行證 holds today."""
    expiry = applicant.expiry(TRAVEL_DOCUMENT.expiry)
    if today <= expiry:
        return None
    return Refusal(
        Reason.NOT_ELIGIBLE,
        format_lazy(_("大陸居民往來台灣通行證已於 {day} 逾期，請先換發通行證"), day=f"{expiry:%Y/%m/%d}"),
    )


def not_revoked(applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """A revoked permit opens nothing."""
    return Refusal(Reason.NOT_ELIGIBLE, _("此許可證已經廢止")) if permit.revoked else None
