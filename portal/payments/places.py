"""Where editors' words stand in payments."""

from portal.editorial import places, scopes
from portal.editorial.scopes import Flow

places.register(
    {
        "payments.list": "線上繳費：列表上方",
        "payments.bill": "線上繳費：繳費明細",
        "payments.method": "線上繳費：繳費方式上方",
        "payments.leave": "線上繳費：前往金融機構",
    }
)
scopes.register(Flow("payments", "線上繳費", ("payments",)))
