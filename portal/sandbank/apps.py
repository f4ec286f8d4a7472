from django.apps import AppConfig


class SandbankConfig(AppConfig):
    name = "portal.sandbank"
    verbose_name = "模擬銀行"
