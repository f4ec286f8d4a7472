"""Languages in addresses."""

import pytest

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
