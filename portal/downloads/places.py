"""Where editors' words stand in downloads."""

from portal.editorial import places, scopes
from portal.editorial.scopes import Flow

places.register(
    {
        "downloads.permits": "許可證下載：頁面上方",
        "downloads.receipts": "收據下載：頁面上方",
        "downloads.query": "下載專區：查詢",
        "verification.typed": "文件查驗：頁面上方",
    }
)
scopes.register(Flow("downloads", "下載專區", ("downloads",)), Flow("verification", "文件查驗", ("verification",)))
