"""`seed_pages` asks the portal's apps and category packs, wherever they come from, and nobody else's `seed` module."""

import importlib
from pathlib import Path

import pytest
from django.apps import AppConfig

from portal.home.management.commands.seed_pages import is_seeded


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["category.py", "seed.py"], True),  # a pack of another package
        (["category.py"], False),
        (["seed.py"], False),  # the site's own, whatever it is
        ([], False),
    ],
    ids=str,
)
def test_who_is_asked(files: list[str], expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "agency_" + "_".join(["pack", *(file.removesuffix(".py") for file in files)])
    (tmp_path / name).mkdir()
    for file in ["__init__.py", *files]:
        (tmp_path / name / file).touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert is_seeded(AppConfig(name, importlib.import_module(name))) is expected


@pytest.mark.parametrize(
    ("name", "expected"), [("portal.student_entry", True), ("portal.china_student", True), ("portal.mail", False)]
)
def test_of_the_portal_who_has_something_to_lay_out(name: str, expected: bool) -> None:
    assert is_seeded(AppConfig(name, importlib.import_module(name))) is expected
