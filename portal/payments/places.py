"""Where editors' words stand in payments."""

from django.utils.translation import gettext_lazy as _

from portal.editorial import places, scopes
from portal.editorial.places import Place
from portal.editorial.scopes import Flow

places.register(
    {
        "payments.list": Place("線上繳費：列表上方", _("線上繳費–列表")),
        "payments.bill": Place("線上繳費：繳費明細", _("線上繳費-繳費明細")),
        "payments.method": Place("線上繳費：繳費方式上方", _("線上繳費-繳費方式選擇")),
        "payments.leave": Place("線上繳費：前往金融機構", _("前往繳費")),
    }
)
scopes.register(Flow("payments", "線上繳費", ("payments",)))
