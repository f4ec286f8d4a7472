"""Which characters a paper shows, which of a text nobody sees, and how they are named."""

import subprocess
import sys

import pytest

from portal.fields.typed import visible
from portal.pdf import characters
from portal.pdf.characters import characters_of, described, missing_families, spelled_out, undrawable


@pytest.mark.parametrize(
    "text",
    [
        "資訊工程學系",
        "歐陽䶮",
        "張𠅤",
        "阿不都熱依木·買買提",
        "Résumé (B.Sc.), 2026/11/23 – №",
        "Ａ１　ｱ한글ㄅ",
        "e\u0301",
        "①㈱",
        "",
    ],
)
def test_what_a_font_of_ours_has_is_drawn(text: str) -> None:
    assert undrawable(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("資訊😀工程😀系\ue000", ["😀", "\ue000"]),
        ("\U0010fffd", ["\U0010fffd"]),
        ("\u0378", ["\u0378"]),  # not assigned
        ("🀄🇹🇼", ["🀄", "🇹", "🇼"]),
        ("شريف", ["ش", "ر", "ي", "ف"]),
        ("e\u0301\u0300\u0304\u0307", ["\u0304", "\u0307"]),  # a heap of marks runs into other lines
        ("א", ["א"]),  # HanaMinA has it: a line that turns round is refused all the same
        ("資訊\u202e系程工", ["\u202e"]),
        ("\u200f\u2067a\u2069", ["\u200f", "\u2067", "\u2069"]),
        ("a\x07\x9c\x0c\u2028\U0001bca0", ["\x07", "\x9c", "\x0c", "\u2028", "\U0001bca0"]),  # boxes, where they are drawn
    ],
)
def test_what_no_paper_shows_is_listed_once_in_order(text: str, missing: list[str]) -> None:
    assert undrawable(text) == missing


def test_characters_that_draw_nothing_are_not_missed() -> None:
    assert undrawable("王\u200b小\u00ad明\ufe00\U000e0100 \u3000\u00a0\t\r\n\ufeff") == []


def test_a_family_that_is_not_installed_has_no_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    assert characters_of("No Such Font") == frozenset()
    assert missing_families() == []
    monkeypatch.setenv("PATH", "/nowhere")  # not even fontconfig is
    assert missing_families() == list(characters.FAMILIES)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("😀", "😀（U+1F600）"),
        ("\u202e\ue000", "U+202E、U+E000"),
        ("א", "U+05D0"),
        ("㐀㐁㐂㐃㐄", "㐀（U+3400）、㐁（U+3401）、㐂（U+3402）、㐃（U+3403）、㐄（U+3404）"),
        ("㐀㐁㐂㐃㐄㐅", "㐀（U+3400）、㐁（U+3401）、㐂（U+3402）、㐃（U+3403）、㐄（U+3404）…"),
    ],
)
def test_characters_are_named_with_their_code_points(found: str, said: str) -> None:
    assert described(list(found)) == said


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("資訊工程學系 (B.Sc.)", "資訊工程學系 (B.Sc.)"),
        ("資訊\u202e系程工\u202c", "資訊系程工"),
        ("\ufeff王\u200b小\u00ad明\x00\x07", "王小明"),
        ("\u3164\u2800\u115f", ""),
        ("a\u2028b\x0bc\x85d", "a b c d"),
        ("第一行\r\n\t第二行", "第一行\r\n\t第二行"),
        ("葛\U000e0100城", "葛\U000e0100城"),  # the form of the character that is on the card
        ("\U000e0100☎\ufe0f a\ufe0f", "☎ a"),
        ("全形　空白", "全形　空白"),
        ("王\ue000", "王\ue000"),  # somebody's character: to be refused by name, not lost
    ],
)
def test_what_nobody_sees_is_left_out(typed: str, kept: str) -> None:
    assert visible(typed) == kept


def test_asking_loads_no_weasyprint() -> None:
    source = "import sys; from portal.pdf.characters import undrawable; undrawable('王'); print('weasyprint' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert asked.stdout == "False\n"


def test_spelling_out_leaves_what_a_paper_shows() -> None:
    assert spelled_out("我的照片😀(1)\u202egpj.jpg") == "我的照片（U+1F600）(1)（U+202E）gpj.jpg"
