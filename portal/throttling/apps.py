from django.apps import AppConfig


class ThrottlingConfig(AppConfig):
    name = "portal.throttling"
    label = "portal_throttling"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "用量限制"
