"""The system check of fonts."""

import pytest

from portal.downloads.checks import fonts_are_there


def test_the_fonts_of_our_papers_are_installed() -> None:
    assert fonts_are_there() == []


def test_missing_fonts_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (warning,) = fonts_are_there()
    assert (warning.id, warning.msg) == (
        "downloads.W001",
        "fonts of permits and receipts are not installed: Noto Sans CJK TC, HanaMinA, HanaMinB",
    )
    assert warning.hint == "install the Debian packages fonts-noto-cjk and fonts-hanazono"
