from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "portal.overview"
    label = "portal_overview"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "系統狀態"
