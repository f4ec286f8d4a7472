"""國際信用卡網路繳費: the card is typed in at the gateway; nothing of it ever comes here."""

from django.utils.translation import gettext_lazy as _

from .base import BaseMethod


class Card(BaseMethod):
    """國際信用卡網路繳費."""

    code = "card"
    name = _("國際信用卡網路繳費")
    guidance = _("必須使用非臺灣銀行發行之國際信用卡繳費，信用卡包含 VISA、MasterCard 及 JCB 三種卡種可使用。")


method = Card()
