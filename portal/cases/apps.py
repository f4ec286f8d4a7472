from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "portal.cases"
    label = "portal_cases"
    verbose_name = "案件"
