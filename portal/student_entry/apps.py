from django.apps import AppConfig
from django.core import checks


class StudentEntryConfig(AppConfig):
    name = "portal.student_entry"
    label = "portal_student_entry"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "單一入口"

    def ready(self) -> None:
        from .checks import one_page_for_each_category

        checks.register(one_page_for_each_category)
