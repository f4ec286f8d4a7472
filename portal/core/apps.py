from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "portal.core"
    verbose_name = "共用"

    def ready(self) -> None:
        """Load every category pack: `category` registers the category, `kinds` its kinds of application."""
        from . import encryption_checks, receivers, records_checks  # noqa: F401  # registers and connects them

        autodiscover_modules("category", "kinds")
