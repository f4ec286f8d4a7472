"""docs/words.md is what people read: one word a thing in each language, the manual's own words, and each language's own signs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.editorial.seed_announcement import ANNOUNCEMENT
from portal.editorial.seed_guidance import GUIDANCE

from .source import ROOT
from .test_seed_content import CONTENT, foreign, texts

PAGE = (ROOT / "docs" / "words.md").read_text()
CHOSEN, TITLES, REPLACED, _SIGNS = re.split(r"^## ", PAGE, flags=re.M)[1:]
CATALOGS = {"English": ("en", "en"), "简体中文": ("zh_Hans", "zh-hans")}
# One entry of a catalogue: a string may stand in several lines, and have a plural.
STRING = r'((?:".*"\n)+)'
ENTRY = re.compile(rf"^msgid {STRING}(?:msgid_plural {STRING})?((?:msgstr(?:\[\d\])? {STRING})+)", re.M)
SAID = re.compile(rf"^msgstr(?:\[\d\])? {STRING}", re.M)
# What is called by its name. Browsers have a 「上一頁」 of their own.
QUOTED = re.compile("「([^」]+)」|【([^】]+)】")
THE_BROWSERS = frozenset({"上一頁"})
ENDINGS = {"（西元）": {"English": "(Gregorian calendar)", "简体中文": "（公历）"}}
TAG = re.compile(r"<[^>]*>")
FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
IN_BRACKETS = re.compile(r"\([^()]*\)")
# Of a template: what is not shown as it stands there, or says that it is Chinese.
LOGIC = re.compile(
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}"
    r'|<span lang="zh-Hant-TW">[^<]*</span>',
    re.S,
)
IN_A_STRING = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.S)
OPENING = re.compile(r"<([a-z0-9]+)((?:[^<>{]|{%.*?%}|{{.*?}})*)>(?={{\s*([\w.]*))?")
# What is nobody's to translate: how an element is marked, and what stands in it.
MARKED = re.compile(r'class="[^"]*\b(?:number|account-name)\b')
NAMED = re.compile(r"(?:chinese_name|student_name|case\.name|case\.school|file\.name|original_name)$")
HAN = re.compile(r"[\u4e00-\u9fff]")
# What staff read is in Chinese, and so are papers, some with English beside it.
STAFFS = ("review/", "staff/", "records/", "overview/", "office_calendar/", "payments/cashier/", "mail/staff_")
PAPERS = (
    "china_student/permit",
    "downloads/foot",
    "downloads/permit_base",
    "downloads/proof",
    "downloads/receipt.",
    "payments/slip.",
    "mail/previews/placeholders",
)


def rows(table: str) -> list[list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")]
    return cells[2:]


def catalog(language: str) -> dict[str, str]:
    """Every string of ours with its translation; with all of them where the number decides."""
    found = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text().removesuffix("\n") + "\n"
    entries = ((_string(entry[1]), "\n".join(map(_string, SAID.findall(entry[3])))) for entry in ENTRY.finditer(found))
    return {source: said for source, said in entries if source}


def _string(lines: str) -> str:
    return "".join(map(ast.literal_eval, lines.splitlines()))


def written(language: str) -> Iterator[str]:
    """Every text in a language that is not the source: of the catalogue, and of a fresh site."""
    folder, code = CATALOGS[language]
    yield from catalog(folder).values()
    for content in CONTENT.values():
        yield from texts(content[code])
    for said in GUIDANCE.values():
        yield from texts(getattr(said, folder.lower()))
    yield from (ANNOUNCEMENT[f"title_{folder.lower()}"], ANNOUNCEMENT[f"text_{folder.lower()}"])


def translations(language: str) -> Iterator[tuple[str, str]]:
    """Every text in 正體中文 with what it is in that language; the texts of a fresh site's pages as one for each package."""
    folder, code = CATALOGS[language]
    yield from catalog(folder).items()
    for content in CONTENT.values():
        yield "\n".join(texts(content["zh-hant"])), "\n".join(texts(content[code]))
    for said in GUIDANCE.values():
        yield "\n".join(texts(said.zh_hant)), "\n".join(texts(getattr(said, folder.lower())))


def misnamed(source: str, said: str, names: dict[str, str]) -> list[str]:
    """The things that a text calls by their names, and its translation by others."""
    called = {one or other for one, other in QUOTED.findall(source)} & names.keys() - THE_BROWSERS
    return sorted(name for name in called if names[name].casefold() not in said.casefold())


