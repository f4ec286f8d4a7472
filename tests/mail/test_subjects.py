"""Every email says in its subject whose it is, in one way: the outbox puts the name before it, no template does."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "portal" / "mail"
NAME = "學生線上申辦系統"
PARTS = {"helpline.txt"}
TEMPLATES = sorted(path for path in FOLDER.glob("*.txt") if path.name not in PARTS)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_leaves_the_name_to_the_outbox(path: Path) -> None:
    about, separator, body = path.read_text().partition("\n")
    assert (NAME in about, separator, bool(body.strip())) == (False, "\n", True)


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 30
