"""The web server's own error pages: complete, in every language, in the design of the portal."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

CONF = Path("deploy/nginx/portal.conf").read_text(encoding="utf-8")
LANGUAGES = {"zh-hant": "zh-Hant-TW", "en": "en", "zh-hans": "zh-Hans"}


def test_every_page_that_nginx_names_is_written(tmp_path: Path) -> None:
    call_command("write_error_pages", tmp_path, verbosity=0)
    named = set(re.findall(r"/_errors/\$portal_language/(\d+\.html)", CONF))
    assert {str(page.relative_to(tmp_path)) for page in tmp_path.glob("*/*")} == {
        f"{language}/{name}" for language in LANGUAGES for name in named
    }
    assert set(re.findall(r"^\s+(?:default|\"~\S+\") (zh-hant|zh-hans|en);$", CONF, re.M)) == LANGUAGES.keys()


def test_a_page_speaks_the_language_of_its_folder(tmp_path: Path) -> None:
    call_command("write_error_pages", tmp_path, verbosity=0)
    for language, tag in LANGUAGES.items():
        html = (tmp_path / language / "413.html").read_text(encoding="utf-8")
        assert f'<html lang="{tag}">' in html
        assert '<p class="error-code" aria-hidden="true">413</p>' in html
    title = {"zh-hant": "檔案太大", "en": "The file is too large", "zh-hans": "文件太大"}
    for language, words in title.items():
        assert f"<h1>{words}</h1>" in (tmp_path / language / "413.html").read_text(encoding="utf-8")


def test_a_page_needs_no_portal_behind_it(tmp_path: Path) -> None:
    """Styles and pictures are files of /static/, which nginx sends by itself; no form, no script's call."""
    call_command("write_error_pages", tmp_path, verbosity=0)
    pages = sorted(tmp_path.glob("*/*.html"))
    assert {page.parent.name for page in pages} == LANGUAGES.keys()
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert "<form" not in html
        assert all(source.startswith("/static/") for source in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', html))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="file/zh-hant: Not a directory"):
        call_command("write_error_pages", tmp_path / "file", verbosity=0)
