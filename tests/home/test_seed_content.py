"""What the landing page and the standard pages say on a fresh site."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from portal.core.languages import front_page
from portal.home.models import HomePage, SitemapPage, StandardPage
from portal.home.seed_content import CONTENT
from portal.home.seed_content.shape import StandardPageWords, Words
from tests.pages_in_blocks import fits_the_editor
from tests.worlds import seed_pages

every_language = pytest.mark.parametrize("language", CONTENT)


def standard_pages(words: Words) -> list[StandardPageWords]:
    return [words.about, words.privacy, words.accessibility, words.sitemap]


@pytest.mark.django_db
@every_language
def test_an_editor_can_save_the_pages(language: str) -> None:
    words = CONTENT[language]
    fits_the_editor(HomePage(**words.home.fields()))
    assert len(words.entry_button) <= 30
    for page in (words.about, words.privacy, words.accessibility):
        fits_the_editor(StandardPage(**page.fields()))
    fits_the_editor(SitemapPage(**words.sitemap.fields()))


@pytest.mark.django_db
def test_the_pages_of_a_fresh_site_speak_their_language_and_their_links_open(client: Client) -> None:
    seed_pages()
    for language, words in CONTENT.items():
        for page in standard_pages(words):
            text = client.get(f"{front_page(language)}{page.slug}/").content.decode()
            assert f"<h1>{page.title}</h1>" in text
            assert f'<p class="lead">{escape(page.introduction)}</p>' in text
            assert "尚無此語言版本" not in text
            for address in re.findall(r'href="(/[^"]*)"', "".join(page.body)):
                assert client.get(address, follow=True).status_code == 200, address


@every_language
def test_the_addresses_are_the_same_in_every_language(language: str) -> None:
    words = CONTENT[language]
    assert [page.slug for page in standard_pages(words)] == ["about", "privacy", "accessibility", "sitemap"]


def test_the_landing_pages_stand_side_by_side_at_the_root() -> None:
    assert [words.home.slug for words in CONTENT.values()] == ["portal", "portal-en", "portal-zh-hans"]


@every_language
def test_a_part_of_a_standard_page_begins_with_its_heading(language: str) -> None:
    words = CONTENT[language]
    for page in (words.about, words.privacy, words.accessibility):
        assert [part for part in page.body if not re.match(r"<h2>[^<]+</h2><p>|<h2>[^<]+</h2><[ou]l>", part)] == []
        assert page.fields()["body"] == [("text", part) for part in page.body]


def test_the_privacy_policy_has_the_items_that_the_law_asks_for() -> None:
    """個人資料保護法 §8 I; the fifth, the rights under §3, has a part of its own."""
    notice, rights = CONTENT["zh-hant"].privacy.body[1:3]
    assert re.findall("<h3>([^<]+)</h3>", notice) == [
        "蒐集機關",
        "蒐集之目的",
        "個人資料之類別",
        "利用之期間、地區、對象及方式",
        "不提供之影響",
    ]
    assert rights.startswith("<h2>您的權利</h2>")
    for right in ["查詢或請求閱覽", "請求製給複製本", "請求補充或更正", "請求停止蒐集、處理或利用", "請求刪除"]:
        assert f"<li>{right}</li>" in rights


def test_the_policy_tells_the_times_that_are_set() -> None:
    minutes = settings.SESSION_COOKIE_AGE // 60
    assert f"登入後閒置 {minutes} 分鐘即自動登出" in "".join(CONTENT["zh-hant"].privacy.body)
    assert f"登入後閒置 {minutes} 分鐘會自動登出" in "".join(CONTENT["zh-hant"].accessibility.body)
    assert f"automatically after {minutes} minutes" in "".join(CONTENT["en"].privacy.body)
    assert settings.CSRF_COOKIE_AGE <= 365 * 24 * 3600
    assert "最長保存一年" in "".join(CONTENT["zh-hant"].privacy.body)


@every_language
def test_the_access_keys_are_explained(language: str) -> None:
    text = "".join(CONTENT[language].sitemap.body)
    assert ":::" in text
    assert re.findall("<b>(.)</b>", text) == ["U", "C", "Z"]


@every_language
def test_no_page_repeats_what_the_settings_of_the_site_say(language: str) -> None:
    """The hotline and its hours stand at the foot of every page, and change in one place."""
    words = CONTENT[language]
    text = "".join(part for page in standard_pages(words) for part in page.body)
    assert "2796" not in text
    assert "08:30" not in text
