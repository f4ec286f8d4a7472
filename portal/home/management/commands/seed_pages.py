"""`manage.py seed_pages`: the first pages of a fresh site."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import import_string, module_has_submodule


class Command(BaseCommand):
    """Ask every app of the portal that has a `seed` module, in the order of INSTALLED_APPS; what is there already stays."""

    help = "建立網站的第一批頁面；已有的頁面不變。"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for app in apps.get_app_configs():
            if is_seeded(app):
                import_string(f"{app.name}.seed.seed")()
        if options["verbosity"]:
            self.stdout.write("頁面已建立。")


def is_seeded(app: AppConfig) -> bool:
    """Whether it is the portal's, or a category pack of another package, and says what a fresh site begins with."""
    module = app.module
    is_ours = app.name.startswith("portal.") or (module and module_has_submodule(module, "category"))
    return bool(is_ours and module and module_has_submodule(module, "seed"))
