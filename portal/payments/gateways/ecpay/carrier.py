"""ECPay as a gateway."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from portal.payments.gateways.base import BaseGateway
from portal.payments.protocol import NOTHING_SAID, Answer, FormPost, NotRefunded, Outcome, Raw, Start, Statement, Unavailable

from . import contract, messages, orders, questions

if TYPE_CHECKING:
    from portal.payments.models import Payment

ACCEPTED: Final = Answer(200, b"1|OK")
REFUSED: Final = Answer(400, b"0|Refused")
# It is sent up to four times more; by then somebody may have looked.
UNKNOWN: Final = Answer(404, b"0|Unknown")
CARD: Final = "Credit"


class ECPay(BaseGateway):
    """Its pages are left to by a form; its notices are forms, signed with a CheckMacValue."""

    code = orders.CODE
    name = "綠界 ECPay"
    ask_every = timedelta(seconds=30)
    takes_a_reference_once = True

    @property
    def merchant(self) -> str:
        """特店編號."""
        return str(settings.ECPAY_MERCHANT_ID)

    @property
    def demo_only(self) -> bool:
        """With the keys that everybody knows, without any, or on its stage, it moves no money."""
        return contract.is_for_demonstrations()

    @property
    def origin(self) -> str:  # type: ignore[override]  # settings may change it
        """Where its pages are."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(contract.address()))

    def hand_over(self, payment: "Payment", said: Mapping[str, str] = NOTHING_SAID) -> Start:
        """To its own pages, also for a code, which comes in a message. What a student said of a person it does not need."""
        fields = contract.signed(orders.order(payment, now=timezone.now()))
        return FormPost(f"{contract.address()}/Cashier/AioCheckOut/V5", fields)

    def read(self, raw: Raw) -> Statement:
        return messages.notice(raw)

    def ask(self, payment: "Payment", now: datetime) -> Raw:
        if contract.missing():
            raise Unavailable("no keys")
        return questions.about(payment, now)

    def read_answer(self, raw: Raw) -> Statement:
        return messages.answer(raw)

    def answer(self, outcome: Outcome) -> Answer:
        """`1|OK`, to the byte, also for what is kept for the cashier."""
        return {Outcome.REFUSED: REFUSED, Outcome.UNKNOWN_REFERENCE: UNKNOWN}.get(outcome, ACCEPTED)

    def can_refund(self, payment: "Payment") -> bool:
        """Cards only: what was paid in cash or by transfer has no way back."""
        return orders.way(payment.method)[0] == CARD

    def refund(self, payment: "Payment", amount: int, *, now: datetime) -> None:
        if not self.can_refund(payment):
            raise NotRefunded("ECPay gives back to cards only")
        questions.give_back(payment, amount, now=now)


gateway = ECPay()
