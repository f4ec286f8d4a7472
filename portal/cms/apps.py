from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "portal.cms"
    label = "portal_cms"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "內容管理"

    def ready(self) -> None:
        from . import model_admin_checks, receivers  # noqa: F401  # registers and connects them
