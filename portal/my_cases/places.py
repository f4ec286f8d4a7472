"""Where editors' words stand in my_cases."""

from django.utils.translation import gettext_lazy as _

from portal.editorial import places, scopes
from portal.editorial.places import Place
from portal.editorial.scopes import Flow

places.register(
    {
        "my_cases.todo": Place("待辦事項：頁面上方", _("待辦事項")),
        "my_cases.drafts": Place("待辦事項：草稿", _("待辦事項"), section=_("草稿"), css_class="hint"),
        "my_cases.corrections": Place("退補案件：頁面上方", _("補正(件)–列表")),
        "my_cases.progress": Place("案件進度查詢：頁面上方", _("案件進度查詢–查詢")),
        "my_cases.withdraw": Place("案件撤銷：頁面上方", _("案件撤銷–查詢")),
    }
)
scopes.register(Flow("cases", "待辦事項、案件進度、補正(件)、撤銷", ("my_cases",)))
