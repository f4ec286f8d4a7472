"""docs/manual-map.md tells the truth: its addresses resolve to the views it names, and its tests are there."""

import re

import pytest
from django.test import Client
from django.urls import resolve

from tests.worlds import seed_pages

from .access_table import ACCESS
from .source import ROOT
from .test_access import SAMPLES

MAP = (ROOT / "docs/manual-map.md").read_text()
CHAPTERS = [line for line in MAP.splitlines() if line.startswith("| ")][1:]
BODY = MAP[MAP.index("|---") :]
QUOTED = re.compile(r"`([^`]+)`")


def filled(address: str) -> str:
    path = address.replace("…", "/china-student/individual").partition("?")[0]
    return re.sub(r"<(\w+)>", lambda hole: SAMPLES[hole[1]], path)


def addresses(text: str) -> list[str]:
    return [filled(word) for word in QUOTED.findall(text) if word.startswith(("/", "…/"))]


def test_every_chapter_of_the_manual_has_a_row() -> None:
    chapters = [row.split("|")[1].strip() for row in CHAPTERS]
    assert {chapter.split(" ")[0] for chapter in chapters} >= {*map(str, range(1, 12)), "二(一)", "二(二)", "三"}


@pytest.mark.parametrize("row", CHAPTERS, ids=lambda row: row.split("|")[1].strip())
def test_an_address_leads_to_the_view_that_the_row_names(row: str) -> None:
    views = {word for word in QUOTED.findall(row) if ":" in word}
    assert views <= ACCESS.keys()
    found = {resolve(address).view_name for address in addresses(row)} - {"wagtail_serve"}
    assert found == views


@pytest.mark.django_db
def test_the_pages_of_the_map_are_there(client: Client) -> None:
    seed_pages()
    pages = [address for address in addresses(BODY) if resolve(address).view_name == "wagtail_serve"]
    assert sorted(pages) == ["/student/entry/", "/student/entry/china-student/", "/student/entry/china-student/leaving/"]
    assert [page for page in pages if client.get(page).status_code != 200] == []


def test_the_tests_of_the_map_are_there() -> None:
    tests = {word for word in QUOTED.findall(MAP) if word.startswith("tests/")}
    assert tests
    assert [test for test in sorted(tests) if not (ROOT / test).exists()] == []


@pytest.mark.parametrize("row", [row for row in CHAPTERS if "to come" not in row], ids=lambda row: row.split("|")[1].strip())
def test_a_chapter_is_there_with_its_tests_or_said_to_come(row: str) -> None:
    assert any(word.startswith(("tests/", "home")) for word in QUOTED.findall(row))
