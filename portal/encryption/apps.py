from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "portal.encryption"
    label = "portal_encryption"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "加密"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # registers it
