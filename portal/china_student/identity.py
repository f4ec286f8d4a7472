"""Who 陸生 are: their papers, how they are asked for and checked, and the types of their permits."""

import re
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.core.categories import PERMIT_NO, UI_NO, Identity, Paper
from portal.fields.identifiers import is_ui_no

from .choices import BIRTH_PLACES

# 入出境許可證 by number of entries, as the agency's files have it.
SINGLE, MULTIPLE = "single", "multiple"

# A and B were given to people of the mainland, too, before 2021; since then their third place is a 9 and nobody else's.
_MAINLAND_UI_NO = re.compile(r"[A-Z](?:[AB]|[89]9)[0-9]+")
_PERSON_ID = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]")
_PERSON_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PERSON_ID_CHECKS = "10X98765432"
_TRAVEL_DOCUMENT_NO = re.compile(r"[LT][0-9]{8}")
_PROVINCE = re.compile(r"[0-9]{2}")


def is_mainland_ui_no(text: str) -> bool:
    """Whether it is a 統一證號 as people of the mainland have it: a foreigner's, or one of Hong Kong or Macau, is not."""
    return bool(_MAINLAND_UI_NO.fullmatch(text)) and is_ui_no(text)


def is_person_id(text: str) -> bool:
    """Whether it is a 大陸居民身分證號: a real date of birth and the right check character (GB 11643-1999)."""
    if not _PERSON_ID.fullmatch(text) or not _is_date(text[6:14]):
        return False
    total = sum(int(d) * w for d, w in zip(text[:17], _PERSON_ID_WEIGHTS, strict=True))
    return text[17] == _PERSON_ID_CHECKS[total % 11]


def is_travel_document_no(text: str) -> bool:
    """Whether it has the form of a 大陸居民往來台灣通行證號: L or T and eight digits."""
    return bool(_TRAVEL_DOCUMENT_NO.fullmatch(text))


def is_province(text: str) -> bool:
    """Whether it has the form of a province code of GB/T 2260."""
    return bool(_PROVINCE.fullmatch(text))


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


PERSON_ID = Paper(
    code="person_id",
    label=_("大陸居民身分證號"),
    is_right=is_person_id,
    error=_("大陸居民身分證號不正確，請再核對一次"),
    reason="不是大陸居民身分證號：格式、日期或檢查碼有誤",
    help=_("18 碼。"),
    identifies=False,
)
TRAVEL_DOCUMENT = Paper(
    code="travel_document_no",
    label=_("大陸居民往來台灣通行證號"),
    is_right=is_travel_document_no,
    error=_("大陸居民往來台灣通行證號不正確，請輸入 L 或 T 加 8 位數字"),
    reason="不是 L 或 T 加 8 碼數字",
    help=_("L 或 T 加 8 位數字。"),
    expiry="travel_document_expiry",
    expiry_label=_("通行證效期"),
)
IDENTITY = Identity(
    papers=(PERSON_ID, TRAVEL_DOCUMENT),
    permit_types=((SINGLE, _("單次")), (MULTIPLE, _("多次"))),
    is_birth_place=is_province,
    birth_place_reason="不是 2 碼的省市代碼",
    birth_places=tuple(BIRTH_PLACES),
    ui_no=replace(
        UI_NO,
        is_right=is_mainland_ui_no,
        error=_("統一證號不正確，請輸入大陸地區人民入出境許可證上的統一證號"),
        reason="不是大陸地區人民的統一證號：格式或檢查碼有誤",
    ),
    permit_no=replace(PERMIT_NO, help=_("單次證或多次證均可，數字 12 碼。")),
)