def sources() -> Iterator[str]:
    """Every file that has texts in 正體中文."""
    for folder in ("portal", "templates"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path.read_text()


def holds(text: str, word: str) -> bool:
    """Whether that word is in the text; an English word is a whole one, in lower or upper case."""
    if HAN.search(word):
        return word in text
    return re.search(rf"(?<![\w%({{-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None


@pytest.mark.parametrize(("source", "english", "simplified"), rows(CHOSEN), ids=lambda word: word)
def test_a_thing_has_one_word_in_each_language(source: str, english: str, simplified: str) -> None:
    assert (catalog("en")[source].casefold(), catalog("zh_Hans")[source]) == (english.casefold(), simplified)


@pytest.mark.parametrize("title", re.findall(r"^- (.+)$", TITLES, re.M))
def test_a_title_a_label_or_a_message_stands_as_in_the_manual(title: str) -> None:
    assert any(f'"{title}"' in text for text in sources())


@pytest.mark.parametrize(
    ("language", "word"), [(language, word) for language, words, _but in rows(REPLACED) for word in words.split(", ")]
)
def test_a_word_that_was_not_chosen_is_nowhere(language: str, word: str) -> None:
    found = written(language) if language in CATALOGS else sources()
    assert [text[:200] for text in found if holds(text, word)] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_what_is_called_by_its_name_is_called_so_in_the_translation(language: str) -> None:
    names = catalog(CATALOGS[language][0])
    found = {said[:200]: odd for source, said in translations(language) if (odd := misnamed(source, said, names))}
    assert found == {}


@pytest.mark.parametrize("language", CATALOGS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_label_says_in_brackets_is_in_its_translation(ending: str, language: str) -> None:
    labels = [said for source, said in catalog(CATALOGS[language][0]).items() if source.endswith(ending)]
    assert labels
    assert [said for said in labels if not said.endswith(ENDINGS[ending][language])] == []


@pytest.mark.parametrize(("language", "code"), [(None, "zh-hant"), ("zh_Hans", "zh-hans")])
def test_a_string_is_written_in_the_characters_of_its_language(language: str | None, code: str) -> None:
    found = catalog(language).values() if language else catalog("en")
    assert {text: odd for text in found if (odd := HAN.findall("".join(foreign(text, code))))} == {}


def test_english_has_its_own_signs() -> None:
    for text in written("English"):
        assert not FULL_WIDTH.search(IN_BRACKETS.sub("", text)), text
        assert not {'"', "'"} & set(TAG.sub("", text)), text


def test_simplified_chinese_has_its_own_quotes() -> None:
    assert [text for text in written("简体中文") if re.search("[「」『』]", text)] == []


def shown_templates() -> list[Path]:
    """What students and visitors see, each in the language of the page."""
    folder = ROOT / "templates" / "portal"
    return sorted(path for path in folder.rglob("*.*") if not str(path.relative_to(folder)).startswith(STAFFS + PAPERS))


@pytest.mark.parametrize("path", shown_templates(), ids=lambda path: str(path.relative_to(ROOT / "templates" / "portal")))
def test_no_template_writes_a_sign_of_full_width_that_nobody_translates(path: Path) -> None:
    assert FULL_WIDTH.findall(LOGIC.sub("", path.read_text())) == []


@pytest.mark.parametrize("path", shown_templates(), ids=lambda path: str(path.relative_to(ROOT / "templates" / "portal")))
def test_no_template_writes_chinese_that_nobody_translates_or_that_is_not_marked(path: Path) -> None:
    assert HAN.findall(LOGIC.sub("", path.read_text())) == []


def bare(template: str) -> list[str]:
    """The elements with a name, a number or a date that a browser would translate."""
    opened = OPENING.finditer(IN_A_STRING.sub("", template))
    kept = (tag for tag in opened if tag[1] == "time" or MARKED.search(tag[2]) or NAMED.search(tag[3] or ""))
    return [tag[0] for tag in kept if 'translate="no"' not in tag[2]]


@pytest.mark.parametrize("path", shown_templates(), ids=lambda path: str(path.relative_to(ROOT / "templates" / "portal")))
def test_names_numbers_and_dates_are_left_as_they_are(path: Path) -> None:
    assert bare(path.read_text()) == []


def test_the_tests_see_what_they_look_for() -> None:
    assert len(shown_templates()) > 100
    assert [holds("We e-mail you", "email"), holds("%(email)s", "email"), holds("An Email is sent", "email")] == [
        False,
        False,
        True,
    ]
    assert misnamed("請按「儲存」、【送出】", "Press “SAVE” or “Send”", {"儲存": "Save", "送出": "Submit"}) == ["送出"]
    assert {"最多 %(most)s 個檔案，還可上傳 %(room)s 個。", "已上傳 {name}"} <= catalog("en").keys()
    assert FULL_WIDTH.findall(LOGIC.sub("", '{% translate "：" %}：{{ a }}')) == ["："]
    assert bare('<dd class="number">{{ a }}</dd><dd>{{ case.name }}</dd><time translate="no">{{ b }}</time>') == [
        '<dd class="number">',
        "<dd>",
    ]
