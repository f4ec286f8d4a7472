"""Where editors' words stand in downloads."""

from django.utils.translation import gettext_lazy as _

from portal.editorial import places, scopes
from portal.editorial.places import Place
from portal.editorial.scopes import Flow

places.register(
    {
        "downloads.permits": Place("許可證下載：頁面上方", _("許可證下載–查詢"), css_class="notice notice-info"),
        "downloads.receipts": Place("收據下載：頁面上方", _("收據下載–查詢")),
        "downloads.query": Place("下載專區：查詢", _("許可證下載–查詢"), section=_("查詢條件"), css_class="hint"),
        "verification.typed": Place("文件查驗：頁面上方", _("文件查驗")),
    }
)
scopes.register(Flow("downloads", "下載專區", ("downloads",)), Flow("verification", "文件查驗", ("verification",)))
