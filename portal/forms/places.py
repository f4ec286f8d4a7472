"""Where editors' words stand in forms."""

from django.utils.translation import gettext_lazy as _

from portal.editorial import places, scopes
from portal.editorial.places import Place
from portal.editorial.scopes import Flow

places.register(
    {
        "forms.start": Place("線上申辦：有草稿時", _("線上申辦")),
        "forms.declaration": Place("使用聲明事項：頁面上方", _("使用聲明事項")),
        "forms.processing-time": Place("使用聲明事項：辦理天數", _("使用聲明事項"), section=_("申請前請準備"), css_class="hint"),
        "forms.permit": Place("許可證號碼：表單上方", _("許可證號碼")),
        "forms.form": Place("填寫申請書：表單上方", _("個人申請"), css_class="hint"),
        "forms.documents": Place("填寫申請書：應檢附文件", _("個人申請"), section=_("應檢附文件"), css_class="hint"),
        "forms.check": Place("確認送出：頁面上方", _("確認送出")),
        "forms.sent-with-fee": Place("送件成功：接下來（須繳費的申請）", _("送件成功"), section=_("接下來")),
        "forms.sent-without-fee": Place("送件成功：接下來（免費的申請）", _("送件成功"), section=_("接下來")),
    }
)
scopes.register(Flow("apply", "線上申辦", ("forms",)))
