"""網路收單 ATM 繳費: the Web ATM of the Bank of Taiwan."""

from django.utils.translation import gettext_lazy as _

from .base import BaseMethod


class WebAtm(BaseMethod):
    """網路收單 ATM 繳費."""

    code = "web_atm"
    name = _("網路收單 ATM 繳費")
    guidance = _(
        "必先準備讀卡機及 ATM 卡，點選【繳費】鍵後，系統導至臺銀 WEB ATM 繳費頁，"
        "輸入相關資料及密碼後進行扣款作業，即可完成繳費作業。"
    )


method = WebAtm()
