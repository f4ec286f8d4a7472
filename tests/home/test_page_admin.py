"""What the admin does with pages: addresses of Chinese titles, translations that go together, the search, 檢查, 編輯此頁."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db.models import TextField
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.china_student.models import ChinaStudentPage
from portal.cms import page_cache
from portal.cms.page_admin.page_search import texts
from portal.cms.page_cache import STAFF_COOKIE
from portal.home.models import HomePage, SectionPage, StandardPage
from tests.pages import source
from tests.staff import logged_in, make_staff

from .test_publishing import GOOD, PUBLISH, create, edit, hours

pytestmark = pytest.mark.usefixtures("seeded")
ENGLISH = rich_text("<h2>Hours</h2><p>Open all year.</p>")
EVERYWHERE = ("", "/en", "/zh-hans")


@pytest.fixture
def editor_client(db: None) -> Client:
    return logged_in(make_staff("editor", "總編輯"))


def statuses(slug: str = "hours") -> list[int]:
    """Of the page in each language, to a visitor."""
    return [Client().get(f"{prefix}/{slug}/").status_code for prefix in EVERYWHERE]


def unpublish(client: Client, page: Page) -> None:
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))


# -- addresses ---------------------------------------------------------------------------


def test_a_chinese_title_gets_an_address_of_its_own(editor_client: Client) -> None:
    for slug in ("page-1", "page-2"):
        assert create(editor_client, slug="", **PUBLISH).status_code == 302
        assert statuses(slug) == [200, 200, 200]
    page = StandardPage.objects.get(slug="page-2", locale__language_code="zh-hant")
    # The form in the browser that made it still says nothing of the address.
    fields = {"title": "服務時間", "slug": "", "introduction": "", "body": streamfield([("text", GOOD)])}
    sent = nested_form_data({**fields, "comments": inline_formset([])})
    assert editor_client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent).status_code == 302
    assert page.get_latest_revision_as_object().slug == "page-2"


def test_an_untranslated_page_takes_the_new_address_of_its_source(
    editor_client: Client, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    create(editor_client, **PUBLISH)
    with django_capture_on_commit_callbacks(execute=True):
        edit(editor_client, hours(), slug="opening", **PUBLISH)
    assert statuses("opening") == [200, 200, 200]
    for prefix in EVERYWHERE:
        assert client.get(f"{prefix}/hours/")["Location"] == f"{prefix}/opening/"


@pytest.mark.parametrize("slug", ["Hours", "opening_hours", "服務時間", "-hours", "hours-"])
def test_an_address_is_spelt_as_the_field_says(editor_client: Client, slug: str) -> None:
    refused = create(editor_client, slug=slug)
    assert refused.context["form"].errors == {"slug": ["網址名稱只用英文小寫、數字與連字號。"]}


def addresses_of_others() -> set[str]:
    """The first parts of the portal's own addresses that a page could be called by."""
    first = [str(each.pattern).strip("^$").partition("/")[0] for each in get_resolver().url_patterns]
    languages = [code for code, _name in django_settings.LANGUAGES]
    files = [django_settings.STATIC_URL.strip("/"), django_settings.MEDIA_URL.strip("/")]
    return {name for name in (*first, *languages, *files, "verify", "demo") if re.fullmatch("[a-z-]+", name)}


@pytest.mark.parametrize("slug", sorted(addresses_of_others()))
def test_what_is_published_is_seen_or_its_address_is_refused(editor_client: Client, slug: str) -> None:
    """A page whose address leads to another view, into another language or to files would be seen by nobody."""
    answer = create(editor_client, slug=slug, **PUBLISH)
    if answer.status_code == 200:
        assert answer.context["form"].errors == {"slug": [f"網址名稱「{slug}」是系統其他功能的網址，請換一個。"]}
    else:
        assert "全年無休。" in Client().get(f"/{slug}/").content.decode()


@pytest.mark.parametrize("slug", ["admin", "en", "zh-hans", "verify", "static", "media"])
def test_these_are_refused(editor_client: Client, slug: str) -> None:
    assert create(editor_client, slug=slug).status_code == 200
    assert not StandardPage.objects.filter(slug=slug).exists()


def test_where_files_have_no_address_on_the_site_pages_have_theirs(editor_client: Client, settings: Settings) -> None:
    """Django makes / of an empty MEDIA_URL, which a site leaves so that keeps its files in an object storage."""
    settings.MEDIA_URL = ""
    assert create(editor_client, slug="opening-hours").status_code == 302
    assert StandardPage.objects.filter(slug="opening-hours").exists()


