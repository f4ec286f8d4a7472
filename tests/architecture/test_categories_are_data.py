"""Shared code names no category of students and no kind of application: another one comes by adding one folder, or one module."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cases import kinds

from .source import ROOT

PACKS = {"china_student", "hk_macau_student"}
FOLDERS, TEXTS = ("portal", "templates", "static"), {".py", ".html", ".txt", ".css", ".js", ".svg", ".csv", ".json"}
# Words of a category: its name, its people, their papers, their types of permit. 「多次。」 ends a sentence: many times.
WORDS = re.compile(r"陸生|大陸|港澳|僑生|通行證|單次|多次(?!。)|china|mainland|hk[_-]macau|travel_document", re.IGNORECASE)
# What seeds a site writes for its categories, and so does the demonstration: its people, and samples of every component.
SITE_TEXTS = re.compile(r"(seed|demo).*|component_samples\.py")
SCHOOLS = re.compile(r"China (Medical University|University of (Science and )?Technology)")  # in Taiwan
CODES = [kind.code for kind in kinds.all_kinds() if type(kind).__module__.startswith("portal.")]
INSTALLED = re.compile(r'"portal\.(china_student|hk_macau_student)"')  # settings list what is installed


def shared(root: Path) -> Iterator[Path]:
    """Every text that belongs to no category: code, templates, e-mails, style and script."""
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in TEXTS):
        parts = path.relative_to(root).parts
        if not {*PACKS, "migrations"} & set(parts) and not any(map(SITE_TEXTS.fullmatch, parts)):
            yield path


def named(root: Path) -> list[str]:
    """Where a category is named: file, line and word."""
    found = []
    for path in shared(root):
        is_settings = "settings" in path.parts
        for number, line in enumerate(SCHOOLS.sub("", path.read_text()).splitlines(), 1):
            words = WORDS.findall(INSTALLED.sub("", line) if is_settings else line)
            found += [f"{path.relative_to(root)}:{number} {word}" for word in words]
    return found


def naming_a_kind(root: Path) -> list[str]:
    """Where the code of a kind stands, as a string or in an address: file and code."""
    code = re.compile(rf"(?<=[\"'/])({'|'.join(CODES)})(?=[\"'/])")
    texts = {path: path.read_text().replace("/pdfa/ns/extension/", "") for path in shared(root)}  # a name of PDF/A's
    return [f"{path.relative_to(root)} {found}" for path, text in texts.items() for found in code.findall(text)]


def test_no_kind_of_application_is_named_in_what_is_shared() -> None:
    assert naming_a_kind(ROOT) == []


@pytest.mark.parametrize(
    ("file", "text", "kind"),
    [
        ("portal/forms/wizard.py", 'if kind.code == "extension":', "extension"),
        ("portal/review/views.py", "FREE = {'data-change'}", "data-change"),
        ("templates/portal/my_cases/todo.html", '<a href="/apply/multiple-entry/">', "multiple-entry"),
    ],
)
def test_the_guard_sees_a_planted_kind(tmp_path: Path, file: str, text: str, kind: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert naming_a_kind(tmp_path) == [f"{file} {kind}"]


def test_no_category_is_named_in_what_is_shared() -> None:
    assert len(list(shared(ROOT))) > 300
    assert named(ROOT) == []


@pytest.mark.parametrize(
    ("file", "text", "word"),
    [
        ("portal/cases/kinds.py", '"""The kinds of 陸生."""', "陸生"),
        ("portal/cases/kinds.py", "MONTHS = 24  # of 多次證", "多次"),
        ("portal/records/models.py", "travel_document_no = models.CharField()", "travel_document"),
        ("portal/records/models.py", 'label = _("大陸居民往來台灣通行證號")', "大陸"),
        ("portal/settings/base.py", 'CATEGORY = "china-student"', "china"),
        ("templates/downloads/permit_base.html", "<h1>Republic of China</h1>", "China"),
        ("templates/mail/activation.txt", "單次入出境許可證", "單次"),
        ("portal/records/data/schools.csv", "9001,新學校,臺北市,University of China", "China"),
        ("static/portal.css", "/* only for Mainland students */", "Mainland"),
    ],
)
def test_the_guard_sees_a_planted_word(tmp_path: Path, file: str, text: str, word: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(f"\n{text}\n")
    assert named(tmp_path)[0] == f"{file}:2 {word}"


def test_the_guard_passes_over_packs_seeds_and_the_demonstration(tmp_path: Path) -> None:
    for file in (
        "portal/china_student/category.py",
        "templates/china_student/permit.html",
        "portal/home/seed_content/en.py",
        "portal/demo/people.py",
        "portal/demo/component_samples.py",
    ):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("陸生")
    settings = tmp_path / "portal/settings/base.py"
    settings.parent.mkdir()
    settings.write_text('OUR_APPS = ["portal.china_student"]')
    assert named(tmp_path) == []
