"""PDF: only our own files, only glyphs that exist, the same bytes every time."""

import logging
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pytest_django import Settings

from portal.pdf import rendering as pdf
from portal.pdf.characters import characters_of

# The made-up records hold such names.
RARE_NAMES = ["歐陽䶮", "阿不都熱依木·買買提", "朱祐樘", "王喆", "李堃", "張𠅤", "司馬琰"]
PAGE = '<html lang="zh-Hant"><head><title>{title}</title></head><body>{body}</body></html>'


@pytest.fixture(autouse=True)
def _templates(settings: Settings, tmp_path: Path) -> None:
    """Templates written by the test."""
    backend: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**backend, "DIRS": [tmp_path, *backend["DIRS"]]}]


def _page(tmp_path: Path, body: str, title: str = "試印") -> str:
    (tmp_path / "page.html").write_text(PAGE.format(title=title, body=body))
    return "page.html"


def _text(tmp_path: Path, content: bytes) -> str:
    (tmp_path / "out.pdf").write_bytes(content)
    return subprocess.run(["pdftotext", str(tmp_path / "out.pdf"), "-"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", RARE_NAMES)
def test_rare_names_are_drawn_with_their_own_glyphs(tmp_path: Path, name: str) -> None:
    content = pdf.render(_page(tmp_path, "<p>{{ name }}</p>"), {"name": name})

    assert name in _text(tmp_path, content)


def test_a_character_only_the_fallback_font_has_is_drawn(tmp_path: Path) -> None:
    character = "\U00020001"
    assert ord(character) not in characters_of("Noto Sans CJK TC")

    content = pdf.render(_page(tmp_path, "<p>{{ name }}</p>"), {"name": f"王{character}"})

    assert f"王{character}" in _text(tmp_path, content)


@pytest.mark.parametrize("draw", [pdf.render, pdf.try_out])
@pytest.mark.parametrize(("characters", "named"), [("\ue000", "U+E000"), ("\U0010fffd\u202e", "U+10FFFD, U+202E")])
def test_missing_glyphs_are_refused_and_named(tmp_path: Path, draw: Callable[..., Any], characters: str, named: str) -> None:
    with pytest.raises(pdf.GlyphMissing) as refusal:
        draw(_page(tmp_path, "<p>{{ name }}</p>"), {"name": f"王{characters}明"})

    assert refusal.value.characters == tuple(characters)
    assert str(refusal.value) == f"no font has {named}"


def test_the_same_paper_is_tried_once_and_refused_each_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    page = _page(tmp_path, "<p>{{ name }}</p>")
    with caplog.at_level(logging.INFO, logger="weasyprint.progress"):  # which tells its steps
        for name, is_laid_out in (("王小明", True), ("王小明", False), ("陳美玲", True), ("王小明", False)):
            caplog.clear()
            pdf.try_out(page, {"name": name})
            assert bool(caplog.records) is is_laid_out, name
    for _time in range(2):
        with pytest.raises(pdf.GlyphMissing):
            pdf.try_out(page, {"name": "王\ue000"})


def test_characters_that_draw_nothing_are_not_missed() -> None:
    pdf.refuse_missing_glyphs(["王\u200b小\u00ad明\ufe00\U000e0100 \u3000\n"])


@pytest.mark.parametrize(
    "source",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.png",
        "https://example.test/x.png",
        "ftp://example.test/x.png",
        "static:../../manage.py",
        "static:portal/pdf/no-such-file.svg",
        "data:text/html,<p>x</p>",
        "/etc/passwd",
    ],
)
def test_foreign_addresses_are_refused(source: str) -> None:
    with pytest.raises(pdf.ForbiddenSource):
        pdf.OwnFilesFetcher().fetch(source)


@pytest.mark.parametrize("source", ["file:///etc/passwd", "http://127.0.0.1:1/x.png"])
def test_a_template_that_asks_for_them_makes_no_document(tmp_path: Path, source: str) -> None:
    with pytest.raises(pdf.ForbiddenSource):
        pdf.render(_page(tmp_path, f'<img src="{source}" alt="x">'), {})


def test_a_picture_inside_a_picture_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    image = "<image href='file:///etc/passwd' width='1' height='1'/>"
    inner = f"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'>{image}</svg>"

    content = pdf.render(_page(tmp_path, f'<img src="{inner}" alt="x">'), {})

    assert "Failed to render SVG image" in caplog.text
    assert b"root:" not in content


def test_our_own_files_are_read() -> None:
    assert pdf.OwnFilesFetcher().fetch("static:portal/pdf/band.svg").read().startswith(b"<svg")


def test_the_same_context_gives_the_same_bytes(tmp_path: Path) -> None:
    page = _page(tmp_path, "<p>{{ name }}</p>")

    assert pdf.render(page, {"name": "王小明"}) == pdf.render(page, {"name": "王小明"})


def test_it_is_tagged_and_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "out.pdf").write_bytes(pdf.render(_page(tmp_path, "<h1>許可證</h1>"), {}))

    with pikepdf.open(tmp_path / "out.pdf") as made:
        assert made.Root.Lang == "zh-Hant"
        assert made.Root.MarkInfo.Marked is True
        assert made.open_metadata()["pdfuaid:part"] == "1"
        assert made.docinfo["/Title"] == "試印"


def test_every_font_is_embedded_and_there_is_one_face(tmp_path: Path) -> None:
    _text(tmp_path, pdf.render(_page(tmp_path, "<h1>許可證</h1><p><b>Permit</b> 123</p>"), {}))

    listed = subprocess.run(["pdffonts", str(tmp_path / "out.pdf")], check=True, capture_output=True, text=True).stdout
    faces = [line.split("+")[1].split()[0] for line in listed.splitlines()[2:]]
    assert faces == ["Noto-Sans-CJK-TC"]
    assert all(re.search(r" yes +yes +yes ", line) for line in listed.splitlines()[2:])


# Size


def _pages(tmp_path: Path, content: bytes) -> str:
    (tmp_path / "out.pdf").write_bytes(content)
    listed = subprocess.run(["pdfinfo", str(tmp_path / "out.pdf")], check=True, capture_output=True, text=True).stdout
    return re.search(r"Pages: +(\d+)", listed)[1]  # type: ignore[index]


REMARKS = '<p class="remarks">{{ name }}</p>'


@pytest.mark.parametrize("characters", [10, 4500, 6500])
def test_what_has_no_room_on_one_page_is_set_smaller(tmp_path: Path, characters: int) -> None:
    page, name = _page(tmp_path, REMARKS), "國" * characters

    content = pdf.render(page, {"name": name})

    assert _pages(tmp_path, content) == "1"
    assert _text(tmp_path, content).count("國") == characters


@pytest.mark.parametrize("draw", [pdf.render, pdf.try_out])
def test_what_needs_a_second_page_however_small_is_refused(tmp_path: Path, draw: Callable[..., Any]) -> None:
    with pytest.raises(pdf.TooLong):
        draw(_page(tmp_path, REMARKS), {"name": "國" * 8000})


def test_a_document_of_several_pages_may_have_them(tmp_path: Path) -> None:
    content = pdf.render(_page(tmp_path, "<p>{{ name }}</p>"), {"name": "國" * 8500}, one_page=False)

    assert _pages(tmp_path, content) == "3"


def test_a_document_may_be_in_another_language(tmp_path: Path) -> None:
    page = _page(tmp_path, "{% load i18n %}<p>{% translate '收件號' %}</p>")

    assert "Case number" in _text(tmp_path, pdf.render(page, {}, language="en"))
    assert "收件號" in _text(tmp_path, pdf.render(page, {}))