def test_a_copy_is_called_as_a_new_page_may_be(editor_client: Client) -> None:
    create(editor_client)
    page = hours()
    said = {"new_title": "服務時間", "new_parent_page": page.get_parent().pk}
    for slug, wrong in (
        ("verify", "網址名稱「verify」是系統其他功能的網址，請換一個。"),
        ("服務時間", "網址名稱只用英文小寫、數字與連字號。"),
    ):
        answer = editor_client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), {**said, "new_slug": slug})
        assert answer.context["form"].errors == {"new_slug": [wrong]}
    assert StandardPage.objects.filter(slug__in=["verify", "服務時間"]).count() == 0


@pytest.mark.parametrize("way", ["one", "many"])
def test_no_page_is_moved_to_where_nobody_would_see_it(editor_client: Client, way: str) -> None:
    create(editor_client, **PUBLISH)
    page, home = hours(), source(HomePage)
    folder = source(SectionPage)
    page.move(folder, pos="last-child")
    edit(editor_client, hours(), slug="verify", **PUBLISH)  # below the folder it is an address as any other
    page = StandardPage.objects.get(slug="verify", locale=folder.locale)
    if way == "one":
        answer = editor_client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.pk]), follow=True)
    else:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        answer = editor_client.post(f"{address}?id={page.pk}", {"chooser": home.pk, "next": "/admin/"}, follow=True)
    assert "沒有移動「服務時間」：網址名稱「verify」是系統其他功能的網址，請換一個。" in answer.content.decode()
    page.refresh_from_db()
    assert page.get_parent().pk == folder.pk


@pytest.mark.parametrize("slug", ["服務時間", "Hours_2019"])
@pytest.mark.parametrize("way", ["one", "many"])
def test_a_page_that_is_called_otherwise_for_long_is_moved_as_it_is(editor_client: Client, way: str, slug: str) -> None:
    """Its own form leaves the address, too; pages of the site around the portal are called as Wagtail lets them."""
    create(editor_client)
    page, there = hours(), source(ChinaStudentPage)
    Page.objects.filter(pk=page.pk).update(slug=slug)
    if way == "one":
        editor_client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, there.pk]))
    else:
        many(editor_client, "move", page, chooser=there.pk)
    assert Page.objects.get(pk=page.pk).get_parent().pk == there.pk


# -- copied, taken off and brought back ----------------------------------------------------------


def test_a_copy_stands_in_every_language_with_what_is_below_it(editor_client: Client) -> None:
    folder = source(SectionPage)
    said = {"new_title": "新生", "new_slug": "freshmen", "new_parent_page": folder.get_parent().pk}
    copy = reverse("wagtailadmin_pages:copy", args=[folder.pk])
    answer = editor_client.post(copy, {**said, "copy_subpages": "on", "publish_copies": "on"})
    assert answer.status_code == 302
    assert statuses("freshmen") == [302, 302, 302]
    assert statuses("freshmen/entry/china-student/leaving") == [200, 200, 200]


def test_a_copy_of_the_landing_page_stands_outside_of_the_site(editor_client: Client, client: Client) -> None:
    home = source(HomePage)
    said = {"new_title": "首頁（草稿）", "new_slug": "portal-2", "new_parent_page": home.get_parent().pk, "publish_copies": "on"}
    editor_client.post(reverse("wagtailadmin_pages:copy", args=[home.pk]), said)
    assert HomePage.objects.filter(slug="portal-2", live=True).exists()
    assert client.get("/sitemap.xml").content.decode().count("<loc>http://localhost:8000/</loc>") == 1
    assert "<loc>http://localhost:8000</loc>" not in client.get("/sitemap.xml").content.decode()


@pytest.fixture
def translated(editor_client: Client) -> StandardPage:
    """A page in Chinese and English; in simplified characters it is an alias."""
    create(editor_client, **PUBLISH)
    editor_client.post(reverse("wagtailadmin_pages:convert_alias", args=[hours("en").pk]))
    edit(editor_client, hours("en"), ENGLISH, **PUBLISH)
    return hours("en")


