"""`manage.py seed_pages`: the first pages of a fresh site."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import import_string, module_has_submodule


class Command(BaseCommand):
    """Ask every app that has a `seed` module, in the order of INSTALLED_APPS; what is there already stays as it is."""

    help = "建立網站的第一批頁面；已有的頁面不變。"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for app in apps.get_app_configs():
            if app.name.startswith("portal.") and app.module and module_has_submodule(app.module, "seed"):
                import_string(f"{app.name}.seed.seed")()
        if options["verbosity"]:
            self.stdout.write("頁面已建立。")
