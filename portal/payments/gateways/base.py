"""What most gateways have in common."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from portal.payments.protocol import NotRefunded

if TYPE_CHECKING:
    from portal.payments.models import Payment


class BaseGateway:
    """A gateway that may be asked often, takes an order again as long as it is not ended, and gives nothing back by itself."""

    # What staff call it; empty: its code.
    name: str = ""
    # The origin of its pages, `https://bank.example`, where a form may lead (payments.E008); empty: on this very site.
    origin: str = ""
    # How often it is asked about an attempt under way, at the most.
    ask_every: ClassVar[timedelta] = timedelta(seconds=3)
    # Whether a reference that has once reached it is used up: a student who comes back without having paid begins anew.
    takes_a_reference_once: ClassVar[bool] = False

    def can_refund(self, payment: "Payment") -> bool:
        """Whether `refund` is worth a try; else the cashier gives the money back by hand."""
        return False

    def refund(self, payment: "Payment", amount: int, *, now: datetime) -> None:
        """退費: raises NotRefunded, or Unavailable when nobody knows whether it was done."""
        raise NotRefunded("this gateway has no refunds")
