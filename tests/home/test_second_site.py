"""A second site in 設定, as docs/install-into-a-site.md has it for the page that stood at the root before."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from wagtail.models import Site

from portal.home.models import HomePage, StandardPage
from tests.pages import source
from tests.staff import logged_in, make_staff

from .test_publishing import GOOD, form

pytestmark = pytest.mark.django_db
OURS, OTHER = "http://localhost:8000", "http://second.example"


@pytest.fixture(autouse=True)
def second(seeded: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "second.example", "testserver"]
    ours = source(HomePage)
    page = ours.get_parent().add_child(instance=HomePage(title="第二個網站", slug="second", locale=ours.locale))
    Site.objects.create(hostname="second.example", port=80, root_page=page)


def read(client: Client, host: str, path: str) -> str:
    response = client.get(path, headers={"host": host.removeprefix("http://")})
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("host", [OURS, OTHER])
def test_the_sitemap_has_each_page_at_its_own_site(client: Client, host: str) -> None:
    found = re.findall(r'(?:<loc>|href=")(http[^<"]*)', read(client, host, "/sitemap.xml"))
    assert {f"{OURS}/", f"{OURS}/en/student/entry/", f"{OTHER}/"} <= set(found)
    assert {address for address in found if not re.fullmatch(rf"{OURS}/[a-z/-]*|{OTHER}/", address)} == set()


@pytest.mark.parametrize(("host", "path"), [(OURS, "/"), (OURS, "/en/student/entry/"), (OTHER, "/")])
def test_a_page_says_its_own_address(client: Client, host: str, path: str) -> None:
    page = read(client, host, path)
    assert f'<link rel="canonical" href="{host}{path}">' in page
    for address in re.findall(r'<link rel="alternate" hreflang="[^"]+" href="([^"]+)"', page):
        assert re.fullmatch(rf"{host}/[a-z/-]*", address)


@pytest.mark.parametrize(("slug", "status"), [("hours", 302), ("verify", 200)])
def test_an_editor_adds_pages_and_none_at_an_address_of_the_portal(slug: str, status: int) -> None:
    editor = logged_in(make_staff("editor", "總編輯"))
    home = Site.objects.get(is_default_site=True).root_page
    address = reverse("wagtailadmin_pages:add", args=["portal_home", "standardpage", home.pk])
    assert editor.post(address, form(slug, GOOD)).status_code == status
    assert StandardPage.objects.filter(slug=slug, alias_of=None).exists() == (status == 302)
