"""Languages in addresses, and strings in their own language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext, trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR as SEPARATOR

from portal.core.languages import front_page, in_language, language_of


@pytest.mark.parametrize(
    ("address", "language"),
    [
        ("/", "zh-hant"),
        ("/en/", "en"),
        ("/zh-hans/student/?a=/en/", "zh-hans"),
        ("/english/", "zh-hant"),
        ("/zh-hant/", "zh-hant"),
    ],
)
def test_an_address_says_its_language(address: str, language: str) -> None:
    assert language_of(address) == language


@pytest.mark.parametrize(
    ("address", "language", "expected"),
    [
        ("/china-student/individual/todo/?tab=extension", "en", "/en/china-student/individual/todo/?tab=extension"),
        ("/en/china-student/individual/login/", "zh-hant", "/china-student/individual/login/"),
        ("/en/student/entry/", "zh-hans", "/zh-hans/student/entry/"),
        ("/healthz/", "en", "/en/"),
        ("/en/no-such-address-at-all", "zh-hant", "/"),
    ],
)
def test_the_same_page_in_another_language(address: str, language: str, expected: str) -> None:
    assert in_language(address, language) == expected


def test_front_pages() -> None:
    assert [front_page(code) for code in ("zh-hant", "en", "zh-hans")] == ["/", "/en/", "/zh-hans/"]


def own_strings() -> list[str]:
    """Those that are translated into English."""
    return [key for key in dict(trans_real.translation("en")._catalog.items()) if isinstance(key, str)]  # type: ignore[attr-defined]


def test_a_string_of_ours_is_found_in_the_first_catalogue_and_says_the_same() -> None:
    source = trans_real.translation("zh-hant")
    strings = [each for each in own_strings() if source.gettext(each) == each]
    assert "申請書各部分" in strings
    assert [each for each in strings if each not in source._catalog] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("language", "string", "expected"),
    [
        ("zh-hant", "必填", "必填"),
        ("en", "必填", "required"),
        ("zh-hans", "申請書各部分", "申请书各部分"),
        ("zh-hant", "Publish", "發布"),  # Wagtail's words keep their translation
        ("zh-hant", "nobody's words", "nobody's words"),
    ],
)
def test_each_language_says_what_it_said(language: str, string: str, expected: str) -> None:
    with translation.override(language):
        assert gettext(string) == expected


def test_a_string_with_a_context_is_said_without_it() -> None:
    contexts = [key for key in own_strings() if SEPARATOR in key]
    with translation.override("zh-hant"):
        assert [pgettext(*key.split(SEPARATOR)) for key in contexts if SEPARATOR in pgettext(*key.split(SEPARATOR))] == []
