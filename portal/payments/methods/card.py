"""國際信用卡網路繳費."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.payments import registry
from portal.payments.protocol import Start

if TYPE_CHECKING:
    from portal.payments.models import Payment


class Card:
    """The card is typed in at the gateway; nothing of it ever comes here."""

    code = "card"
    name = _("國際信用卡網路繳費")
    guidance = _("必須使用非臺灣銀行發行之國際信用卡繳費，信用卡包含 VISA、MasterCard 及 JCB 三種卡種可使用。")

    def start(self, payment: "Payment") -> Start:
        """To the gateway's own page."""
        return registry.gateway(payment.gateway).hand_over(payment)


method = Card()
