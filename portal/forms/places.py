"""Where editors' words stand in forms."""

from portal.editorial import places, scopes
from portal.editorial.scopes import Flow

places.register(
    {
        "forms.start": "線上申辦：有草稿時",
        "forms.declaration": "使用聲明事項：頁面上方",
        "forms.processing-time": "使用聲明事項：辦理天數",
        "forms.permit": "許可證號碼：表單上方",
        "forms.form": "填寫申請書：表單上方",
        "forms.documents": "填寫申請書：應檢附文件",
        "forms.check": "確認送出：頁面上方",
        "forms.sent-with-fee": "送件成功：接下來（須繳費的申請）",
        "forms.sent-without-fee": "送件成功：接下來（免費的申請）",
    }
)
scopes.register(Flow("apply", "線上申辦", ("forms",)))
