from django.apps import AppConfig


class StudentEntryConfig(AppConfig):
    name = "portal.student_entry"
    verbose_name = "單一入口"
