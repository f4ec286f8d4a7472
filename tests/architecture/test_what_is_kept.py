"""docs/security.md, "What is kept, how long", says what the code does: every model, every period, every task."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from wagtail.models import Page

from portal.accounts.purging import CAPTCHA_LIFE

PAGE = Path(settings.ROOT) / "docs" / "security.md"
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
PERIOD = re.compile(r"(\d+) (minute|hour|day)s?[^,;`]*, `(portal\.[\w.]+|django\.conf\.settings\.[A-Z_]+)`")
MODEL = re.compile(r"`(\w+\.[A-Z]\w*)`")


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells."""

    cells: tuple[str, ...]

    @property
    def models(self) -> set[str]:
        return set(MODEL.findall(self.cells[0]))


def table(heading: str) -> list[Row]:
    """The rows of the table under that heading, without its head."""
    section = PAGE.read_text().split(f"\n### {heading}")[1].split("\n### ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [Row(tuple(cell.strip() for cell in line.strip("|").split("|"))) for line in lines[2:]]


GOES, STAYS = table("What goes"), table("What stays")


def test_every_model_is_in_the_table_and_nothing_else_is() -> None:
    named = set().union(*(row.models for row in (*GOES, *STAYS)))
    ours = [model for model in apps.get_models(include_auto_created=True) if not model.__module__.startswith("tests.")]
    lasting = [model for model in ours if model is Page or not issubclass(model, Page)]  # one row says so of every type of page
    models = {model._meta.label for model in lasting if model._meta.managed and not model._meta.proxy}
    if connection.vendor != "sqlite":
        models.add("wagtailsearch.SQLiteFTSIndexEntry")  # there is one on SQLite only
    models.add("wagtailadmin.Admin")
    assert models - named == set(), "models that nobody said how long they are kept"
    assert named - models == set(), "rows without a model"


@pytest.mark.parametrize("row", GOES, ids=lambda row: row.cells[0])
def test_a_row_has_five_cells_and_says_a_period(row: Row) -> None:
    assert len(row.cells) == 5
    assert PERIOD.search(row.cells[3]) or re.match(r"with its draft|1 day at most|each entry says", row.cells[3])


def periods() -> list[Any]:
    return [match.groups() for row in GOES for match in PERIOD.finditer(row.cells[3])]


@pytest.mark.parametrize(("number", "unit", "constant"), periods())
def test_a_period_is_the_codes(number: str, unit: str, constant: str) -> None:
    module, _, name = constant.rpartition(".")
    found = getattr(settings, name) if module == "django.conf.settings" else import_string(constant)
    period = timedelta(seconds=found) if isinstance(found, int) else found
    assert period == int(number) * UNITS[unit]


def test_the_captchas_life_is_its_settings() -> None:
    assert timedelta(minutes=settings.CAPTCHA_TIMEOUT) == CAPTCHA_LIFE


@pytest.mark.parametrize("row", GOES, ids=lambda row: row.cells[0])
def test_what_purges_it_is_on_the_schedule(row: Row) -> None:
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    named = set(re.findall(r"`(portal\.[\w.]+)`", row.cells[4]))
    assert named or row.cells[4] == "the cache itself"
    assert named <= scheduled
    assert named <= current_app.tasks.keys()
