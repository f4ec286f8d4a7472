"""docs/states.md is drawn from the table."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.cases.management.drawing import page


def test_the_page_is_up_to_date() -> None:
    drawn = (settings.ROOT / "docs/states.md").read_text(encoding="utf-8")
    assert drawn == page(), "run manage.py draw_states"


def test_the_page_shows_each_edge() -> None:
    assert "    submitted --> in_review: 開始審核\n" in page()
    assert "    [*] --> submitted: 送件\n" in page()
    assert "| `settle` 繳費完成 | `awaiting_payment` `lapsed` | `completed` | system |\n" in page()
    assert "| `awaiting_payment` | 核准待繳費 | 已核准，請繳費 |\n" in page()


def test_it_is_drawn_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=r"docs/states.md: No such file or directory; call it in the folder of a checkout"):
        call_command("draw_states")
