from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "portal.forms"
    label = "portal_forms"  # "forms" is django.forms', whose templates our renderer inherits
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "線上申辦"

    def ready(self) -> None:
        """Editors may word the reminder of a draft."""
        from . import purging  # noqa: F401
