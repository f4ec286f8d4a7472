"""docs/manual-map.md tells the truth: it has every figure, every step and every page of a student; its addresses resolve to the
views it names, and its tests are there."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import resolve

from portal.cases import kinds
from portal.forms.wizard import STEP_FORMS
from tests import people
from tests.worlds import seed_pages

from .access_table import ACCESS, STUDENT
from .source import ROOT
from .test_access import SAMPLES

MAP = (ROOT / "docs/manual-map.md").read_text()
CHAPTERS = [line for line in MAP.splitlines() if line.startswith("| ")][1:]
BODY = MAP[MAP.index("|---") :]
HOLES = {**SAMPLES, "id": str(uuid.UUID(int=4))}
FIGURES = range(3, 86)  # the first two are drawings of how parts and steps hang together
QUOTED = re.compile(r"`([^`]+)`")


def filled(address: str) -> str:
    path = address.replace("…", "/china-student/individual").partition("?")[0]
    return re.sub(r"<(\w+)>", lambda hole: HOLES[hole[1]], path)


def addresses(text: str) -> list[str]:
    return [filled(word) for word in QUOTED.findall(text) if word.startswith(("/", "…/"))]


def test_every_chapter_of_the_manual_has_a_row() -> None:
    chapters = [row.split("|")[1].strip() for row in CHAPTERS]
    assert {chapter.split(" ")[0] for chapter in chapters} >= {*map(str, range(1, 12)), "二(一)", "二(二)", "三"}


def test_every_figure_of_the_manual_has_a_row() -> None:
    spans = [span.split("-") for row in CHAPTERS for span in row.split("|")[2].strip().split(", ") if span]
    assert {number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)} == set(FIGURES)


def test_every_step_of_every_application_is_there() -> None:
    listed = set(QUOTED.findall(BODY))
    for kind in kinds.of_category(people.CATEGORY):
        steps = {f"…/apply/{kind.code}/<token>/{step}/" for step in [*dict(STEP_FORMS), "sent"]}
        assert {f"…/apply/{kind.code}/", *steps} <= listed


def test_every_page_of_a_student_is_there() -> None:
    named = {word for word in QUOTED.findall(MAP) if ":" in word} | {resolve(address).view_name for address in addresses(BODY)}
    assert {view for view, access in ACCESS.items() if access == STUDENT} - named == set()


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


def test_the_files_of_the_map_are_there() -> None:
    files = {word for word in QUOTED.findall(MAP) if word.startswith(("tests/", "portal/"))}
    assert files
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("row", CHAPTERS, ids=lambda row: row.split("|")[1].strip())
def test_a_chapter_has_its_tests(row: str) -> None:
    assert any(word.startswith("tests/") for word in QUOTED.findall(row))
