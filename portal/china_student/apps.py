from django.apps import AppConfig


class ChinaStudentConfig(AppConfig):
    name = "portal.china_student"
    label = "portal_china_student"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "大陸學生"