def test_publishing_brings_back_what_went_along(editor_client: Client, translated: StandardPage) -> None:
    edit(editor_client, translated, rich_text("<h2>Draft</h2><p>Not to be seen yet.</p>"))
    unpublish(editor_client, hours())
    assert statuses() == [404, 404, 404]
    edit(editor_client, hours(), **PUBLISH)
    assert statuses() == [200, 200, 200]
    english = Client().get("/en/hours/").content.decode()
    assert "Open all year." in english
    assert "Not to be seen yet." not in english
    history = editor_client.get(reverse("wagtailadmin_pages:history", args=[translated.pk])).content.decode()
    assert "隨其他語言的同一頁取消發布" in history
    assert "隨其他語言的同一頁恢復發布" in history


def test_what_was_taken_off_by_itself_stays_off(editor_client: Client, translated: StandardPage) -> None:
    unpublish(editor_client, translated)
    unpublish(editor_client, hours())
    edit(editor_client, hours(), **PUBLISH)
    assert statuses() == [200, 404, 200]


def test_what_went_along_and_was_published_since_is_its_own(editor_client: Client, translated: StandardPage) -> None:
    unpublish(editor_client, hours())
    edit(editor_client, hours("en"), ENGLISH, **PUBLISH)
    unpublish(editor_client, hours("en"))
    edit(editor_client, hours(), **PUBLISH)
    assert statuses() == [200, 404, 200]


def many(client: Client, action: str, page: Page, **fields: Any) -> Any:
    """Choose the page in a list and do that: what the page that asks says, and then do it."""
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action]) + f"?id={page.pk}"
    asked = client.get(address)
    assert client.post(address, {"include_descendants": "", **fields}).status_code == 302
    return asked


def test_of_many_at_once_the_translations_go_along_too(editor_client: Client, translated: StandardPage) -> None:
    asked = many(editor_client, "unpublish", hours())
    assert [each["item"].pk for each in asked.context["items"]] == [hours().pk, translated.pk]
    assert statuses() == [404, 404, 404]
    edit(editor_client, hours(), **PUBLISH)
    assert statuses() == [200, 200, 200]
    assert "Open all year." in Client().get("/en/hours/").content.decode()


def test_of_many_at_once_nothing_is_left_in_other_languages(editor_client: Client, translated: StandardPage) -> None:
    asked = many(editor_client, "delete", hours())
    assert len(asked.context["items"]) == 3
    assert not Page.objects.filter(slug="hours").exists()


def test_a_site_that_keeps_its_languages_apart_does_it_to_what_was_chosen(
    editor_client: Client, translated: StandardPage, settings: Settings
) -> None:
    settings.WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = False
    above, there = translated.get_parent().pk, source(ChinaStudentPage).pk
    many(editor_client, "move", hours(), chooser=there)
    assert (hours().get_parent().pk, StandardPage.objects.get(pk=translated.pk).get_parent().pk) == (there, above)
    asked = many(editor_client, "unpublish", hours())
    assert [each["item"].pk for each in asked.context["items"]] == [hours().pk]
    many(editor_client, "delete", hours())
    assert Page.objects.filter(pk=translated.pk, live=True).exists()


