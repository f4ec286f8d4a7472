"""What happens when an editor publishes: faults are refused, aliases follow, moved addresses lead on."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.china_student.models import ChinaStudentPage
from portal.home.models import HomePage, StandardPage
from tests.pages import source
from tests.staff import logged_in, make_staff

pytestmark = pytest.mark.usefixtures("seeded")
BAD = rich_text('<p><a href="https://example.test/">點此</a></p>')
GOOD = rich_text("<h2>開放時間</h2><p>全年無休。</p>")
NOTE = '<div class="notice notice-info" role="note"><p class="untranslated-note">'
# It draws a rendition into a temporary file that it never closes.
WAGTAIL_LEAVES_ITS_FILES_TO_THE_COLLECTOR = pytest.mark.filterwarnings(
    "ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning", "ignore:Unclosed file:ResourceWarning"
)
PUBLISH, SUBMIT = {"action-publish": "1"}, {"action-submit": "1"}


@pytest.fixture
def editor_client(db: None) -> Client:
    return logged_in(make_staff("editor", "總編輯"))


def form(slug: str, text: Any, **action: str) -> dict[str, str]:
    fields = {"title": "服務時間", "slug": slug, "introduction": "", "body": streamfield([("text", text)])}
    return {**nested_form_data({**fields, "comments": inline_formset([])}), **action}


def create(client: Client, text: Any = GOOD, *, slug: str = "hours", **action: str) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["portal_home", "standardpage", source(HomePage).pk])
    return client.post(address, form(slug, text, **action))


def edit(client: Client, page: Page, text: Any = GOOD, *, slug: str = "", **action: str) -> Any:
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(slug or page.slug, text, **action))


def hours(language: str = "zh-hant") -> StandardPage:
    return StandardPage.objects.get(slug="hours", locale__language_code=language)


@pytest.mark.parametrize("action", [PUBLISH, SUBMIT], ids=["publish", "submit for moderation"])
def test_a_page_with_a_fault_is_not_published_and_nothing_typed_is_lost(editor_client: Client, action: dict[str, str]) -> None:
    response = create(editor_client, BAD, **action)
    assert response.status_code == 200
    (fault,) = response.context["form"].errors.as_data()["body"]
    assert list(fault.non_block_errors) == ["連結文字「點此」看不出會到哪裡，請寫出目的地的名稱。"]
    # The StreamField's script draws it from its data.
    assert json.dumps("請寫出目的地的名稱").strip('"') in response.content.decode()
    assert not StandardPage.objects.filter(slug="hours").exists()


def test_a_draft_may_have_faults_but_cannot_go_live_with_them(editor_client: Client, client: Client) -> None:
    assert create(editor_client, BAD).status_code == 302
    assert edit(editor_client, hours(), BAD, **PUBLISH).status_code == 200
    assert client.get("/hours/").status_code == 404
    assert edit(editor_client, hours(), GOOD, **PUBLISH).status_code == 302
    assert "全年無休。" in client.get("/hours/").content.decode()


def test_many_at_once_are_checked_too(editor_client: Client) -> None:
    create(editor_client, BAD)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={hours().pk}"
    response = editor_client.post(address, {"include_descendants": ""}, follow=True)
    assert "沒有發布：「服務時間」未通過無障礙檢查" in response.content.decode()
    assert not hours().live
    edit(editor_client, hours(), GOOD)
    editor_client.post(address, {"include_descendants": ""})
    assert hours().live


def test_a_page_that_nobody_translated_is_shown_in_the_source_language_with_a_note(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    text = client.get("/en/hours/").content.decode()
    assert NOTE in text
    assert 'lang="zh-Hant-TW">\n' in text
    assert "全年無休。" in text
    assert '<link rel="canonical" href="http://localhost:8000/hours/">' in text
    assert 'hreflang="en" href="http://localhost:8000/en/hours/"' not in text


def test_the_note_says_in_which_language_the_words_are(editor_client: Client, client: Client) -> None:
    english = HomePage.objects.get(locale__language_code="en")
    address = reverse("wagtailadmin_pages:add", args=["portal_home", "standardpage", english.pk])
    editor_client.post(address, form("hours", rich_text("<h2>Hours</h2><p>Open all year.</p>"), **PUBLISH))
    assert "尚無此語言版本，以下為英文。" in client.get("/hours/").content.decode()
    assert "尚无此语言版本，以下为英文。" in client.get("/zh-hans/hours/").content.decode()
    assert "untranslated-note" not in client.get("/en/hours/").content.decode()


def test_an_alias_in_its_own_language_has_no_note(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    below = source(ChinaStudentPage)
    said = {"new_title": "服務時間", "new_slug": "hours", "new_parent_page": below.pk, "alias": "on"}
    editor_client.post(reverse("wagtailadmin_pages:copy", args=[hours().pk]), said)
    text = client.get("/student/entry/china-student/hours/").content.decode()
    assert "全年無休。" in text
    assert "untranslated-note" not in text


def test_an_alias_becomes_a_translation(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    alias = hours("en")
    editor_client.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    edit(editor_client, alias, rich_text("<h2>Hours</h2><p>Open all year.</p>"), **PUBLISH)
    text = client.get("/en/hours/").content.decode()
    assert "Open all year." in text
    assert NOTE not in text
    assert '<link rel="alternate" hreflang="en" href="http://localhost:8000/en/hours/">' in text
    assert "全年無休。" in client.get("/zh-hans/hours/").content.decode()


def test_what_is_deleted_is_gone_in_every_language(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    editor_client.post(reverse("wagtailadmin_pages:delete", args=[hours().pk]))
    assert [client.get(f"{prefix}/hours/").status_code for prefix in ("", "/en", "/zh-hans")] == [404] * 3


def test_what_is_taken_off_is_off_in_every_language_that_was_not_translated(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    editor_client.post(reverse("wagtailadmin_pages:unpublish", args=[hours().pk]))
    assert [client.get(f"{prefix}/hours/").status_code for prefix in ("", "/en", "/zh-hans")] == [404] * 3


def test_the_switch_of_languages_leads_where_something_is(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    editor_client.post(reverse("wagtailadmin_pages:convert_alias", args=[hours("en").pk]))
    hours("en").unpublish()
    text = client.get("/hours/").content.decode()
    assert '<a href="/en/" lang="en" hreflang="en">' in text
    assert '<a href="/zh-hans/hours/" lang="zh-Hans" hreflang="zh-Hans">' in text


def link_to(page: Page) -> None:
    """From a button of the landing page, and from a text."""
    home, about = source(HomePage), StandardPage.objects.get(slug="about", locale__language_code="zh-hant")
    home.entries = [("entry", {"page": page, "text": "看服務時間"})]
    about.body = [("text", f'<p>請看<a linktype="page" id="{page.pk}">服務時間</a>。</p>')]
    for one in (home, about):
        one.save_revision().publish()


@pytest.mark.parametrize("take_off", ["unpublish", "delete"])
def test_no_link_leads_to_what_was_taken_off(editor_client: Client, client: Client, take_off: str) -> None:
    create(editor_client, **PUBLISH)
    link_to(hours())
    assert '<a class="button" href="/hours/">看服務時間</a>' in client.get("/").content.decode()
    assert '<a href="/hours/">服務時間</a>' in client.get("/about/").content.decode()
    editor_client.post(reverse(f"wagtailadmin_pages:{take_off}", args=[hours().pk]))
    front = client.get("/")
    assert front.status_code == 200
    assert "看服務時間" not in front.content.decode()
    assert "請看<a>服務時間</a>。" in client.get("/about/").content.decode()


def test_a_button_leads_to_the_page_in_the_visitors_language(editor_client: Client, client: Client) -> None:
    create(editor_client, **PUBLISH)
    english = HomePage.objects.get(locale__language_code="en")
    english.entries = [("entry", {"page": hours(), "text": "Hours"})]
    english.save_revision().publish()
    assert '<a class="button" href="/en/hours/">Hours</a>' in client.get("/en/").content.decode()
    editor_client.post(reverse("wagtailadmin_pages:convert_alias", args=[hours("en").pk]))
    hours("en").unpublish()
    assert '<a class="button" href="/hours/">Hours</a>' in client.get("/en/").content.decode()


def test_pages_below_one_that_was_taken_off_are_found_and_do_not_lead_to_it(editor_client: Client, client: Client) -> None:
    editor_client.post(reverse("wagtailadmin_pages:unpublish", args=[source(ChinaStudentPage).pk]))
    below = client.get("/student/entry/china-student/leaving/")
    assert below.status_code == 200
    assert 'href="/student/entry/china-student/"' not in below.content.decode()
    sitemap = client.get("/sitemap/").content.decode()
    assert 'href="/student/entry/china-student/leaving/"' in sitemap
    assert 'href="/student/entry/china-student/"' not in sitemap


def test_a_changed_address_leads_on(
    editor_client: Client, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    create(editor_client, **PUBLISH)
    with django_capture_on_commit_callbacks(execute=True):
        edit(editor_client, hours(), slug="opening-hours", **PUBLISH)
    response = client.get("/hours/")
    assert (response.status_code, response.headers["Location"]) == (301, "/opening-hours/")
    # An alias goes along, and the switch of languages knows it.
    text = client.get("/opening-hours/").content.decode()
    assert '<a href="/en/opening-hours/" lang="en" hreflang="en">' in text
    assert client.get("/en/opening-hours/").status_code == 200


def png() -> SimpleUploadedFile:
    out = BytesIO()
    Picture.new("RGB", (1600, 900), "#0d4f5c").save(out, "PNG")
    return SimpleUploadedFile("gate.png", out.getvalue(), content_type="image/png")


def test_a_picture_says_in_words_what_it_shows(editor_client: Client) -> None:
    address = reverse("wagtailimages:add")
    refused = editor_client.post(address, {"title": "校門", "file": png(), "description": ""})
    assert refused.status_code == 200
    assert refused.context["form"].errors.keys() == {"description"}
    editor_client.post(address, {"title": "校門", "file": png(), "description": "學生走進校門"})
    assert Image.objects.get().description == "學生走進校門"


def test_a_drawing_that_can_hold_a_script_is_no_picture(editor_client: Client) -> None:
    drawing = SimpleUploadedFile("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', content_type="image/svg+xml")
    response = editor_client.post(reverse("wagtailimages:add"), {"title": "圖", "file": drawing, "description": "圖"})
    assert response.context["form"].errors.keys() == {"file"}


@WAGTAIL_LEAVES_ITS_FILES_TO_THE_COLLECTOR
def test_a_picture_comes_in_three_sizes_and_the_newest_formats(client: Client) -> None:
    image = Image.objects.create(title="校門", file=png(), description="學生走進校門")
    page = StandardPage.objects.get(slug="about", locale__language_code="zh-hant")
    page.body = [("picture", {"image": image, "caption": "校門口"})]
    image.contextual_alt_text, image.decorative = "學生走進校門", False
    page.save_revision().publish()
    text = client.get("/about/").content.decode()
    assert text.count("<source ") == 2
    for part in ('type="image/avif"', 'type="image/webp"', " 480w, ", " 1440w", 'alt="學生走進校門"', 'loading="lazy"'):
        assert part in text
    assert 'height="270"' in text
    assert 'width="480"' in text
    assert "<figcaption>校門口</figcaption>" in text


@WAGTAIL_LEAVES_ITS_FILES_TO_THE_COLLECTOR
def test_a_page_whose_picture_was_deleted_is_read_edited_and_compared(editor_client: Client, client: Client) -> None:
    image = Image.objects.create(title="校門", file=png(), description="學生走進校門")
    image.contextual_alt_text, image.decorative = "學生走進校門", False
    page = StandardPage.objects.get(slug="about", locale__language_code="zh-hant")
    revisions = []
    for body in ([("picture", {"image": image, "caption": "校門口"})], [("text", "<p>沒有圖片</p>")]):
        page.body, page.picture = body, image
        revisions.append(page.save_revision())
    revisions[0].publish()
    editor_client.post(reverse("wagtailimages:delete", args=[image.pk]))
    assert "校門口" in client.get("/about/").content.decode()
    assert editor_client.get(reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revisions[0].pk])).status_code == 200
    for one, other in (("earliest", "latest"), (revisions[0].pk, "live"), (revisions[1].pk, revisions[0].pk)):
        compared = editor_client.get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, one, other]))
        assert compared.status_code == 200


@WAGTAIL_LEAVES_ITS_FILES_TO_THE_COLLECTOR
def test_the_pages_picture_is_what_other_sites_show(client: Client) -> None:
    home = source(HomePage)
    home.picture = Image.objects.create(title="校門", file=png(), description="學生走進校門")
    home.save_revision().publish()
    text = client.get("/").content.decode()
    assert '<meta property="og:image" content="http://localhost:8000/media/images/' in text
