from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "portal.demo"
    label = "portal_demo"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "示範系統"
