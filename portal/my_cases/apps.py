from django.apps import AppConfig


class MyCasesConfig(AppConfig):
    name = "portal.my_cases"
    label = "portal_my_cases"
    verbose_name = "我的案件"
