"""manage.py draw_states"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.cases.management.drawing import page


class Command(BaseCommand):
    """Write docs/states.md anew, in the checkout that it is called in, after the table of states.py changed."""

    help = "Draw the table of states into docs/states.md."

    def handle(self, *args: Any, **options: Any) -> None:
        Path("docs/states.md").write_text(page(), encoding="utf-8")
