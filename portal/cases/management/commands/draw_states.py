"""manage.py draw_states"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.cases.management.drawing import page


class Command(BaseCommand):
    """Write docs/states.md anew, in the checkout that it is called in, after the table of states.py changed."""

    help = "Draw the table of states into docs/states.md."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Path("docs/states.md").write_text(page(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}; call it in the folder of a checkout") from None
