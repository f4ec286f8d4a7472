"""The 說明頁 of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from portal.student_entry.seed import seed_category_page

from .models import HkMacauStudentPage
from .seed_content import CONTENT


def seed() -> None:
    """港澳僑生自行申請線上申辦系統說明頁 at /student/entry/hk-macau-student/."""
    seed_category_page({code: HkMacauStudentPage(**words.fields()) for code, words in CONTENT.items()})
