"""Private files: where those are kept that have no address (applicants', issued documents, editors' documents and originals of
pictures), and the one way by which one leaves the portal."""

import os
from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.storage.base import Storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header

# A file shown in the browser gets no origin, no script and no network.
_DOWNLOAD: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
_SANDBOX: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
# Chromium's PDF viewer is a plug-in, which `sandbox` forbids; a PDF's scripts never reach the page's origin.
_PDF_VIEWER: Final = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)


def private_storage() -> Storage:
    """The `private` storage; a function, so that migrations name it and settings decide."""
    return storages["private"]


class PrivateFileSystemStorage(FileSystemStorage):
    """A folder that no web server shows. Django's own would name an address below MEDIA_URL all the same."""

    def __init__(self, location: str, **options: Any) -> None:
        """An empty location is none: Django's own would take the folder that the process was started in."""
        super().__init__(location, **options)
        self.is_placed = bool(location)

    def path(self, name: str) -> str:
        """Where the file is on disk."""
        if not self.is_placed:
            raise ImproperlyConfigured("PRIVATE_ROOT is not set: applicants' files have no place")
        return super().path(name)

    def url(self, name: str | None) -> NoReturn:
        """There is none: Wagtail knows this answer, and asks its view instead."""
        raise NotImplementedError("a private file has no address")


def private_file_response(
    file: "FieldFile | File[bytes]", *, filename: str, content_type: str, inline: bool = False
) -> HttpResponseBase:
    """The file under `filename`, to be kept (attachment) or looked at (inline); never cached, never sniffed.

    With settings.ACCEL_REDIRECT_PREFIX nginx sends the bytes of a stored file itself.
    The caller has already checked who asks.
    """
    response = _body(file, filename=filename, content_type=content_type, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Content-Security-Policy"] = _policy(content_type, inline=inline)
    return response


def _policy(content_type: str, *, inline: bool) -> str:
    if not inline:
        return _DOWNLOAD
    return _PDF_VIEWER if content_type == "application/pdf" else _SANDBOX


def _body(file: "FieldFile | File[bytes]", *, filename: str, content_type: str, inline: bool) -> HttpResponseBase:
    prefix: str = settings.ACCEL_REDIRECT_PREFIX
    if not (prefix and isinstance(file, FieldFile) and file.name):
        return FileResponse(file.open("rb"), as_attachment=not inline, filename=filename, content_type=content_type)
    response = HttpResponse(content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, filename) or "attachment"
    # The name below PRIVATE_ROOT, which is what nginx knows by the prefix.
    response.headers["X-Accel-Redirect"] = iri_to_uri(prefix + os.path.relpath(file.path, settings.PRIVATE_ROOT))
    return response
