from django.apps import AppConfig


class HkMacauStudentConfig(AppConfig):
    name = "portal.hk_macau_student"
    label = "portal_hk_macau_student"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "港澳僑生"
