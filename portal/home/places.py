"""Where guidance stands: at the head of each flow. A place is the name of an app in addresses, a dot, and what is there."""

from typing import Final

PLACES: Final[dict[str, str]] = {
    "accounts.register": "註冊帳號：表單上方",
    "accounts.registered": "註冊成功：接下來怎麼做",
    "accounts.activate": "帳號開通：按鈕上方",
    "accounts.resend-activation": "重寄認證信：表單上方",
    "accounts.login": "登入：第一次使用",
    "accounts.forgot-password": "忘記密碼：表單上方",
    "accounts.password": "密碼修改：表單上方",
    "accounts.profile": "基本資料維護：表單上方",
    "forms.start": "線上申辦：有草稿時",
    "forms.declaration": "使用聲明事項：頁面上方",
    "forms.processing-time": "使用聲明事項：辦理天數",
    "forms.permit": "許可證號碼：表單上方",
    "forms.form": "填寫申請書：表單上方",
    "forms.documents": "填寫申請書：應檢附文件",
    "forms.check": "確認送出：頁面上方",
    "forms.sent-with-fee": "送件成功：接下來（須繳費的申請）",
    "forms.sent-without-fee": "送件成功：接下來（免費的申請）",
    "my_cases.todo": "待辦事項：頁面上方",
    "my_cases.drafts": "待辦事項：草稿",
    "my_cases.corrections": "退補案件：頁面上方",
    "my_cases.progress": "案件進度查詢：頁面上方",
    "my_cases.withdraw": "案件撤銷：頁面上方",
    "payments.list": "線上繳費：列表上方",
    "payments.bill": "線上繳費：繳費明細",
    "payments.method": "線上繳費：繳費方式上方",
    "payments.leave": "線上繳費：前往金融機構",
    "downloads.permits": "許可證下載：頁面上方",
    "downloads.receipts": "收據下載：頁面上方",
    "downloads.query": "下載專區：查詢",
    "verification.typed": "文件查驗：頁面上方",
}


def choices() -> list[tuple[str, str]]:
    """Every place with its name, for the admin."""
    return list(PLACES.items())
