"""The 說明頁 of 港澳僑生."""

from portal.student_entry.models import CategoryPage

from .category import HK_MACAU_STUDENT


class HkMacauStudentPage(CategoryPage):
    """港澳僑生自行申請線上申辦系統說明頁."""

    category_slug = HK_MACAU_STUDENT.slug

    class Meta:
        verbose_name = "港澳僑生說明頁"