def test_of_many_at_once_the_translations_are_moved_too(
    editor_client: Client, translated: StandardPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        many(editor_client, "move", hours(), chooser=source(ChinaStudentPage).pk)
    assert statuses("student/entry/china-student/hours") == [200, 200, 200]
    assert statuses() == [301, 301, 301]


def test_a_copy_below_a_page_of_another_language_is_in_that_language(editor_client: Client) -> None:
    create(editor_client, **PUBLISH)
    below = ChinaStudentPage.objects.get(locale__language_code="en")
    said = {"new_title": "Hours", "new_slug": "hours", "new_parent_page": below.pk, "publish_copies": "on"}
    editor_client.post(reverse("wagtailadmin_pages:copy", args=[hours().pk]), said)
    copies = Page.objects.filter(slug="hours", depth=below.depth + 1)
    assert {(copy.locale.language_code, bool(copy.alias_of_id)) for copy in copies} == {
        ("en", False),
        ("zh-hant", True),
        ("zh-hans", True),
    }
    assert statuses("student/entry/china-student/hours") == [200, 200, 200]


# -- the search --------------------------------------------------------------------------


def found(client: Client, words: str) -> set[str]:
    page = client.get(reverse("wagtailadmin_pages:search"), {"q": words})
    return {one.slug for one in page.context["object_list"]}


@pytest.mark.parametrize("words", ["無休", "年無", "Opening Hours", "ｏｐｅｎｉｎｇ", "全年 假日", "尋常"])
def test_a_page_is_found_by_any_of_its_words(editor_client: Client, words: str) -> None:
    create(editor_client, rich_text("<h2>開放時間</h2><p>全年無休，opening hours 尋<b>常</b>，假日也是。</p>"))
    assert "hours" in found(editor_client, words)


def test_a_page_without_the_words_is_not_found(editor_client: Client) -> None:
    create(editor_client)
    assert "hours" not in found(editor_client, "全年 打烊")
    assert found(editor_client, "沒有這些字") == set()


def test_every_field_that_editors_write_is_searched() -> None:
    """Made from the page types themselves: a new field of text, or block, is in it."""
    missing = []
    for page in Page.objects.specific():
        said = "\n".join(texts(page))
        for field in page._meta.get_fields():
            if isinstance(field, StreamField):
                for block in getattr(page, field.name).raw_data:
                    missing += [word for word in _words(block["value"]) if word not in said]
            elif type(field) is TextField and field.model is not Page:
                missing += [] if getattr(page, field.name) in said else [field.name]
    assert missing == []
    assert {type(page) for page in Page.objects.specific()} >= {
        model for model in get_page_models() if model._meta.app_label.startswith("portal_")
    }


def _words(value: Any) -> Iterator[str]:
    """Texts of a StreamField's raw value, but not its keys, choices and formatted passages."""
    if isinstance(value, dict):
        yield from (text for name, inner in value.items() if name not in {"line", "level"} for text in _words(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _words(inner))
    elif isinstance(value, str) and "<" not in value and any("\u4e00" <= sign <= "\u9fff" for sign in value):
        yield value


# -- 檢查 and 編輯此頁 --------------------------------------------------------------------


def test_every_preview_carries_what_the_checks_panel_asks(editor_client: Client) -> None:
    create(editor_client, **PUBLISH)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[hours().pk])
    fields = {"title": "服務時間", "slug": "hours", "introduction": "", "body": streamfield([("text", GOOD)])}
    editor_client.post(address, nested_form_data({**fields, "comments": inline_formset([])}))
    shown = editor_client.get(address, {"in_preview_panel": "true"}).content.decode()
    assert "data-wagtail-userbar" in shown
    assert "wagtailadmin/js/userbar.js" in shown
    assert "編輯此頁" not in shown


def one_of_each_type() -> list[Page]:
    pages = [page for page in Page.objects.filter(depth__gt=1).specific() if page.locale.language_code == "zh-hant"]
    return list({type(page): page for page in pages}.values())


def test_a_page_of_every_type_is_looked_at_before_it_is_published(editor_client: Client) -> None:
    """A folder has nothing to look at, and no button for it."""
    looked_at = set()
    for page in one_of_each_type():
        page.save_revision()
        editor = editor_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        draft = editor_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        revision = editor_client.get(reverse("wagtailadmin_pages:revisions_view", args=[page.pk, page.latest_revision_id]))
        assert ('data-controller="w-preview"' in editor) is page.is_previewable()
        if page.is_previewable():
            looked_at.add(type(page))
            assert (draft.status_code, revision.status_code) == (200, 200), page
        else:
            assert (draft.status_code, revision.status_code) == (302, 302), page  # as whatever one may not do
    assert looked_at == {type(page) for page in one_of_each_type()} - {SectionPage}


@pytest.fixture
def kept_pages(settings: Settings, tmp_path: Path) -> Iterator[None]:
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "pages": files}
    page_cache.forget()
    yield
    page_cache.forget()


@pytest.mark.usefixtures("kept_pages")
def test_who_edits_finds_the_editor_on_the_page_and_nobody_else_does(editor_client: Client, client: Client) -> None:
    page = source(HomePage)
    for _visit in range(2):
        assert "編輯此頁" not in client.get("/").content.decode()
    editor_client.get("/admin/")
    assert editor_client.cookies[STAFF_COOKIE]["httponly"]
    answer = editor_client.get("/")
    assert f'href="/admin/pages/{page.pk}/edit/">編輯此頁</a>' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "編輯此頁" not in Client().get("/").content.decode()
    editor_client.post("/admin/logout/")
    editor_client.get("/admin/login/")
    assert editor_client.cookies[STAFF_COOKIE].value == ""


@pytest.mark.usefixtures("kept_pages")
def test_the_mark_alone_opens_nothing(owner_client: Client, officer_client: Client) -> None:
    for client in (Client(), owner_client, officer_client):
        client.cookies[STAFF_COOKIE] = "1"
        answer = client.get("/")
        assert "編輯此頁" not in answer.content.decode()
