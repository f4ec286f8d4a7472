from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "portal.cms"
    label = "portal_cms"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "內容管理"

    def ready(self) -> None:
        from . import form_fields, receivers  # noqa: F401  # the latter connects them
        from .model_admin import checks  # noqa: F401  # registers them
        from .page_admin import translated_pages  # noqa: F401  # connects them

        form_fields.register()
