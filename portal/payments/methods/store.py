"""四大超商繳費: a slip with three barcodes, paid at a convenience store."""

from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.office_calendar.periods import A_DAY, OfficeCalendar

from .base import BaseMethod

# 2~3 個工作日: what the stores have collected is with us on the third at the latest.
WORKING_DAYS: Final = 3


class Store(BaseMethod):
    """四大超商繳費."""

    code = "store"
    name = _("四大超商繳費")
    guidance = _(
        "提供可至四大超商(7-11、全家、萊爾富、OK)繳費功能。點選四大超商繳費者則可下載繳費單，持繳費單至四大超商繳費，"
        "繳費完成後可在 2~3 個工作日後至系統下載繳費電子收據。"
    )
    limit = 20_000  # TWD a slip: what the stores take

    def available_on(self, paid_on: date, calendar: OfficeCalendar) -> date:
        """The third working day after the payment."""
        day = paid_on
        for _each in range(WORKING_DAYS):
            day = calendar.working_day_from(day + A_DAY)
        return day


method = Store()
