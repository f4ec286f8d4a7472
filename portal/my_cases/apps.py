from django.apps import AppConfig


class MyCasesConfig(AppConfig):
    name = "portal.my_cases"
    label = "portal_my_cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "我的案件"
