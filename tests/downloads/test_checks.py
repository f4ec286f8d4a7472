"""The system checks of fonts and of signers."""

import pytest
from pytest_django import Settings

from portal.downloads.checks import earlier_papers_can_be_verified, fonts_are_there
from portal.pdf import signing_keys


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


def test_certificates_of_earlier_signers_can_be_read(settings: Settings) -> None:
    assert earlier_papers_can_be_verified() == []
    settings.DOCUMENT_SIGNERS_BEFORE = signing_keys.self_signed("an agency")
    assert earlier_papers_can_be_verified() == []
    for wrong in ("/nowhere/before.pem", "/etc/hosts", "-----BEGIN CERTIFICATE-----"):
        settings.DOCUMENT_SIGNERS_BEFORE = wrong
        assert [message.id for message in earlier_papers_can_be_verified()] == ["downloads.W003"], wrong
