from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from .site import defaults


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "portal_core"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "共用"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Before any model is loaded, each setting of ours that the site does not name has its default."""
        super().__init__(*args, **kwargs)
        defaults.fill_in(settings)

    def ready(self) -> None:
        """Load what packages declare: categories, where editors' words stand, the student's menu."""
        from . import languages, workers
        from .site import checks, content_types  # noqa: F401  # checks register themselves

        content_types.install()
        workers.listen()
        languages.find_own_words_at_once()

        autodiscover_modules("category", "places", "menu")
