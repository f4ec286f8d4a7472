"""虛擬帳號繳費: a slip, paid at the counter of the Bank of Taiwan."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from portal.office_calendar.periods import OfficeCalendar

from .base import BaseMethod


class VirtualAccount(BaseMethod):
    """虛擬帳號繳費."""

    code = "virtual_account"
    name = _("虛擬帳號繳費")
    guidance = _("可下載繳費單，持繳費單至臺銀窗口繳費，繳費完成後可在二日後至系統下載收據。")

    def available_on(self, paid_on: date, calendar: OfficeCalendar) -> date:
        """二日後, or the first working day after that."""
        return calendar.working_day_from(paid_on + timedelta(days=2))


method = VirtualAccount()
