"""What 交換學生 may apply for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import CaseKind, DocumentSlot, register
from portal.office_calendar.periods import OfficeCalendar
from portal.records.protocol import ApplicantRecord, PermitRecord, Reason, Refusal

from .category import EXCHANGE_STUDENT
from .identity import EXCHANGE


def within_stay(applicant: ApplicantRecord, permit: PermitRecord, today: date, calendar: OfficeCalendar) -> Refusal | None:
    """A stay that is over is not extended."""
    return None if today <= permit.stay_until else Refusal(Reason.NOT_ELIGIBLE, _("停留期間已屆滿"))


STAY = register(
    CaseKind(
        code="stay",
        category=EXCHANGE_STUDENT.slug,
        name=_("交換學生延長停留申請"),
        menu=_("延長停留申請"),
        tab=_("延長停留"),
        digit="8",
        number_label=_("入出境許可證號碼"),
        accepts=EXCHANGE,
        rules=(within_stay,),
        form="tests.dummy_category.forms.StayForm",
        documents=(DocumentSlot("invitation", _("交換學校邀請函")),),
        fee=0,
        fee_item="",
        permit_template="dummy_category/permit.html",
    )
)
