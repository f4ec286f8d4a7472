"""The 說明頁 of 陸生."""

from portal.student_entry.models import CategoryPage

from .category import CHINA_STUDENT


class ChinaStudentPage(CategoryPage):
    """陸生自行申請線上申辦系統說明頁."""

    category_slug = CHINA_STUDENT.slug

    class Meta:
        verbose_name = "大陸學生說明頁"
