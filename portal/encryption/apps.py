from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "portal.encryption"
    label = "portal_encryption"
    verbose_name = "加密"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # registers it
