"""Where a notice is shown: everywhere, with one category of students, or in one flow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import ResolverMatch

from portal.core import categories

SITE: Final = "site"
ENTRY: Final = "entry"


@dataclass(frozen=True)
class Flow:
    """One flow; `areas` are the names of its apps, or of single views of them, in addresses (`payments`, `accounts:login`).

    A page of the CMS that is a flow of its own says so in its attribute `flow`.
    """

    code: str
    name: str
    areas: tuple[str, ...] = ()


# A view's own line comes before that of its app.
FLOWS: Final = (
    Flow(ENTRY, "單一入口形象頁（公告區）"),
    Flow("accounts", "註冊帳號、登入、忘記密碼", ("accounts",)),
    Flow("profile", "帳號維護：密碼修改、基本資料", ("accounts:password", "accounts:profile", "accounts:sessions")),
    Flow("apply", "線上申辦", ("forms",)),
    Flow("cases", "待辦事項、案件進度、補正(件)、撤銷", ("my_cases",)),
    Flow("payments", "線上繳費", ("payments",)),
    Flow("downloads", "下載專區", ("downloads",)),
    Flow("verification", "文件查驗", ("verification",)),
)
_BY_AREA: Final = {area: flow.code for flow in FLOWS for area in flow.areas}


def flow_of(match: ResolverMatch | None) -> str:
    """The code of the flow that an address belongs to; "" when it is in none."""
    if match is None:
        return ""
    return _BY_AREA.get(match.view_name) or _BY_AREA.get(match.app_name, "")


def of_category(slug: str) -> str:
    """The scope that is one category of students."""
    return f"category:{slug}"


def of_flow(code: str) -> str:
    """The scope that is one flow."""
    return f"flow:{code}"


def choices() -> Iterable[Any]:
    """Every scope with its name, for the admin."""
    return [
        (SITE, "整個網站"),
        ("學生類別", [(of_category(category.slug), category.name) for category in categories.all_categories()]),
        ("功能", [(of_flow(flow.code), flow.name) for flow in FLOWS]),
    ]
