"""The landing page, the tree above the entry pages, and what stands on every page."""

import re

import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site, get_page_models

from portal.china_student.models import ChinaStudentPage
from portal.editorial.contact import ContactSettings
from portal.home.models import HomePage, SectionPage, SitemapPage, StandardPage
from portal.student_entry.models import CategoryPage, StudentEntryPage
from tests.pages import source

pytestmark = pytest.mark.usefixtures("seeded")
CATEGORIES = {"china-student", "hk-macau-student"}


def _text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_landing_page_leads_to_the_entry_page(client: Client) -> None:
    text = _text(client, "/")
    assert "<title>學生線上申辦系統</title>" in text
    assert "<h1>學生線上申辦系統</h1>" in text
    assert '<a class="button" href="/student/">進入學生申辦入口</a>' in text
    assert client.get("/student/").headers["Location"] == "/student/entry/"


def test_an_empty_folder_is_not_there(rf: RequestFactory) -> None:
    source(StudentEntryPage).delete()
    with pytest.raises(Http404):
        source(SectionPage).serve(rf.get("/student/"))


def test_the_tree_stands_once_in_each_language() -> None:
    assert [page.slug for page in Page.objects.filter(depth=2).order_by("path")] == ["portal", "portal-en", "portal-zh-hans"]
    standard = {"about", "privacy", "accessibility", "sitemap", "leaving"}
    for home in HomePage.objects.all():
        assert set(home.get_descendants().values_list("slug", flat=True)) == {"student", "entry", *CATEGORIES} | standard
    site = Site.objects.get()
    assert (site.root_page.specific, site.site_name, site.is_default_site) == (source(HomePage), "學生線上申辦系統", True)


def test_seeding_again_keeps_what_editors_wrote() -> None:
    home, pages = source(HomePage), Page.objects.count()
    home.title = "改過的標題"
    home.save()
    call_command("seed_pages", verbosity=0)
    assert Page.objects.count() == pages
    assert source(HomePage).title == "改過的標題"


def test_the_first_link_leads_to_the_content_and_three_landmarks_have_access_keys(client: Client) -> None:
    text = _text(client, "/")
    assert text.index('<a class="skip-link" href="#content">跳到主要內容</a>') < text.index("<header")
    assert text.index('<a class="skip-link"') == text.index("<a ")
    for key, name in [("U", "上方功能區塊"), ("C", "中央內容區塊"), ("Z", "下方功能區塊")]:
        assert f'id="{key}" href="#{key}" accesskey="{key}" title="{name}">:::</a>' in text


def test_the_foot_of_the_page_says_whom_to_call(client: Client) -> None:
    text = _text(client, "/")
    assert '<a class="number" href="tel:0227967162" translate="no">(02) 2796-7162</a>' in text
    assert "週一至週五，08:30 - 19:00" in text


def test_an_editor_changes_whom_to_call(client: Client) -> None:
    ContactSettings.objects.update(agency="測試機關", hotline="(02) 1234-5678", hours="全年無休")
    text = _text(client, "/")
    assert '<a class="number" href="tel:0212345678" translate="no">(02) 1234-5678</a>' in text
    assert "全年無休" in text
    assert '<p class="footer-agency">測試機關</p>' in text


@pytest.mark.parametrize(("address", "tag"), [("/", "zh-Hant-TW"), ("/en/", "en"), ("/zh-hans/", "zh-Hans")])
def test_the_address_says_the_language(client: Client, address: str, tag: str) -> None:
    assert f'<html lang="{tag}">' in _text(client, address)


def test_three_links_name_the_languages_in_their_own_words(client: Client) -> None:
    text = _text(client, "/student/entry/")
    assert '<a href="/student/entry/" lang="zh-Hant-TW" hreflang="zh-Hant-TW" aria-current="true">正體中文</a>' in text
    assert '<a href="/en/student/entry/" lang="en" hreflang="en">English</a>' in text
    assert '<a href="/zh-hans/student/entry/" lang="zh-Hans" hreflang="zh-Hans">简体中文</a>' in text


def test_the_demonstration_says_that_it_is_one(client: Client) -> None:
    text = _text(client, "/")
    assert "<strong>示範系統</strong>" in text
    assert '<a href="/demo/mailbox/">示範信箱</a>' in text


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: Client) -> None:
    for path in ["/", "/student/entry/", "/student/entry/china-student/"]:
        text = _text(client, path)
        assert "style=" not in text
        assert "<style" not in text
        assert "onclick" not in text
        assert 'src="http' not in text
        assert not re.search(r'href="http(?!://localhost:8000/|s://law\.moj\.gov\.tw/)', text)  # the law is a link, not a part
        scripts = re.findall(r'<script( src="/static/portal/js/[a-z]+\.js" defer [^>]*)></script>', text)
        assert text.count("<script") == text.count("</script>") == len(scripts) == 2  # portal.js and typed.js


@pytest.mark.parametrize(
    ("parent", "allowed"),
    [
        (HomePage, {SectionPage, StandardPage, SitemapPage}),
        (SectionPage, {StudentEntryPage}),
        (StudentEntryPage, {model for model in get_page_models() if issubclass(model, CategoryPage)}),
        (ChinaStudentPage, {StandardPage}),
        (StandardPage, set()),
    ],
)
def test_the_tree_allows_only_what_makes_sense(parent: type[Page], allowed: set[type[Page]]) -> None:
    ours = {model for model in parent.creatable_subpage_models() if model.__module__.startswith("portal.")}
    assert ours == {model for model in allowed if model.__module__.startswith("portal.")}


def test_a_second_entry_page_or_a_second_page_of_a_category_cannot_be_made() -> None:
    assert not StudentEntryPage.can_create_at(source(SectionPage))
    assert not ChinaStudentPage.can_create_at(source(StudentEntryPage))


def test_the_landing_page_asks_little_of_the_database(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/")
    with django_assert_max_num_queries(8):
        client.get("/")
