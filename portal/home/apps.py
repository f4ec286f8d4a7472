from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "portal.home"
    label = "portal_home"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "首頁"
