"""Who 交換學生 are: the passport of their own country, and the type of their permit."""

import re

from django.utils.translation import gettext_lazy as _

from portal.core.categories import Identity, Paper

EXCHANGE = "exchange"  # as the agency's files have it


def is_passport_no(text: str) -> bool:
    """Whether it has the form of a passport's number: one or two characters from A to Z and seven digits."""
    return bool(re.fullmatch(r"[A-Z]{1,2}[0-9]{7}", text))


def is_country(text: str) -> bool:
    """Whether it has the form of a country's code of ISO 3166."""
    return bool(re.fullmatch(r"[A-Z]{3}", text))


PASSPORT = Paper(
    code="passport_no",
    label=_("護照號碼"),
    is_right=is_passport_no,
    error=_("護照號碼不正確，請輸入 1 或 2 個英文字母加 7 位數字"),
    reason="不是 1 或 2 個英文字母加 7 碼數字",
    help=_("1 或 2 個英文字母加 7 位數字。"),
    expiry="passport_expiry",
    expiry_label=_("護照效期"),
)
IDENTITY = Identity(
    papers=(PASSPORT,),
    permit_types=((EXCHANGE, _("交換學生證")),),
    is_birth_place=is_country,
    birth_place_reason="不是 3 碼的國家代碼",
)
