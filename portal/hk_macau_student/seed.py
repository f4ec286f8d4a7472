"""The 說明頁 of a fresh site, and the way to it from the address that the agency's own system has."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from typing import Final

from wagtail.contrib.redirects.models import Redirect

from portal.student_entry.seed import seed_category_page

from .models import HkMacauStudentPage
from .seed_content import CONTENT

# As it is spelled there.
AGENCYS_ADDRESS: Final = "/student/entry/honk-macao-student/"


def seed() -> None:
    """港澳僑生自行申請線上申辦系統說明頁 at /student/entry/hk-macau-student/."""
    seed_category_page({code: HkMacauStudentPage(**words.fields()) for code, words in CONTENT.items()})
    page = HkMacauStudentPage.objects.get(locale__language_code="zh-hant")
    Redirect.objects.get_or_create(
        old_path=Redirect.normalise_path(AGENCYS_ADDRESS), site=None, defaults={"redirect_page": page, "is_permanent": True}
    )
