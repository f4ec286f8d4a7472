"""機關與聯絡資訊: agency, hotline, hours and the links of the footer, in three languages, on pages and in emails."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from portal.core.languages import front_page
from portal.editorial.contact import ContactSettings, FooterLink
from portal.student_entry.models import StudentEntryPage
from tests.editors import client_of
from tests.pages import source

pytestmark = pytest.mark.usefixtures("seeded")
CONTACT = {
    "agency": "測試機關",
    "agency_en": "Test Agency",
    "agency_zh_hans": "",
    "hotline": "(02) 1234-5678",
    "hours": "全年無休",
    "hours_en": "",
    "hours_zh_hans": "全年无休",
    "second_number": "0800-123-456",
    "second_line": "第二支專線",
    "second_line_en": "",
    "second_line_zh_hans": "第二条专线",
}


@pytest.fixture(autouse=True)
def nobody_saved_it(seeded: None) -> None:
    """As if the site had been laid out before there were links in the footer."""
    ContactSettings.objects.all().delete()


def save(client: Client, *links: dict[str, Any]) -> Any:
    contact = ContactSettings.objects.create()
    address = reverse("wagtailsettings:edit", args=["portal_editorial", "contactsettings", contact.pk])
    return client.post(address, nested_form_data({**CONTACT, "links": inline_formset(list(links))}))


def link(label: str, page: Page | None = None, url: str = "", **more: str) -> dict[str, Any]:
    return {"label": label, "label_en": "", "label_zh_hans": "", "page": page.pk if page else "", "url": url, **more}


def front(client: Client, language: str = "zh-hant") -> str:
    return client.get(front_page(language)).content.decode()


def test_it_is_changed_in_the_admin_in_three_languages(client: Client) -> None:
    assert save(client_of("總編輯")).status_code == 302
    chinese, english, simplified = front(client), front(client, "en"), front(client, "zh-hans")
    assert '<p class="footer-agency">測試機關</p>' in chinese
    assert '<p class="footer-agency">Test Agency</p>' in english
    assert '<p class="footer-agency" lang="zh-Hant-TW">測試機關</p>' in simplified
    assert "<dd>全年無休</dd>" in chinese
    assert '<dd lang="zh-Hant-TW">全年無休</dd>' in english
    assert "<dd>全年无休</dd>" in simplified
    for html in (chinese, english, simplified):
        assert '<a class="number" href="tel:0212345678" translate="no">(02) 1234-5678</a>' in html
        assert '<a class="number" href="tel:0800123456" translate="no">0800-123-456</a>' in html
    assert "<dt>第二支專線</dt>" in chinese
    assert '<dt lang="zh-Hant-TW">第二支專線</dt>' in english
    assert "<dt>第二条专线</dt>" in simplified


def test_without_a_number_there_is_no_second_line(client: Client) -> None:
    ContactSettings.objects.create(second_number="")
    assert "外來人士在臺生活諮詢熱線" not in front(client)


def test_until_somebody_saves_it_is_the_manuals(client: Client) -> None:
    assert '<a class="number" href="tel:0800024111" translate="no">0800-024-111</a>' in front(client)
    assert "週一至週五，08:30 - 19:00" in front(client)
    assert "Monday to Friday, 08:30 - 19:00" in front(client, "en")
    assert '<p class="footer-agency">内政部移民署</p>' in front(client, "zh-hans")


def test_the_links_of_the_foot_lead_to_pages_and_elsewhere_in_their_order(client: Client) -> None:
    entry = source(StudentEntryPage)
    response = save(
        client_of("總編輯"),
        link("外部", url="https://example.org/", ORDER="2"),
        link("入口", entry, label_en="Entry", ORDER="1"),
    )
    assert response.status_code == 302
    footer = front(client).split('<ul class="footer-links">')[1].split("</ul>")[0]
    assert footer.index('<a href="/student/entry/">入口</a>') < footer.index('<a href="https://example.org/">外部</a>')
    english = front(client, "en")
    assert '<a href="/en/student/entry/">Entry</a>' in english
    assert '<a href="https://example.org/" lang="zh-Hant-TW">外部</a>' in english


def test_a_link_needs_a_page_or_an_address_and_not_both() -> None:
    entry, client = source(StudentEntryPage), client_of("總編輯")
    for wrong in (link("無"), link("兩個", entry, url="https://example.org/")):
        response = save(client, wrong)
        assert "請選擇本站頁面或填寫網址，擇一。" in response.content.decode()
    response = save(client, link("壞", url="javascript:alert(1)"))
    assert "javascript:alert(1)" in response.content.decode()
    assert not FooterLink.objects.exists()


def test_a_page_that_is_taken_off_the_site_takes_its_link_along(client: Client) -> None:
    entry = source(StudentEntryPage)
    FooterLink.objects.create(setting=ContactSettings.objects.create(), label="入口", page=entry)
    assert ">入口</a>" in front(client)
    entry.unpublish()
    assert ">入口</a>" not in front(client)
    entry.delete()
    assert not FooterLink.objects.exists()


def test_the_landing_page_and_a_deep_page_have_the_addresses_that_wagtail_gives_them(client: Client) -> None:
    pages = list(Page.objects.filter(depth__gt=1, locale__language_code="zh-hant"))
    contact = ContactSettings.objects.create()
    for page in pages:
        FooterLink.objects.create(setting=contact, label=page.title[:30], page=page)
    html = front(client)
    for page in pages:
        assert f'<a href="{page.get_url()}">{page.title[:30]}</a>' in html


def test_links_ask_nothing_more(owner_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    contact = ContactSettings.objects.create()
    for number in range(3):
        FooterLink.objects.create(setting=contact, label=str(number), page=source(StudentEntryPage), sort_order=number)
    owner_client.get("/china-student/individual/todo/")
    with django_assert_max_num_queries(8):
        html = owner_client.get("/china-student/individual/todo/").content.decode()
    assert html.count('<a href="/student/entry/"') >= 3


@pytest.mark.parametrize(("language", "hours"), [("zh-hant", "全年無休"), ("zh-hans", "全年无休")])
def test_emails_say_the_same(language: str, hours: str) -> None:
    ContactSettings.objects.create(**CONTACT)
    with translation.override(language):
        helpline = render_to_string("portal/mail/helpline.txt")
    assert "(02) 1234-5678" in helpline
    assert hours in helpline


def test_editors_who_do_not_publish_and_officers_do_not_change_it(officer_client: Client) -> None:
    contact = ContactSettings.objects.create()
    address = reverse("wagtailsettings:edit", args=["portal_editorial", "contactsettings", contact.pk])
    for client in (client_of("編輯"), officer_client):
        assert client.get(address).headers["Location"] == reverse("wagtailadmin_home")


def test_the_form_explains_itself_in_traditional_chinese() -> None:
    contact = ContactSettings.objects.create()
    address = reverse("wagtailsettings:edit", args=["portal_editorial", "contactsettings", contact.pk])
    html = client_of("總編輯").get(address).content.decode()
    for words in ("出現在每一頁的頁尾與每一封通知信。", "依序列在每一頁的頁尾", "選擇本站頁面，或在下方填寫網址，擇一。"):
        assert words in html
