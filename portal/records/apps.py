from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "portal_records"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "署內資料"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # registers it
