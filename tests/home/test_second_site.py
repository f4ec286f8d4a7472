"""A second site in 設定, as docs/install-into-a-site.md has it for the page that stood at the root before."""

import re

import pytest
from django.test import Client
from pytest_django import Settings
from wagtail.models import Site

from portal.home.models import HomePage
from tests.pages import source

pytestmark = pytest.mark.django_db
OURS, OTHER = "http://localhost:8000", "http://second.example"


@pytest.fixture(autouse=True)
def second(seeded: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "second.example"]
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
