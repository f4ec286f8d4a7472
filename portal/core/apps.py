from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "portal_core"
    verbose_name = "共用"

    def ready(self) -> None:
        """Load what packages declare: categories, where editors' words stand, the student's menu."""
        autodiscover_modules("category", "places", "menu")
