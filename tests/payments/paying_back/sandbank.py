"""What it is asked to pay back, and what it answers."""

import datetime as dt

from portal.payments.gateways.sandbank import Sandbank
from portal.payments.models import Payment


class PayingBack(Sandbank):
    """`answer`: what it raises, if anything."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.asked: list[int] = []
        self.answer: Exception | None = None

    def can_refund(self, payment: Payment) -> bool:
        return True

    def refund(self, payment: Payment, amount: int, *, now: dt.datetime) -> None:
        self.asked.append(amount)
        if self.answer:
            raise self.answer


gateway = PayingBack()
