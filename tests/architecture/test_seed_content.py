"""Every page of a fresh site says the same in every language, in that language's own characters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string, module_has_submodule
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

SOURCE, OTHERS = "zh-hant", ["en", "zh-hans"]
PACKAGES = [
    app.name
    for app in apps.get_app_configs()
    if app.name.startswith("portal.") and app.module and module_has_submodule(app.module, "seed_content")
]
CONTENT = {package: import_string(f"{package}.seed_content.CONTENT") for package in PACKAGES}
# What an editor's toolbar offers: headings on 一般頁面 only, which the pack has one of; a category's page has its own.
TOOLBAR = ["bold", "link", "ol", "ul"]
TOOLBARS = {each: TOOLBAR + ["h2", "h3"] * (each in {"portal.home", "portal.china_student"}) for each in PACKAGES}
TAG = re.compile(r"</?[a-z0-9]+")
LINK = re.compile(r'href="([^"]+)"')
IN_BRACKETS = re.compile(r"\([^()]*\)")

every_package = pytest.mark.parametrize("package", PACKAGES)
every_language = pytest.mark.parametrize("language", [SOURCE, *OTHERS])


def texts(words: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(words, str):
        yield words
    elif is_dataclass(words):
        for field in fields(words):
            yield from texts(getattr(words, field.name))
    elif isinstance(words, Mapping):
        for row in words.items():
            yield from texts(row)
    elif isinstance(words, tuple):
        for part in words:
            yield from texts(part)


def outline(words: Any) -> Any:
    """All of it but its sentences: the rows, the amounts, the tags of the rich text."""
    if isinstance(words, str):
        return TAG.findall(words)
    if is_dataclass(words):
        return {field.name: outline(getattr(words, field.name)) for field in fields(words)}
    if isinstance(words, Mapping):
        return [outline(row) for row in words.items()]
    return [outline(part) for part in words] if isinstance(words, tuple) else words


def holds(character: str, encoding: str) -> bool:
    return bool(character.encode(encoding, "ignore"))


def foreign(text: str, language: str) -> list[str]:
    """The characters that do not belong to that language's writing."""
    if language == "en":
        return [character for character in IN_BRACKETS.sub("", text) if character >= "\u2e80"]
    own, other = ("cp950", "gb2312") if language == "zh-hant" else ("gb2312", "cp950")
    return [character for character in text if holds(character, other) and not holds(character, own)]


def test_three_packages_have_words() -> None:
    assert {"portal.home", "portal.student_entry", "portal.china_student"} <= set(PACKAGES)


@every_package
def test_there_are_words_in_every_language_of_the_site(package: str) -> None:
    assert set(CONTENT[package]) == set(dict(settings.LANGUAGES))


@every_package
@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_all_that_the_source_has(package: str, language: str) -> None:
    assert outline(CONTENT[package][language]) == outline(CONTENT[package][SOURCE])


@every_package
@every_language
def test_no_text_is_missing(package: str, language: str) -> None:
    found = list(texts(CONTENT[package][language]))
    assert len(found) > 5
    assert [text for text in found if not text or text != text.strip()] == []


@every_package
@every_language
def test_a_language_is_written_in_its_own_characters(package: str, language: str) -> None:
    assert {text: odd for text in texts(CONTENT[package][language]) if (odd := foreign(text, language))} == {}


@pytest.mark.parametrize(
    ("text", "language", "odd"),
    [
        ("許可证", "zh-hant", ["证"]),
        ("許可證「多次」", "zh-hant", []),
        ("许可證", "zh-hans", ["證"]),
        ("许可证“多次”", "zh-hans", []),
        ("Permit 許", "en", ["許"]),
        ("Permit，", "en", ["，"]),
        ("UI No. (統一證號): “10”", "en", []),
    ],
)
def test_the_check_sees_a_foreign_character(text: str, language: str, odd: list[str]) -> None:
    assert foreign(text, language) == odd


@every_package
@every_language
def test_rich_text_comes_out_of_the_editor_as_it_went_in(package: str, language: str) -> None:
    converter = ContentstateConverter(features=TOOLBARS[package])
    for text in (text for text in texts(CONTENT[package][language]) if "<" in text):
        saved = converter.to_database_format(converter.from_database_format(text))
        assert re.sub(r' data-block-key="\w+"', "", saved) == text


@every_package
@every_language
def test_links_stay_in_the_language_and_lead_outside_only_to_the_law(package: str, language: str) -> None:
    here = "/" if language == SOURCE else f"/{language}/"
    for address in LINK.findall("".join(texts(CONTENT[package][language]))):
        other = [f"/{code}/" for code in OTHERS if code != language]
        assert address.startswith((here, "https://law.moj.gov.tw/"))
        assert not address.startswith(tuple(other))
