"""When a student may apply: the law as pure functions of records, today and calendar, each with its paragraph.

就讀辦法 is 大陸地區人民來臺就讀專科以上學校辦法, 許可辦法 大陸地區人民進入臺灣地區許可辦法.
"""

from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import Answers
from portal.core.categories import StrOrPromise
from portal.office_calendar.periods import OfficeCalendar, last_day, months_before
from portal.records.protocol import NOT_ONLINE, Match, Reason, Refusal

from .identity import MULTIPLE, TRAVEL_DOCUMENT

WINDOW_MONTHS = 3  # 停留期間屆滿前三個月內 (就讀辦法 §10 VI)


def must_have_entered(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §10 III, V: the single-entry permit is exchanged in Taiwan, by who came in with it."""
    if match.permit.entered_on and match.permit.entered_on <= today:
        return None
    return Refusal(Reason.NOT_ELIGIBLE, _("查無持此證入境的紀錄，請於入境後再申請"))


def within_stay(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §10 III, V, VI: before the stay ends; a last day off moves to the next working day (行政程序法 §48)."""
    until = match.permit.stay_until
    if today <= last_day(until, calendar):
        return None
    return Refusal(
        Reason.NOT_ELIGIBLE,
        format_lazy(_("須於停留期間屆滿前申請，停留期間已於 {day} 屆滿"), day=f"{until:%Y/%m/%d}"),
        then=NOT_ONLINE,
    )


def still_valid(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §18 II: a permit is corrected while it is valid. That is no period to be kept: no day off makes it longer."""
    until = match.permit.valid_until
    if today <= until:
        return None
    said = format_lazy(_("此許可證的有效期限已於 {day} 屆滿"), day=f"{until:%Y/%m/%d}")
    return Refusal(Reason.NOT_ELIGIBLE, said, then=NOT_ONLINE)


def in_the_last_three_months(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §10 VI: an extension is applied for from three months before the stay ends."""
    opens_on = months_before(match.permit.stay_until, WINDOW_MONTHS)
    if today >= opens_on:
        return None
    return Refusal(Reason.TOO_EARLY, opens_on=opens_on, words=_("須於停留期間屆滿前3個月內始得申請"))


def not_exchanged(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §10 V: a permit is exchanged once; who got another one for it goes on with that."""
    return Refusal(Reason.NOT_ELIGIBLE, _("此許可證已換發新證，請以新證申請")) if match.permit.superseded else None


def no_valid_multiple_permit(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """許可辦法 §12: who holds a valid permit gets no second one (已領有有效許可證再申請)."""
    valid = (
        each
        for each in match.permits
        if each.permit_type == MULTIPLE and not (each.revoked or each.superseded) and today <= each.valid_until
    )
    if (held := next(valid, None)) is None:
        return None
    return Refusal(
        Reason.NOT_ELIGIBLE, format_lazy(_("您已持有有效的多次入出境許可證（許可證號碼 {number}）"), number=held.permit_no)
    )


def travel_document_valid(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """許可辦法 §18 I: the 大陸居民往來台灣通行證 that comes with the application is valid."""
    expiry = match.applicant.expiry(TRAVEL_DOCUMENT.expiry)
    if today <= expiry:
        return None
    return Refusal(
        Reason.NOT_ELIGIBLE,
        format_lazy(_("大陸居民往來台灣通行證已於 {day} 逾期，請先換發通行證"), day=f"{expiry:%Y/%m/%d}"),
    )


def travel_document_warning(answers: Answers, today: date) -> tuple[StrOrPromise, ...]:
    """許可辦法 §18 II ②, borrowed for students: less than a month of the travel document is left. It stops nobody."""
    expiry = answers.get(TRAVEL_DOCUMENT.expiry)
    if not expiry or months_before(date.fromisoformat(expiry), 1) >= today:
        return ()
    day = f"{date.fromisoformat(expiry):%Y/%m/%d}"
    return (format_lazy(_("大陸居民往來台灣通行證效期至 {day}，未滿 1 個月，請儘速換發。"), day=day),)


def not_revoked(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """就讀辦法 §11 I, 許可辦法 §12: a permit that was revoked opens nothing."""
    return Refusal(Reason.NOT_ELIGIBLE, _("此許可證已經廢止"), then=NOT_ONLINE) if match.permit.revoked else None
