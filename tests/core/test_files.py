"""Private files leave with headers that keep them private."""

from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from pytest_django import Settings

from portal.core.files import private_file_response


def _stored(name: str, content: bytes) -> FieldFile:
    storage = storages["private"]
    return FieldFile(None, FileField(storage=storage), storage.save(name, ContentFile(content)))


def test_an_attachment_is_not_cached_nor_sniffed() -> None:
    response = private_file_response(ContentFile(b"%PDF-", "x.pdf"), filename="許可證.pdf", content_type="application/pdf")

    assert isinstance(response, FileResponse)
    assert response.getvalue() == b"%PDF-"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E8%A8%B1%E5%8F%AF%E8%AD%89.pdf"


def test_a_picture_is_looked_at_in_a_sandbox() -> None:
    response = private_file_response(ContentFile(b"x", "a.png"), filename="a.png", content_type="image/png", inline=True)

    assert response.headers["Content-Disposition"] == 'inline; filename="a.png"'
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_an_inline_pdf_is_not_sandboxed_because_the_viewer_would_stay_empty() -> None:
    response = private_file_response(ContentFile(b"x", "a.pdf"), filename="a.pdf", content_type="application/pdf", inline=True)

    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; object-src 'self'")


def test_nginx_sends_a_stored_file_itself(settings: Settings) -> None:
    settings.ACCEL_REDIRECT_PREFIX = "/private/"
    file = _stored("accel/檔.pdf", b"secret")

    response = private_file_response(file, filename="檔.pdf", content_type="application/pdf")

    assert response.getvalue() == b""
    assert response.headers["X-Accel-Redirect"].startswith("/private/accel/%E6%AA%94")
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E6%AA%94.pdf"
    assert response.headers["Content-Type"] == "application/pdf"


@pytest.mark.django_db  # a closed response closes old connections
def test_a_stored_file_is_sent_by_us_without_nginx() -> None:
    response = private_file_response(_stored("plain/a.txt", b"text"), filename="a.txt", content_type="text/plain")

    with closing(response):
        assert response.getvalue() == b"text"
