"""The 說明頁 of 交換學生."""

from portal.student_entry.models import CategoryPage

from .category import EXCHANGE_STUDENT


class ExchangeStudentPage(CategoryPage):
    """What editors write for 交換學生."""

    category_slug = EXCHANGE_STUDENT.slug

    class Meta:
        verbose_name = "交換學生說明頁"
