"""Where editors' words stand in my_cases."""

from portal.editorial import places, scopes
from portal.editorial.scopes import Flow

places.register(
    {
        "my_cases.todo": "待辦事項：頁面上方",
        "my_cases.drafts": "待辦事項：草稿",
        "my_cases.corrections": "退補案件：頁面上方",
        "my_cases.progress": "案件進度查詢：頁面上方",
        "my_cases.withdraw": "案件撤銷：頁面上方",
    }
)
scopes.register(Flow("cases", "待辦事項、案件進度、補正(件)、撤銷", ("my_cases",)))
