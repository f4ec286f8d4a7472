from django.apps import AppConfig


class SandbankConfig(AppConfig):
    name = "portal.sandbank"
    label = "portal_sandbank"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "模擬銀行"
