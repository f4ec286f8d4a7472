from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "portal.editorial"
    label = "portal_editorial"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "公告與引導文字"

    def ready(self) -> None:
        from . import receivers  # noqa: F401  # connects it
