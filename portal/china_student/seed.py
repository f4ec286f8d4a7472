"""The 說明頁, the page on leaving and 使用聲明事項 of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from portal.cms.seeding import add_page
from portal.cms.snippets import publish_new
from portal.editorial.declaration import Declaration
from portal.home.models import StandardPage
from portal.student_entry.seed import seed_category_page

from .category import CHINA_STUDENT
from .models import ChinaStudentPage
from .seed_content import CONTENT
from .seed_declaration import DECLARATION


def seed() -> None:
    """陸生自行申請線上申辦系統說明頁 at /student/entry/china-student/, and what a student accepts before applying."""
    seed_category_page({code: ChinaStudentPage(**words.fields()) for code, words in CONTENT.items()})
    seed_leaving_page()
    seed_declaration()


def seed_leaving_page() -> None:
    """「休學、退學、畢業時」 below the 說明頁."""
    page = ChinaStudentPage.objects.get(locale__language_code="zh-hant")
    if not page.get_children().exists():
        add_page(page, {code: StandardPage(**words.leaving.fields()) for code, words in CONTENT.items()})


def seed_declaration() -> None:
    """使用聲明事項, as version 1."""
    if not Declaration.objects.filter(category=CHINA_STUDENT.slug).exists():
        publish_new(Declaration(category=CHINA_STUDENT.slug, **DECLARATION))
