"""The 說明頁, the page on leaving and 使用聲明事項 of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from portal.cases import kinds
from portal.cases.reasons.grounds import seed as seed_grounds
from portal.cms.seeding import add_page
from portal.cms.snippets import publish_new
from portal.editorial.declaration import Declaration
from portal.home.models import StandardPage
from portal.review.models import ReasonTemplate
from portal.student_entry.seed import seed_category_page

from .category import CHINA_STUDENT
from .models import ChinaStudentPage
from .reasons import REJECT_REASONS
from .seed_content import CONTENT
from .seed_declaration import DECLARATION


def seed() -> None:
    """陸生自行申請線上申辦系統說明頁 at /student/entry/china-student/, and what a student accepts before applying."""
    seed_category_page({code: ChinaStudentPage(**words.fields()) for code, words in CONTENT.items()})
    seed_leaving_page()
    seed_declaration()
    seed_reasons()
    seed_grounds(REJECT_REASONS, kinds=[kind.key for kind in kinds.of_category(CHINA_STUDENT.slug)])


def seed_leaving_page() -> None:
    """「休學、退學、畢業時」 below the 說明頁."""
    page = ChinaStudentPage.objects.get(locale__language_code="zh-hant")
    if not page.get_children().exists():
        add_page(page, {code: StandardPage(**words.leaving.fields()) for code, words in CONTENT.items()})


def seed_declaration() -> None:
    """使用聲明事項, as version 1."""
    if not Declaration.objects.filter(category=CHINA_STUDENT.slug).exists():
        publish_new(Declaration(category=CHINA_STUDENT.slug, **DECLARATION))


# 退補事由範本: name, text, where it is pinned.
REASONS = (
    ("照片不合規格", "照片不合規格，請重新上傳最近二年內、白色背景、頭部清晰之近照。", "upload-photo"),
    ("在學證明不清楚或逾期", "在學證明不清楚或已逾一個月，請上傳最近一個月內、內容清晰之在學證明。", "upload-enrolment"),
    ("通行證缺頁或不清楚", "大陸居民往來台灣通行證請上傳正反面，內容須清晰可辨。", "upload-travel-document"),
    ("身分證缺頁或不清楚", "大陸居民身分證請上傳正反面，內容須清晰可辨。", "upload-person-id"),
    ("健檢證明不符", "請上傳由衛生福利部指定醫院出具之健康檢查合格證明（乙表）。", "upload-health"),
    ("姓名與證件不同", "中、英文姓名與證件所載不同，請更正，或檢附姓名變更之證明文件。", "chinese_name"),
    ("在臺地址不完整", "在臺地址不完整，請填寫至門牌號、樓、室。", "number"),
    ("職務聲明不完整", "曾任或現任黨政軍職務者，請填寫機關、職務及任職期間。", "party_post"),
)


def seed_reasons() -> None:
    """退補事由範本 that officers begin with."""
    if not ReasonTemplate.objects.exists():
        for name, text, on in REASONS:
            publish_new(ReasonTemplate(name=name, text=text, on=on))
