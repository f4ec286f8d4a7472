"""Codes on paper, read back from the pixels of the page."""

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image
from pytest_django import Settings

from portal.pdf import barcodes
from portal.pdf import rendering as pdf
from tests.papers import pixels


def _read_back(tmp_path: Path, settings: Settings, picture: str, dpi: int) -> str:
    backend = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**backend, "DIRS": [tmp_path, *backend["DIRS"]]}]
    page = '<img src="{{ picture }}" alt="x" style="min-width: 28mm">'
    (tmp_path / "page.html").write_text(page)
    image = pixels(pdf.render("page.html", {"picture": picture}), dpi=dpi)
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(image)))
    return found.text


@pytest.mark.parametrize("dpi", [200, 300])
def test_code39_has_no_check_character(tmp_path: Path, settings: Settings, dpi: int) -> None:
    assert _read_back(tmp_path, settings, barcodes.code39("115150000019"), dpi) == "115150000019"


def test_code39_keeps_the_size_that_scanners_ask_for() -> None:
    drawn = unquote(barcodes.code39("1"))

    assert 'width="26.1mm" height="11mm"' in drawn  # 3 characters of 15 or 16 modules, and 6 mm of quiet on each side


@pytest.mark.parametrize("dpi", [150, 300])
def test_a_qr_code_says_its_address(tmp_path: Path, settings: Settings, dpi: int) -> None:
    address = "https://portal.example/verify/ABCDEFGHJKLMNPQRSTUV/"

    assert _read_back(tmp_path, settings, barcodes.qr_code(address), dpi) == address
