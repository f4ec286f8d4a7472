from django.apps import AppConfig


class SandbankConfig(AppConfig):
    name = "portal.sandbank"
    label = "portal_sandbank"
    verbose_name = "模擬銀行"
