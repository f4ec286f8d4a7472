"""docs/add-a-page-type.md: what it shows works as it stands, in at most forty lines."""

import re
import textwrap
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from portal.home.models import HomePage
from tests.pages import source
from tests.staff import logged_in, make_staff

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"`(tests/page_type/[^`]+)`\n\s+```\w+\n(.*?)\n\s+```", re.DOTALL)


def shown() -> dict[str, str]:
    """The files that the page shows, by name."""
    page = (ROOT / "docs" / "add-a-page-type.md").read_text()
    return {name: textwrap.dedent(f"   {text.lstrip()}").strip() for name, text in SHOWN.findall(page)}


def test_the_page_shows_the_files_of_the_page_type() -> None:
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests/page_type").rglob("*") if path.name != "__init__.py"}
    files = {name for name in files if name.endswith((".py", ".html")) and "migrations" not in name}
    assert shown().keys() == files
    for name, text in shown().items():
        assert text == (ROOT / name).read_text().strip()


def test_forty_lines_are_enough() -> None:
    lines = [line for text in shown().values() for line in text.splitlines() if line.strip()]
    assert 20 < len(lines) <= 40


@pytest.mark.usefixtures("seeded")
def test_an_editor_makes_such_a_page_and_visitors_read_it_in_every_language(client: Client) -> None:
    editor = make_staff("editor", "總編輯")
    fields = {
        "title": "臺北市服務站",
        "slug": "taipei",
        "introduction": "",
        "address": "廣州街 15 號",
        "hours": "08:00 - 17:00",
        "comments": inline_formset([]),
    }
    add = reverse("wagtailadmin_pages:add", args=["page_type", "servicecentrepage", source(HomePage).pk])
    response = logged_in(editor).post(add, {**nested_form_data(fields), "action-publish": "1"})
    assert response.status_code == 302
    for prefix in ("", "/en", "/zh-hans"):
        text = client.get(f"{prefix}/taipei/").content.decode()
        assert "<h1>臺北市服務站</h1>" in text
        assert "<dd>廣州街 15 號</dd>" in text
