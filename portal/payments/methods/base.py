"""What most methods have in common."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.conf import settings

from portal.core.categories import StrOrPromise
from portal.office_calendar.periods import OfficeCalendar
from portal.payments import registry
from portal.payments.protocol import HandlingFee, Start

if TYPE_CHECKING:
    from portal.payments.models import Payment


class BaseMethod:
    """A method whose money settles at once, of any amount, and which asks nothing before the student leaves."""

    code: ClassVar[str]
    name: ClassVar[StrOrPromise]
    guidance: ClassVar[StrOrPromise]
    form: ClassVar[type[forms.Form] | None] = None
    # The most that can be paid this way.
    limit: ClassVar[int | None] = None

    def accepts(self, amount: int) -> bool:
        """Whether so much can be paid this way."""
        return self.limit is None or amount <= self.limit

    def handling_fees(self) -> list[HandlingFee]:
        """手續費, as settings.HANDLING_FEES has it."""
        return [HandlingFee("", settings.HANDLING_FEES.get(self.code))]

    def start(self, payment: "Payment", said: Mapping[str, str]) -> Start:
        """To the gateway."""
        return registry.gateway(payment.gateway).hand_over(payment, said)

    def available_on(self, paid_on: date, calendar: OfficeCalendar) -> date:
        """The same day: the money is there."""
        return paid_on
