"""docs/glossary.md is what the code says: its names are used, and the words that it replaced are gone."""

import re
from pathlib import Path

import pytest

from .source import ROOT

PAGE = ROOT / "docs" / "glossary.md"
MANUAL, REPLACED = re.split(r"^## ", PAGE.read_text(), flags=re.M)[1:]
NAME = re.compile(r"`(\w+)`")
# The page itself; what students read in English; and what a word of others means: ast.walk, Wagtail's block, SQL.
READS = {PAGE, Path(__file__)}
OTHERS = re.compile(r"\b(?:ast|os)\.walk\b|block furniture\b|CAPTCHA_LETTER_\w+")
# os.walk's neighbour, the setting of a library, a kind of email that Wagtail's text calls so, the letters of the alphabet.
NAMES_OF_OTHERS = {
    *("walk_packages", "CAPTCHA_LETTER_ROTATION", "admin_letter", "admin_letters"),
    *("test_a_reference_is_at_most_twenty_letters_and_digits", "test_61_each_of_the_four_letters_is_among_the_figures"),
}
FILES = sorted(
    path
    for folder in ("portal", "tests", "docs", "bin", ".ci")
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
    and path.suffix in {".py", ".md", ".sh", ""}
    and path not in READS
    and "seed" not in str(path)
    and "__pycache__" not in path.parts
)


def rows(table: str) -> list[list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")]
    return cells[2:]


def replaced() -> list[str]:
    """Each word of the left column; one that is no name stands there as it is."""
    return [word for left, _right in rows(REPLACED) for word in (NAME.findall(left) or [left])]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every file of ours with what is written in it."""
    files = [*FILES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return {str(path.relative_to(ROOT)): OTHERS.sub("", path.read_text(errors="replace")) for path in files}


def places(word: str, texts: dict[str, str]) -> list[str]:
    """Where that word stands; `told` is not `foretold`, and a name is not its longer neighbour."""
    found = re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)")
    return [f"{name}:{text[: hit.start()].count(chr(10)) + 1}" for name, text in texts.items() for hit in found.finditer(text)]


def parts(name: str) -> set[str]:
    """The words that a name of several words is made of, in lower case."""
    words = {word.lower() for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", name) if word}
    return words if len(words) > 1 else set()


def names_with(words: set[str], texts: dict[str, str]) -> list[str]:
    """The names of the code in which one of these words stands."""
    code = " ".join(text for name, text in texts.items() if name.endswith(".py"))
    return sorted(name for name in set(re.findall(r"[A-Za-z_]\w*", code)) - NAMES_OF_OTHERS if parts(name) & words)


@pytest.mark.parametrize("name", sorted({name for _manual, code, _english in rows(MANUAL) for name in NAME.findall(code)}))
def test_the_codes_name_of_a_term_of_the_manual_is_in_the_code(name: str, texts: dict[str, str]) -> None:
    assert any(place.startswith("portal/") for place in places(name, texts))


@pytest.mark.parametrize("word", replaced())
def test_a_word_that_was_replaced_is_gone(word: str, texts: dict[str, str]) -> None:
    assert places(word, texts) == []


def test_no_name_has_a_word_that_was_replaced(texts: dict[str, str]) -> None:
    assert names_with({word for word in replaced() if re.fullmatch("[a-z]+", word)}, texts) == []


def test_the_test_finds_a_word_within_a_name() -> None:
    source = {"portal/x.py": "find_the_door DoorOf indoor the_doorway door NO_DOOR", "docs/x.md": "at_the_door"}
    assert names_with({"door"}, source) == ["DoorOf", "NO_DOOR", "find_the_door"]


def test_the_test_finds_a_word_that_came_back() -> None:
    assert places("door", {"portal/x.py": "a\n# the staff's door\n"}) == ["portal/x.py:2"]
    assert places("door", {"portal/x.py": "indoor doors door_no x.door"}) == []
