"""What 交換學生 may apply for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.cases.conditions import only_if
from portal.cases.kinds import Answers, CaseKind, DocumentSlot, Fee, PermitDates, register
from portal.cases.outcomes import CardToCollect
from portal.office_calendar.periods import OfficeCalendar, period_end
from portal.records.protocol import Match, PermitRecord, Reason, Refusal

from .category import EXCHANGE_STUDENT
from .forms import StayForm
from .identity import EXCHANGE


def within_stay(match: Match, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """A stay that is over is not extended."""
    return None if today <= match.permit.stay_until else Refusal(Reason.NOT_ELIGIBLE, _("停留期間已屆滿"))


@register
class Stay(CaseKind):
    """延長停留: so many months more as were asked for; a card says so."""

    category = EXCHANGE_STUDENT.slug
    code = "stay"
    digit = "8"
    name = _("交換學生延長停留申請")
    menu = _("延長停留申請")
    tab = _("延長停留")

    number_label = _("入出境許可證號碼")
    accepts = EXCHANGE
    rules = (within_stay,)

    form = StayForm
    documents = (
        DocumentSlot("invitation", _("交換學校邀請函")),
        DocumentSlot("funds", _("財力證明"), condition=_("自費者必附"), only_if=only_if("payer", "self")),
    )

    fees = (Fee(600, _("停留證（六個月）")), Fee(1200, _("停留證（一年）")))

    review_days = 5
    correction_months = 3

    grants = EXCHANGE
    outcome = CardToCollect(place_field="collect_at", when=_("結案後第 3 個工作日起"), bring=(_("護照"), _("收據")))

    def fee(self, answers: Answers) -> Fee:
        six_months, a_year = self.fees
        return a_year if answers["months"] == "12" else six_months

    def permit_dates(self, issued_on: date, answers: Answers, previous: PermitRecord, decision: Answers) -> PermitDates:
        until = period_end(previous.stay_until, int(answers["months"]))
        return PermitDates(issued_on, valid_until=until, stay_until=until)
