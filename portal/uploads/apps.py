from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "portal.uploads"
    label = "portal_uploads"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "上傳檔案"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # registers them
