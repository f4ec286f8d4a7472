"""Finds English on a screen that should speak Traditional Chinese: `english_in(html)`, `english_in_catalog(script)`."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString, Script, Stylesheet

# The Latin words that a reader of Chinese expects.
ALLOWED = frozenset(
    [
        # Products and techniques that have no Chinese name.
        *["Wagtail", "Email", "JavaScript", "HTML", "URL", "API", "JSON"],
        # Formats and units of files.
        *["PDF", "CSV", "XLSX", "TSV", "AVIF", "GIF", "JPG", "JPEG", "PNG", "SVG", "WEBP", "BMP", "MB", "KB"],
        *["HEIC", "HEIF", "HIF"],
        # Keys of the keyboard.
        *["Enter", "Esc", "Ctrl", "Shift", "Alt", "Mod", "Cmd"],
        # A language tells its own name.
        "English",
    ]
)
# Not shown: a counter without a count, the unnamed submit button beside the search field of a chooser's head, and a button
# of the date picker that Wagtail does not use.
UNSEEN = "[data-side-panel-toggle-counter][hidden], [role=search] .submit.w-sr-only, .xdsoft_save_selected"
SHOWN = {"title", "placeholder", "alt", "label", "aria-label", "aria-description", "aria-roledescription", "aria-placeholder"}

WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
# Amounts, addresses, file names, user names with a figure, versions, tags, and what a template or a script puts a value into.
CODE = re.compile(r"NT\$\s|</?\w[^>]*>|%\(\w+\)[sd]|\{\w*\}|[\w%?&~:-]*[/@_.#=0-9][\w%?&~:/@.#=+,-]*", re.ASCII)
# In the scripts' data a text is what begins as a sentence does, or has Chinese in it; the rest are names of things.
SENTENCE = re.compile(r"[A-Z][a-z’']+(?:[ ,.:!?…].*)?|[a-z]+(?: [a-z]+)+", re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def english_in(html: str, data: Iterable[str] = ()) -> list[str]:
    """Each text that a reader of the page sees or hears with an English word in it; `data` may be English."""
    soup = BeautifulSoup(html, "lxml")
    for tag in soup.select(UNSEEN):
        tag.decompose()
    return [text for text in dict.fromkeys(_texts(soup)) if is_english(text, data)]


def english_in_catalog(script: str) -> list[str]:
    """The same for what Django's JavaScriptCatalog hands to the scripts."""
    catalog = json.loads(re.search(r"const newcatalog = (\{.*?\});\n", script, re.DOTALL)[1])  # type: ignore[index]
    return [text for text in texts_in(catalog) if is_english(text)]


def in_chinese(texts: Iterable[str]) -> Iterator[str]:
    """Those that have Chinese in them: what they say in Latin emails is their author's choice."""
    return filter(CHINESE.search, texts)


def is_english(text: str, data: Iterable[str] = ()) -> bool:
    """Whether there is a word that is neither expected nor part of the data."""
    if not _has_english_word(text):
        return False
    for known in sorted(data, key=len, reverse=True):
        text = text.replace(known, " ")
    return _has_english_word(text)


def _has_english_word(text: str) -> bool:
    return any(len(word) > 1 and word not in ALLOWED for word in WORD.findall(CODE.sub(" ", text)))


def _texts(soup: BeautifulSoup) -> Iterator[str]:
    for node in soup.descendants:
        if isinstance(node, Tag):
            yield from _attributes(node)
            if node.name == "script" and "json" in str(node.get("type", "")):
                yield from filter(_is_text, texts_in(json.loads(node.string or "null")))
        elif _is_read(node):
            yield " ".join(node.split())


def _is_read(node: Any) -> bool:
    """Text of the page: no comment, no code, nothing that says of itself that it is English."""
    if not isinstance(node, NavigableString) or isinstance(node, (PreformattedString, Script, Stylesheet)):
        return False
    return bool(node.strip()) and not node.find_parent(lang="en")


def _attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        if not isinstance(value, str):
            continue
        if name in SHOWN or (name == "value" and tag.name == "input" and tag.get("type") in {"submit", "button", "reset"}):
            yield value
        elif name.startswith("data-"):
            yield from filter(_is_text, texts_in(value))


def texts_in(value: Any) -> Iterator[str]:
    """Every string in there; JSON and markup in a string are taken apart."""
    if isinstance(value, str):
        if value.startswith(("{", "[")) and (parsed := _parsed(value)):
            yield from texts_in(parsed)
        elif "<" in value:
            yield from _texts(BeautifulSoup(value, "lxml"))
        else:
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def _is_text(string: str) -> bool:
    return bool(SENTENCE.fullmatch(string) or CHINESE.search(string)) and string != "None"  # a limit that is not set
