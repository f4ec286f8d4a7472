"""The landing page, the tree above the entry pages, and what stands on every page."""

import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site

from portal.china_student.models import ChinaStudentPage
from portal.home.models import ContactSettings, HomePage, SectionPage
from portal.student_entry.models import StudentEntryPage

pytestmark = pytest.mark.usefixtures("seeded")


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
    StudentEntryPage.objects.get().delete()
    with pytest.raises(Http404):
        SectionPage.objects.get().serve(rf.get("/student/"))


def test_wagtails_welcome_page_is_gone() -> None:
    assert list(Page.objects.values_list("slug", "depth").order_by("path")) == [
        ("root", 1),
        ("portal", 2),
        ("student", 3),
        ("entry", 4),
        ("china-student", 5),
    ]
    site = Site.objects.get()
    assert (site.root_page.specific_class, site.site_name, site.is_default_site) == (HomePage, "學生線上申辦系統", True)


def test_seeding_again_keeps_what_editors_wrote() -> None:
    home = HomePage.objects.get()
    home.title = "改過的標題"
    home.save()
    call_command("seed_pages", verbosity=0)
    assert Page.objects.count() == 5
    assert HomePage.objects.get().title == "改過的標題"


def test_the_first_link_leads_to_the_content_and_three_landmarks_have_access_keys(client: Client) -> None:
    text = _text(client, "/")
    assert text.index('<a class="skip-link" href="#content">跳到主要內容</a>') < text.index("<header")
    assert text.index('<a class="skip-link"') == text.index("<a ")
    for key, name in [("U", "上方功能區塊"), ("C", "中央內容區塊"), ("Z", "下方功能區塊")]:
        assert f'id="{key}" href="#{key}" accesskey="{key}" title="{name}">:::</a>' in text


def test_the_foot_of_the_page_says_whom_to_call(client: Client) -> None:
    text = _text(client, "/")
    assert '<a class="number" href="tel:0227967162">(02) 2796-7162</a>' in text
    assert "週一至週五，08:30 - 19:00" in text


def test_an_editor_changes_whom_to_call(client: Client) -> None:
    ContactSettings.objects.create(agency="測試機關", hotline="(02) 1234-5678", hours="全年無休")
    text = _text(client, "/")
    assert '<a class="number" href="tel:0212345678">(02) 1234-5678</a>' in text
    assert "全年無休" in text
    assert '<p class="footer-agency">測試機關</p>' in text


def test_the_language_follows_the_visitor(client: Client) -> None:
    assert '<html lang="zh-Hant-TW">' in _text(client, "/")
    response = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/student/entry/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/student/entry/")
    assert '<html lang="zh-Hans">' in _text(client, "/")


def test_three_buttons_name_the_languages_in_their_own_words(client: Client) -> None:
    text = _text(client, "/")
    assert '<button name="language" value="zh-hant" lang="zh-hant" aria-current="true">正體中文</button>' in text
    assert '<button name="language" value="en" lang="en">English</button>' in text
    assert '<button name="language" value="zh-hans" lang="zh-hans">简体中文</button>' in text


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
        assert 'href="http' not in text
        assert text.count("<script") == text.count('<script src="/static/js/portal.js" defer></script>') == 1


@pytest.mark.parametrize(
    ("parent", "allowed"),
    [
        (HomePage, {SectionPage}),
        (SectionPage, {StudentEntryPage}),
        (StudentEntryPage, {ChinaStudentPage}),
        (ChinaStudentPage, set()),
    ],
)
def test_the_tree_allows_only_what_makes_sense(parent: type[Page], allowed: set[type[Page]]) -> None:
    assert set(parent.creatable_subpage_models()) == allowed


def test_a_second_entry_page_or_a_second_page_of_a_category_cannot_be_made() -> None:
    assert not StudentEntryPage.can_create_at(SectionPage.objects.get())
    assert not ChinaStudentPage.can_create_at(StudentEntryPage.objects.get())


def test_the_landing_page_asks_little_of_the_database(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/")
    with django_assert_max_num_queries(7):
        client.get("/")
